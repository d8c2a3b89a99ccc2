//! Reading series, and giving them back without a copy.

use joulebus_ledger::knots::{Knots, Rounding};
use joulebus_ledger::series::{JOULES_MAX, Series};
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView, PyString, PyTuple};

use crate::errors::{Refusal, Result, refuse};

/// An attribute as an integer of 64 bits.
macro_rules! integer {
    ($object:expr, $name:literal) => {
        crate::series::to_integer(&crate::series::attribute!($object, $name)?, $name)
    };
}

/// An attribute, looked up by a name that Python keeps.
macro_rules! attribute {
    ($object:expr, $name:literal) => {
        $object.getattr(pyo3::intern!($object.py(), $name))
    };
}

pub(crate) use {attribute, integer};

/// An integer of 64 bits.
pub fn to_integer(value: &Bound<'_, PyAny>, what: &str) -> Result<i64> {
    value.extract::<i64>().or_else(|_| refuse(format!("{what} is an integer of 64 bits; it is {value}")))
}

/// Integers out of a sequence or any buffer of int64.
pub fn integers(values: &Bound<'_, PyAny>, what: &str) -> Result<Vec<i64>> {
    if let Ok(tuple) = values.cast::<PyTuple>() {
        return tuple.iter().map(|value| to_integer(&value, what)).collect();
    }
    if let Ok(buffer) = PyBuffer::<i64>::get(values) {
        return Ok(buffer.to_vec(values.py())?);
    }
    values
        .extract::<Vec<i64>>()
        .or_else(|_| refuse(format!("{what} are integers of 64 bits, as a sequence or a buffer of int64")))
}

/// A series of the words, or any buffer of int64.
pub fn read(series: &Bound<'_, PyAny>) -> Result<Series> {
    let Ok(form) = attribute!(series, "form") else {
        return Ok(Series::Each(integers(series, "values")?));
    };
    let form = form.cast_into::<PyString>().map_err(|error| Refusal::Python(error.into()))?;
    match form.to_cow()?.as_ref() {
        "run_lengths" => Ok(Series::RunLengths(runs(&attribute!(series, "run_lengths")?)?)),
        "each" => Ok(Series::Each(integers(&attribute!(series, "values")?, "values")?)),
        "knots" => Ok(Series::Knots(knots(series)?)),
        other => refuse(format!("a series has the form run_lengths, each or knots; this one has {other:?}")),
    }
}

/// A series that may be left out.
pub fn read_optional(series: &Bound<'_, PyAny>) -> Result<Option<Series>> {
    if series.is_none() { Ok(None) } else { read(series).map(Some) }
}

/// Pairs of (count, value).
pub fn runs(runs: &Bound<'_, PyAny>) -> Result<Vec<(i64, i64)>> {
    let mut pairs = Vec::with_capacity(runs.len().unwrap_or(0));
    for run in runs.try_iter()? {
        let run = run?;
        let Ok(pair) = run.extract::<(i64, i64)>() else {
            return refuse(format!("a run is (number of ticks, value), integers of 64 bits; one is {run}"));
        };
        pairs.push(pair);
    }
    Ok(pairs)
}

fn knots(series: &Bound<'_, PyAny>) -> Result<Knots> {
    Ok(Knots {
        grid_seconds: integer!(series, "grid_seconds")?,
        lead_seconds: integer!(series, "lead_seconds")?,
        milliwatts: integers(&attribute!(series, "milliwatts")?, "milliwatts")?,
        carry: integer!(series, "carry")?,
    })
}

/// A series as int64 joules per tick, written where Python keeps them, and the carry.
pub fn expand<'py>(
    series: &Bound<'py, PyAny>,
    ticks: i64,
    tick_seconds: i64,
) -> Result<(Bound<'py, PyMemoryView>, i64)> {
    let (py, series) = (series.py(), read(series)?);
    if !(1..=86_400).contains(&ticks) || !(1..=86_400).contains(&tick_seconds) {
        return refuse(format!("a window has 1 to 86400 ticks of 1 to 86400 s; not {ticks} of {tick_seconds} s"));
    }
    series.check(ticks, tick_seconds, -JOULES_MAX, JOULES_MAX)?;
    let mut cursor = series.cursor(Rounding::Carry);
    let bytes = PyBytes::new_with(py, ticks as usize * 8, |bytes| {
        let mut part = [0i64; 512];
        for chunk in bytes.chunks_mut(512 * 8) {
            let part = &mut part[..chunk.len() / 8];
            series.fill(&mut cursor, tick_seconds, part);
            for (eight, joules) in chunk.chunks_exact_mut(8).zip(part) {
                eight.copy_from_slice(&joules.to_ne_bytes());
            }
        }
        Ok(())
    })?;
    let view = PyMemoryView::from(bytes.as_any())?.call_method1("cast", ("q",))?;
    Ok((view.cast_into().map_err(|error| Refusal::Python(error.into()))?, cursor.carry))
}
