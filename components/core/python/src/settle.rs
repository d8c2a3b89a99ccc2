//! The ledger as Python sees it.

use std::collections::BTreeMap;

use joulebus_ledger::ledger::Ledger;
use joulebus_ledger::seal::hex;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping};

use crate::errors::Result;
use crate::results::{PySeal, PySettlement, flows, outcomes, seals};
use crate::words;

/// Joules by (from, to).
type PairSums = BTreeMap<(String, String), u128>;

/// The accounts of one home from its first tick on.
#[pyclass(name = "Ledger", module = "joulebus_core._core")]
pub struct PyLedger {
    ledger: Ledger,
}

#[pymethods]
impl PyLedger {
    #[new]
    fn py_new(home: &str, start_unix_seconds: i64, tick_seconds: i64) -> Result<PyLedger> {
        Ok(PyLedger { ledger: Ledger::new(home, start_unix_seconds, tick_seconds)? })
    }

    #[getter]
    fn next_tick(&self) -> i64 {
        self.ledger.books().next_tick
    }

    /// The hash of the last seal; 64 zeros before the first.
    #[getter]
    fn head(&self) -> String {
        hex(&self.ledger.books().head)
    }

    /// Dispatch a window, post it and seal what it completes. Nothing changes when it raises.
    #[pyo3(name = "settle")]
    fn py_settle(
        &mut self,
        py: Python<'_>,
        start: i64,
        ticks: i64,
        offers: &Bound<'_, PyMapping>,
    ) -> Result<PySettlement> {
        let offers = words::offers(offers)?;
        let settlement = py.detach(|| self.ledger.settle(start, ticks, &offers))?;
        Ok(PySettlement {
            start: settlement.start,
            ticks: settlement.ticks,
            outcomes: outcomes(py, settlement.outcomes)?.unbind(),
            flows: flows(py, &settlement.flows)?.unbind(),
            columns: PyBytes::new(py, &settlement.columns).unbind(),
            seals: seals(py, settlement.seals)?,
        })
    }

    /// Post what an earlier settlement put into the journal; checks every tick's zero sum.
    #[pyo3(name = "post")]
    fn py_post(&mut self, py: Python<'_>, start: i64, ticks: i64, columns: &[u8]) -> Result<Vec<Py<PySeal>>> {
        let posted = py.detach(|| self.ledger.post(start, ticks, columns))?;
        Ok(seals(py, posted)?)
    }

    /// The same as the hashes of the seals, and the joules of each pair of accounts: for who counts again what another has counted.
    #[pyo3(name = "recount")]
    fn py_recount(
        &mut self,
        py: Python<'_>,
        start: i64,
        ticks: i64,
        columns: &[u8],
    ) -> Result<(Vec<String>, PairSums)> {
        let (seals, sums) = py.detach(|| self.ledger.recount(start, ticks, columns))?;
        let hashes = seals.iter().map(|seal| hex(&seal.hash)).collect();
        Ok((hashes, sums.into_iter().map(|(from, to, joules)| ((from, to), joules)).collect()))
    }

    /// Joules by account; they sum to 0.
    #[pyo3(name = "balances")]
    fn py_balances(&self) -> BTreeMap<String, i128> {
        self.ledger.books().balances.clone()
    }

    /// All of the ledger's memory: balances, head, the open epoch.
    #[pyo3(name = "snapshot")]
    fn py_snapshot<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.ledger.snapshot())
    }

    /// A ledger as it was when the snapshot was taken.
    #[staticmethod]
    #[pyo3(name = "restore")]
    fn py_restore(snapshot: &[u8]) -> Result<PyLedger> {
        Ok(PyLedger { ledger: Ledger::restore(snapshot)? })
    }
}
