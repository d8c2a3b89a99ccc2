//! The Python face of the ledger: converts, maps errors, decides nothing.
// pyo3 writes unsafe code for us; we write none.
#![deny(unsafe_code)]

mod errors;
mod fields;
mod functions;
mod market;
mod results;
mod series;
mod settle;
mod words;

use pyo3::prelude::*;

/// The counting of a home in whole joules.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("CoreError", module.py().get_type::<errors::CoreError>())?;
    module.add_class::<results::PyColumn>()?;
    module.add_class::<results::PyGrantedRuns>()?;
    module.add_class::<results::PySeal>()?;
    module.add_class::<results::PySettlement>()?;
    module.add_class::<settle::PyLedger>()?;
    fields::add(module)?;
    market::add(module)?;
    functions::add(module)
}
