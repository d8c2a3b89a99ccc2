//! Reading the terms of a contract.

use joulebus_market::contract::{Status, Terms};
use joulebus_market::error::refuse as market_refuse;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::Result;
use crate::series::to_integer;

/// The terms of a contract of which nothing is said.
pub const UNLIMITED: Terms = Terms {
    priority: Some(0),
    epoch_wh_max: None,
    total_wh_max: None,
    load_watts_min: None,
    load_watts_max: None,
    from_epoch: None,
    until_epoch: None,
    status: Status::Active,
};

/// The terms, with those changed that are said.
pub fn changed(terms: &Terms, changes: Option<&Bound<'_, PyDict>>) -> Result<Terms> {
    let mut terms = terms.clone();
    for (name, value) in changes.into_iter().flat_map(|changes| changes.iter()) {
        let name: String = name.extract()?;
        match name.as_str() {
            "priority" => terms.priority = integer(&value, &name)?,
            "epoch_wh_max" => terms.epoch_wh_max = limit(&value, &name)?,
            "total_wh_max" => terms.total_wh_max = limit(&value, &name)?,
            "load_watts_min" => terms.load_watts_min = limit(&value, &name)?,
            "load_watts_max" => terms.load_watts_max = limit(&value, &name)?,
            "from_epoch" => terms.from_epoch = integer(&value, &name)?,
            "until_epoch" => terms.until_epoch = integer(&value, &name)?,
            "status" => terms.status = Status::parse(&value.str()?.to_cow()?)?,
            _ => return unknown(&name),
        }
    }
    Ok(terms)
}

fn unknown<T>(name: &str) -> Result<T> {
    let known =
        "priority, epoch_wh_max, total_wh_max, load_watts_min, load_watts_max, from_epoch, until_epoch and status";
    Ok(market_refuse("terms", format!("the terms of a contract are {known}; not {name}"))?)
}

fn integer(value: &Bound<'_, PyAny>, name: &str) -> Result<Option<i64>> {
    if value.is_none() { Ok(None) } else { to_integer(value, name).map(Some) }
}

fn limit(value: &Bound<'_, PyAny>, name: &str) -> Result<Option<u64>> {
    match integer(value, name)?.map(u64::try_from) {
        None => Ok(None),
        Some(Ok(limit)) => Ok(Some(limit)),
        Some(Err(_)) => Ok(market_refuse("range", format!("{name} is 0 or more; it is {value}"))?),
    }
}
