//! What Python gets back.

use joulebus_ledger::dispatch::Flows;
use joulebus_ledger::laying::{SINKS, SOURCES};
use joulebus_ledger::outcome::Outcome;
use joulebus_ledger::seal::{Seal, SealedColumn, hex};
use pyo3::exceptions::PyIndexError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

/// One pair of accounts in one sealed epoch.
#[pyclass(name = "Column", module = "joulebus_core._core", frozen)]
pub struct PyColumn {
    column: SealedColumn,
}

#[pymethods]
impl PyColumn {
    #[getter]
    fn account_from(&self) -> &str {
        &self.column.from
    }

    #[getter]
    fn account_to(&self) -> &str {
        &self.column.to
    }

    #[getter]
    fn joules(&self) -> u128 {
        self.column.sum
    }

    #[getter]
    fn moment(&self) -> u128 {
        self.column.moment
    }

    #[getter]
    fn hash(&self) -> String {
        hex(&self.column.hash)
    }
}

/// An epoch's transfers, chained to the seal before.
#[pyclass(name = "Seal", module = "joulebus_core._core", frozen)]
pub struct PySeal {
    seal: Seal,
}

impl From<Seal> for PySeal {
    fn from(seal: Seal) -> PySeal {
        PySeal { seal }
    }
}

#[pymethods]
impl PySeal {
    #[getter]
    fn epoch(&self) -> i64 {
        self.seal.epoch
    }

    #[getter]
    fn first_tick(&self) -> i64 {
        self.seal.first_tick
    }

    #[getter]
    fn ticks(&self) -> i64 {
        self.seal.ticks
    }

    #[getter]
    fn previous(&self) -> String {
        hex(&self.seal.previous)
    }

    #[getter]
    fn hash(&self) -> String {
        hex(&self.seal.hash)
    }

    #[getter]
    fn columns(&self) -> Vec<PyColumn> {
        self.seal.columns.iter().map(|column| PyColumn { column: column.clone() }).collect()
    }
}

/// Runs of (count, joules) that become Python's when they are read: there are thousands per day, and few are ever read.
#[pyclass(name = "GrantedRuns", module = "joulebus_core._core", frozen, sequence)]
pub struct PyGrantedRuns {
    runs: Vec<(i64, i64)>,
}

#[pymethods]
impl PyGrantedRuns {
    fn __len__(&self) -> usize {
        self.runs.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<(i64, i64)> {
        let place = if index < 0 { index + self.runs.len() as isize } else { index };
        let run = usize::try_from(place).ok().and_then(|place| self.runs.get(place));
        run.copied().ok_or_else(|| PyIndexError::new_err("there is no such run"))
    }
}

/// What was committed for a window (or for its first ticks).
#[pyclass(name = "Settlement", module = "joulebus_core._core", frozen, get_all)]
pub struct PySettlement {
    /// The window's first tick.
    pub start: i64,
    /// Committed ticks.
    pub ticks: i64,
    /// By device: the fields of joulebus_schemas.offers.Outcome.
    pub outcomes: Py<PyDict>,
    /// Joules by (source, sink).
    pub flows: Py<PyDict>,
    /// The posted columns, for the journal.
    pub columns: Py<PyBytes>,
    /// The seals of the epochs that the window completed.
    pub seals: Vec<Py<PySeal>>,
}

/// Seals as Python objects.
pub fn seals(py: Python<'_>, seals: Vec<Seal>) -> PyResult<Vec<Py<PySeal>>> {
    seals.into_iter().map(|seal| Py::new(py, PySeal::from(seal))).collect()
}

/// Joules by (source, sink).
pub fn flows<'py>(py: Python<'py>, flows: &Flows) -> PyResult<Bound<'py, PyDict>> {
    let all = PyDict::new(py);
    for (source, sinks) in SOURCES.iter().zip(flows) {
        for (sink, joules) in SINKS.iter().zip(sinks) {
            all.set_item((source, sink), joules)?;
        }
    }
    Ok(all)
}

/// Outcomes by device.
pub fn outcomes(py: Python<'_>, outcomes: Vec<(String, Outcome)>) -> PyResult<Bound<'_, PyDict>> {
    let all = PyDict::new(py);
    for (device, outcome) in outcomes {
        all.set_item(device, fields(py, outcome)?)?;
    }
    Ok(all)
}

macro_rules! set {
    ($dict:expr, $outcome:expr, $($field:ident),*) => {
        $($dict.set_item(intern!($dict.py(), stringify!($field)), $outcome.$field)?;)*
    };
}

fn fields(py: Python<'_>, outcome: Outcome) -> PyResult<Bound<'_, PyDict>> {
    let all = PyDict::new(py);
    set!(all, outcome, joules_in, joules_out, unserved_joules, served_later_joules, curtailed_joules);
    let granted = outcome.granted.map(|runs| Py::new(py, PyGrantedRuns { runs })).transpose()?;
    all.set_item(intern!(py, "granted"), granted)?;
    set!(
        all,
        outcome,
        carry,
        level_microjoules,
        standby_carry_microjoules,
        heat_joules,
        heat_microjoules,
        on,
        owed_joules
    );
    set!(all, outcome, driven_joules, charged_joules, discharged_joules, session_joules);
    set!(all, outcome, carry_microjoules, night_carry_microjoules);
    set!(all, outcome, import_cost_micro_euro, export_income_micro_euro, import_carry, export_carry);
    Ok(all)
}
