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

type Change = Box<dyn Fn(&mut Terms)>;

/// What changes those terms that are said; all of them are read once.
pub fn changes(said: Option<&Bound<'_, PyDict>>) -> Result<impl Fn(&mut Terms)> {
    let mut all: Vec<Change> = Vec::new();
    for (name, value) in said.into_iter().flat_map(|said| said.iter()) {
        all.push(change(&name.extract::<String>()?, &value)?);
    }
    Ok(move |terms: &mut Terms| all.iter().for_each(|change| change(terms)))
}

fn change(name: &str, value: &Bound<'_, PyAny>) -> Result<Change> {
    if name == "status" {
        let status = Status::parse(&value.str()?.to_cow()?)?;
        return Ok(Box::new(move |terms| terms.status = status));
    }
    if let "priority" | "from_epoch" | "until_epoch" = name {
        let number = integer(value, name)?;
        return Ok(match name {
            "priority" => Box::new(move |terms| terms.priority = number),
            "from_epoch" => Box::new(move |terms| terms.from_epoch = number),
            _ => Box::new(move |terms| terms.until_epoch = number),
        });
    }
    let field: fn(&mut Terms) -> &mut Option<u64> = match name {
        "epoch_wh_max" => |terms| &mut terms.epoch_wh_max,
        "total_wh_max" => |terms| &mut terms.total_wh_max,
        "load_watts_min" => |terms| &mut terms.load_watts_min,
        "load_watts_max" => |terms| &mut terms.load_watts_max,
        _ => return unknown(name),
    };
    let limit = limit(value, name)?;
    Ok(Box::new(move |terms| *field(terms) = limit))
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
