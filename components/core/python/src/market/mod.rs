//! The Python face of the market.

mod contracts;
mod face;
mod meters;
mod money;
mod numbers;
mod results;
mod sealing;
mod terms;

use pyo3::prelude::*;

use crate::errors::MarketError;

/// Adds the market's classes to the module.
pub fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("MarketError", module.py().get_type::<MarketError>())?;
    module.add_class::<face::PyMarket>()?;
    module.add_class::<money::PyClearing>()?;
    module.add_class::<money::PyClearingLine>()?;
    module.add_class::<money::PyLastReading>()?;
    module.add_class::<money::PyReading>()?;
    module.add_class::<results::PyAsset>()?;
    module.add_class::<results::PyBalance>()?;
    module.add_class::<results::PyBooking>()?;
    module.add_class::<results::PyContract>()?;
    module.add_class::<results::PyLate>()?;
    module.add_class::<results::PyPeer>()?;
    module.add_class::<results::PyPosting>()?;
    module.add_class::<results::PySettled>()?;
    module.add_class::<sealing::PyBatch>()?;
    module.add_class::<sealing::PyBatchContent>()?;
    module.add_class::<sealing::PyEpochSealing>()?;
    module.add_class::<sealing::PySealChain>()?;
    module.add_class::<sealing::PySealing>()?;
    module.add_class::<sealing::PySigner>()?;
    module.add_function(wrap_pyfunction!(sealing::py_verify_certificate, module)?)
}
