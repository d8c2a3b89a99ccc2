//! The one mapping of the ledger's errors to Python.

use joulebus_ledger::check::OfferError;
use joulebus_ledger::journal::JournalError;
use joulebus_ledger::ledger::LedgerError;
use joulebus_ledger::math::MathError;
use joulebus_ledger::poa::PoaError;
use joulebus_ledger::series::SeriesError;
use joulebus_ledger::steps::StepError;
use joulebus_ledger::tally::TallyError;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pyo3::create_exception!(
    joulebus_core._core,
    CoreError,
    PyValueError,
    "Bad input to the core: what must hold, what was, and where."
);

/// Why a call is refused.
#[derive(Debug)]
pub enum Refusal {
    /// The core refused the input.
    Core(String),
    /// Python itself failed while the input was read.
    Python(PyErr),
}

/// A result at the border.
pub type Result<T> = std::result::Result<T, Refusal>;

impl From<Refusal> for PyErr {
    fn from(refusal: Refusal) -> PyErr {
        match refusal {
            Refusal::Core(message) => CoreError::new_err(message),
            Refusal::Python(error) => error,
        }
    }
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Refusal {
        Refusal::Python(error)
    }
}

macro_rules! map {
    ($($error:ty),*) => {
        $(impl From<$error> for Refusal {
            fn from(error: $error) -> Refusal {
                Refusal::Core(error.to_string())
            }
        })*
    };
}

map!(JournalError, LedgerError, MathError, OfferError, PoaError, SeriesError, StepError, TallyError);

/// A refusal in words.
pub fn refuse<T>(message: impl Into<String>) -> Result<T> {
    Err(Refusal::Core(message.into()))
}
