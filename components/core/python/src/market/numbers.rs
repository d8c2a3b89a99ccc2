//! Integers as arguments, refused in words when they are none.

use joulebus_market::error::{MarketError, refuse};
use pyo3::prelude::*;

use crate::errors::{Refusal, Result};

/// An integer of 64 bits.
pub struct Integer(pub i64);

/// An integer of 64 bits, 0 or more.
pub struct Natural(pub u64);

fn refusal(value: &Bound<'_, PyAny>, what: &str) -> PyErr {
    let message = format!("energy, CO2, readings, times and epochs are {what}; this is {value}");
    PyErr::from(Refusal::Market(MarketError { reason: "range", message }))
}

impl Natural {
    /// A number that is 0 or more.
    pub fn new(number: i64) -> Result<Natural> {
        match u64::try_from(number) {
            Ok(number) => Ok(Natural(number)),
            Err(_) => Ok(refuse("range", format!("CO2 is 0 mg or more; this is {number}"))?),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Integer {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Integer> {
        let number = value.extract::<i64>();
        number.map(Integer).map_err(|_| refusal(&value, "integers of 64 bits"))
    }
}

impl<'py> FromPyObject<'_, 'py> for Natural {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Natural> {
        let number = value.extract::<u64>();
        number.map(Natural).map_err(|_| refusal(&value, "integers of 64 bits, 0 or more where they have no direction"))
    }
}
