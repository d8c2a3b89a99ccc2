//! Readings and clearings as Python objects.

use joulebus_market::clearing::{Clearing, ClearingLine};
use joulebus_market::reading::ReadingDone;
use pyo3::prelude::*;

/// The last reading of a register.
#[pyclass(name = "LastReading", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyLastReading {
    pub time_ms: i64,
    pub reading_wh: u64,
}

/// What became of a reading.
#[pyclass(name = "Reading", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyReading {
    pub status: &'static str,
    /// `time` or `reading`, when it was refused.
    pub reason: Option<&'static str>,
    pub sentence: Option<String>,
    pub consumption_wh: i64,
    pub parts: Vec<(i64, i64)>,
    pub late: Vec<u64>,
    pub clearing: Option<Py<PyClearing>>,
}

#[pymethods]
impl PyReading {
    fn first_parts(&self, most: usize) -> Vec<(i64, i64)> {
        self.parts.iter().take(most).copied().collect()
    }
}

impl PyReading {
    pub fn new(py: Python<'_>, done: ReadingDone) -> PyResult<PyReading> {
        let nothing = |status, reason, sentence| {
            let (parts, late) = (Vec::new(), Vec::new());
            PyReading { status, reason, sentence, consumption_wh: 0, parts, late, clearing: None }
        };
        Ok(match done {
            ReadingDone::First => nothing("first", None, None),
            ReadingDone::Refused(reason, sentence) => nothing("refused", Some(reason), Some(sentence)),
            ReadingDone::Booked(done) => PyReading {
                consumption_wh: done.wh,
                parts: done.parts,
                late: done.late,
                clearing: Some(Py::new(py, PyClearing::new(py, &done.clearing)?)?),
                ..nothing("ok", None, None)
            },
        })
    }
}

/// Energy of one label at one price.
#[pyclass(name = "ClearingLine", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyClearingLine {
    pub label: String,
    pub micro_euro_per_kwh: Option<i64>,
    pub wh: i64,
    pub cost_nano_euro: i128,
    pub cost_micro_euro: i128,
}

impl From<&ClearingLine> for PyClearingLine {
    fn from(line: &ClearingLine) -> PyClearingLine {
        PyClearingLine {
            label: line.label.to_string(),
            micro_euro_per_kwh: line.micro_euro_per_kwh,
            wh: line.wh,
            cost_nano_euro: line.cost_nano_euro,
            cost_micro_euro: line.cost_micro_euro(),
        }
    }
}

/// Energy valued with the prices that were valid.
#[pyclass(name = "Clearing", module = "joulebus_core._core", frozen, get_all)]
#[allow(missing_docs)]
pub struct PyClearing {
    pub consumption_wh: i64,
    pub lines: Vec<Py<PyClearingLine>>,
    pub cost_nano_euro: i128,
    pub cost_micro_euro: i128,
    pub unpriced_wh: i64,
}

impl PyClearing {
    pub fn new(py: Python<'_>, clearing: &Clearing) -> PyResult<PyClearing> {
        Ok(PyClearing {
            consumption_wh: clearing.consumption_wh(),
            lines: clearing
                .lines
                .iter()
                .map(|line| Py::new(py, PyClearingLine::from(line)))
                .collect::<PyResult<_>>()?,
            cost_nano_euro: clearing.cost_nano_euro(),
            cost_micro_euro: clearing.cost_micro_euro(),
            unpriced_wh: clearing.unpriced_wh(),
        })
    }
}
