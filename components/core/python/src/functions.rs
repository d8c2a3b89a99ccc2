//! Functions beside the ledger: columns, series, and numbers that every machine computes alike.

use joulebus_ledger::journal::{self, Column};
use joulebus_ledger::math;
use joulebus_ledger::poa::{self, Plane, Sky};
use joulebus_ledger::steps::{self, Span, Step};
use joulebus_ledger::tally::{self, Wiring};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};

use crate::errors::{Result, refuse};
use crate::series;

/// A column as Python gives and takes it.
type Triple = (String, String, Vec<(u64, u64)>);

/// (from, to, runs) of a settlement's columns, sorted.
#[pyfunction(name = "decode_columns")]
fn py_decode_columns(columns: &[u8]) -> Result<Vec<Triple>> {
    let columns = journal::decode(columns)?;
    Ok(columns.into_iter().map(|column| (column.from, column.to, column.runs)).collect())
}

/// Columns as a settlement has them.
#[pyfunction(name = "encode_columns")]
fn py_encode_columns<'py>(py: Python<'py>, columns: &Bound<'py, PyAny>) -> Result<Bound<'py, PyBytes>> {
    let mut all = Vec::new();
    for column in columns.try_iter()? {
        let (from, to, runs) = column?.extract::<(String, String, Bound<'_, PyAny>)>()?;
        let runs = series::runs(&runs)?.into_iter().map(unsigned).collect::<Result<_>>()?;
        all.push(Column { from, to, runs });
    }
    Ok(PyBytes::new(py, &journal::encode(&all)?))
}

fn unsigned((count, joules): (i64, i64)) -> Result<(u64, u64)> {
    match (u64::try_from(count), u64::try_from(joules)) {
        (Ok(count), Ok(joules)) => Ok((count, joules)),
        _ => refuse(format!("a run has 1 tick and 0 J or more; one is ({count}, {joules})")),
    }
}

/// Pairs of accounts, and as int64 in the order of this machine: joules by cell and pair, joules by cell, source and sink.
type Tallied<'py> = (Vec<(String, String)>, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// Joules of a settlement's columns in cells of consecutive ticks.
#[pyfunction(name = "tally_columns")]
fn py_tally_columns<'py>(
    py: Python<'py>,
    columns: &[u8],
    ends: &Bound<'py, PyAny>,
    busbar: String,
    grids: Vec<String>,
    stores: Vec<String>,
) -> Result<Tallied<'py>> {
    let wiring = Wiring { busbar, grids: grids.into_iter().collect(), stores: stores.into_iter().collect() };
    let ends = series::integers(ends, "ends")?;
    let done = py.detach(|| tally::tally(columns, &ends, &wiring))?;
    Ok((done.pairs, integer_bytes(py, &done.sums), integer_bytes(py, &done.flows)))
}

fn integer_bytes<'py>(py: Python<'py>, integers: &[i64]) -> Bound<'py, PyBytes> {
    let bytes: Vec<u8> = integers.iter().flat_map(|integer| integer.to_ne_bytes()).collect();
    PyBytes::new(py, &bytes)
}

/// A series as int64 joules per tick and the carry.
#[pyfunction(name = "expand")]
fn py_expand<'py>(
    series: &Bound<'py, PyAny>,
    ticks: i64,
    tick_seconds: i64,
) -> Result<(Bound<'py, PyMemoryView>, i64)> {
    series::expand(series, ticks, tick_seconds)
}

/// exp(-seconds / tau) in units of 2**-52.
#[pyfunction(name = "decay_q52")]
fn py_decay_q52(seconds: i64, tau_milliseconds: i64) -> Result<i64> {
    Ok(math::decay_q52(seconds, tau_milliseconds)?)
}

/// The first 8 bytes of sha256 over seed, name and number.
#[pyfunction(name = "random_u64")]
fn py_random_u64(seed: i128, name: &str, number: i128) -> u64 {
    math::random_u64(seed, name, number)
}

macro_rules! functions {
    ($($bound:ident $name:literal ($($argument:ident),*) = $function:path;)*) => {
        $(
            #[doc = concat!("libm's ", $name, ": the same on every machine.")]
            #[pyfunction(name = $name)]
            fn $bound($($argument: f64),*) -> f64 {
                $function($($argument),*)
            }
        )*
    };
}

functions! {
    py_exp "exp" (x) = math::exp;
    py_log "log" (x) = math::log;
    py_sin "sin" (x) = math::sin;
    py_cos "cos" (x) = math::cos;
    py_acos "acos" (x) = math::acos;
    py_atan2 "atan2" (y, x) = math::atan2;
    py_pow "pow" (x, y) = math::pow;
}

/// Runs of ticks with the sum of steps (begins, ends, value) over the seconds of each tick.
#[pyfunction(name = "integrate")]
fn py_integrate(steps: Vec<Step>, unix_seconds: i64, ticks: i64, tick_seconds: i64) -> Result<Vec<(i64, i64)>> {
    Ok(steps::integrate(&steps, Span { unix_seconds, ticks, tick_seconds })?)
}

/// Joules in each tick of power that steps from milliwatts to milliwatts, as runs.
#[pyfunction(name = "joule_runs")]
fn py_joule_runs(steps: Vec<Step>, unix_seconds: i64, ticks: i64, tick_seconds: i64) -> Result<Vec<(i64, i64)>> {
    Ok(steps::joules(&steps, Span { unix_seconds, ticks, tick_seconds })?)
}

/// Plane-of-array irradiance in mW/m2: beam, Hay-Davies sky and ground.
#[pyfunction(name = "poa_global")]
#[allow(clippy::too_many_arguments)]
fn py_poa_global(
    zenith_udeg: &Bound<'_, PyAny>,
    azimuth_udeg: &Bound<'_, PyAny>,
    ghi_mw: &Bound<'_, PyAny>,
    dni_mw: &Bound<'_, PyAny>,
    dhi_mw: &Bound<'_, PyAny>,
    tilt_mdeg: i64,
    surface_azimuth_mdeg: i64,
    albedo_ppm: i64,
    day_of_year: &Bound<'_, PyAny>,
) -> Result<Vec<i64>> {
    let sky = Sky {
        zenith_udeg: &series::integers(zenith_udeg, "zenith_udeg")?,
        azimuth_udeg: &series::integers(azimuth_udeg, "azimuth_udeg")?,
        ghi_mw: &series::integers(ghi_mw, "ghi_mw")?,
        dni_mw: &series::integers(dni_mw, "dni_mw")?,
        dhi_mw: &series::integers(dhi_mw, "dhi_mw")?,
        day_of_year: &series::integers(day_of_year, "day_of_year")?,
    };
    let plane = Plane { tilt_mdeg, azimuth_mdeg: surface_azimuth_mdeg, albedo_ppm };
    Ok(poa::poa_global(sky, plane)?)
}

/// Adds all functions to the module.
pub fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(py_decode_columns, module)?)?;
    module.add_function(wrap_pyfunction!(py_encode_columns, module)?)?;
    module.add_function(wrap_pyfunction!(py_tally_columns, module)?)?;
    module.add_function(wrap_pyfunction!(py_expand, module)?)?;
    module.add_function(wrap_pyfunction!(py_decay_q52, module)?)?;
    module.add_function(wrap_pyfunction!(py_random_u64, module)?)?;
    module.add_function(wrap_pyfunction!(py_exp, module)?)?;
    module.add_function(wrap_pyfunction!(py_log, module)?)?;
    module.add_function(wrap_pyfunction!(py_sin, module)?)?;
    module.add_function(wrap_pyfunction!(py_cos, module)?)?;
    module.add_function(wrap_pyfunction!(py_acos, module)?)?;
    module.add_function(wrap_pyfunction!(py_atan2, module)?)?;
    module.add_function(wrap_pyfunction!(py_pow, module)?)?;
    module.add_function(wrap_pyfunction!(py_integrate, module)?)?;
    module.add_function(wrap_pyfunction!(py_joule_runs, module)?)?;
    module.add_function(wrap_pyfunction!(py_poa_global, module)?)
}
