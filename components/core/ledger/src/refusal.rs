//! Why offers are refused, in words.

use thiserror::Error;

use crate::curve::CurveError;
use crate::policy::PolicyError;
use crate::series::SeriesError;

/// The most offers of a window.
pub const OFFERS_MAX: usize = 1000;
/// The most ticks of a window.
pub const TICKS_MAX: i64 = 86_400;
const DARK: &str = "an offer must straddle zero, so that a home can always go dark";

/// What must hold for offers.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum OfferError {
    #[error("a name is a lower case letter and up to 31 letters, digits and _; {name:?} is not")]
    Name { name: String },
    #[error("{name} is an account of the ledger; a device needs another name")]
    Reserved { name: String },
    #[error("a window has at most {OFFERS_MAX} offers; this one has {count}")]
    Count { count: usize },
    #[error("a home has exactly one inverter; this one has {count}: {names}")]
    Inverters { count: usize, names: String },
    #[error("a home has at most one grid; this one has {count}: {names}")]
    Grids { count: usize, names: String },
    #[error("{device}: {what}: {source}")]
    Series { device: String, what: &'static str, source: SeriesError },
    #[error("{DARK}: {device} wants least {least} in tick {tick}")]
    Least { device: String, least: i64, tick: i64 },
    #[error("{DARK}: {device} wants most {most} in tick {tick}")]
    Most { device: String, most: i64, tick: i64 },
    #[error(
        "an offer wants between its least and its most: {device} wants {want} between {least} and {most} in tick {tick}"
    )]
    Want { device: String, least: i64, want: i64, most: i64, tick: i64 },
    #[error("a flow on the DC side only produces; {device} could consume")]
    Consumes { device: String },
    #[error("only a load waits, or takes all or nothing; {device} could produce")]
    Waits { device: String },
    #[error("a flow with an origin only produces; {device} could consume")]
    OriginConsumes { device: String },
    #[error("an origin is an account that moves no joule itself; {origin}, the origin of {device}, is no such account")]
    Origin { device: String, origin: String },
    #[error("{device}: {what} lies between {least} and {most}; it is {value}")]
    Number { device: String, what: &'static str, value: i64, least: i64, most: i64 },
    #[error("the corners of a taper rise in level; those of {device} do not from {level} J on")]
    Taper { device: String, level: i64 },
    #[error("{device}: the runs of a thermal mass add up to {expected} s; these have {actual}")]
    ThermalRuns { device: String, expected: i64, actual: i64 },
    #[error("{device}: {source}")]
    Curve { device: String, source: CurveError },
    #[error("{device}: {source}")]
    Policy { device: String, source: PolicyError },
}

/// Refuses a number out of its limits.
pub fn number(device: &str, what: &'static str, value: i64, least: i64, most: i64) -> Result<(), OfferError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(OfferError::Number { device: device.to_owned(), what, value, least, most })
}
