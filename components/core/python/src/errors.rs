//! The one mapping of the ledger's errors to Python.

use joulebus_ledger::journal::JournalError;
use joulebus_ledger::ledger::LedgerError;
use joulebus_ledger::math::MathError;
use joulebus_ledger::poa::PoaError;
use joulebus_ledger::refusal::OfferError;
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

pyo3::create_exception!(
    joulebus_core._core,
    MarketError,
    CoreError,
    "Bad input to the market; `reason` says in one word which."
);

/// Why a call is refused.
#[derive(Debug)]
pub enum Refusal {
    /// The core refused the input.
    Core(String),
    /// The market refused the input.
    Market(joulebus_market::error::MarketError),
    /// Python itself failed while the input was read.
    Python(PyErr),
}

/// A result at the border.
pub type Result<T> = std::result::Result<T, Refusal>;

impl From<Refusal> for PyErr {
    fn from(refusal: Refusal) -> PyErr {
        match refusal {
            Refusal::Core(message) => CoreError::new_err(message),
            Refusal::Market(error) => market_error(&error),
            Refusal::Python(error) => error,
        }
    }
}

fn market_error(error: &joulebus_market::error::MarketError) -> PyErr {
    let raised = MarketError::new_err(error.message.clone());
    let done = Python::attach(|py| raised.value(py).setattr("reason", error.reason));
    done.map_or_else(|failed| failed, |()| raised)
}

impl From<joulebus_market::error::MarketError> for Refusal {
    fn from(error: joulebus_market::error::MarketError) -> Refusal {
        Refusal::Market(error)
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
