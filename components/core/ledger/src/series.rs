//! Integers along the ticks of a window, in the three forms that devices use.

use thiserror::Error;

use crate::knots::{Knots, Rounding};

/// The most joules that may move in a tick, and the most that any series may name: 10^12.
pub const JOULES_MAX: i64 = 1_000_000_000_000;
/// The largest integer of the words: 2^53 - 1.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// What must hold for a series.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SeriesError {
    /// Too few or too many ticks.
    #[error("a series covers its window of {expected} ticks; this one has {actual}")]
    Length { expected: i64, actual: i64 },
    /// A run of no ticks.
    #[error("a run has at least 1 tick; run {index} has {count}")]
    EmptyRun { index: usize, count: i64 },
    /// A value that is out of bounds.
    #[error("a value lies between {least} and {most}; tick {tick} of the window has {value}")]
    Value { tick: i64, value: i64, least: i64, most: i64 },
    /// A knot that is out of bounds.
    #[error("a knot lies between {least} and {most} mW; knot {index} has {value}")]
    Knot { index: usize, value: i64, least: i64, most: i64 },
    /// Knots that end before the window.
    #[error("knots cover the window: they reach {reach} s after its start, the window has {needed} s")]
    Cover { reach: i64, needed: i64 },
    /// A grid that is no grid.
    #[error("a grid of knots has 1 to 86400 s between knots, a lead of 0 to 86399 s and 2 knots or more")]
    Grid,
    /// A carry of another grid.
    #[error("a carry is what is left of a joule: at least 0 and below {unit}, but it is {carry}")]
    Carry { carry: i64, unit: i64 },
}

/// A series as a device gave it.
#[derive(Clone, Debug)]
pub enum Series {
    /// (number of ticks, value in each of them).
    RunLengths(Vec<(i64, i64)>),
    /// One value for each tick.
    Each(Vec<i64>),
    /// Power between knots.
    Knots(Knots),
}

/// How far a series has been read.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    tick: i64,
    run: usize,
    used: i64,
    /// What the knots left over.
    pub carry: i64,
    rounding: Rounding,
}

impl Series {
    /// The same value in each tick.
    pub fn constant(value: i64, ticks: i64) -> Series {
        Series::RunLengths(vec![(ticks, value)])
    }

    /// Refuses what does not cover the window or leaves `least..=most` joules per tick.
    pub fn check(&self, ticks: i64, tick_seconds: i64, least: i64, most: i64) -> Result<(), SeriesError> {
        match self {
            Series::RunLengths(runs) => check_runs(runs, ticks, least, most),
            Series::Each(values) => check_each(values, ticks, least, most),
            Series::Knots(knots) => check_knots(knots, ticks, tick_seconds, least, most),
        }
    }

    /// True when no tick is below zero. Only for a checked series.
    pub fn is_never_negative(&self) -> bool {
        self.values().iter().all(|&value| value >= 0)
    }

    /// True when no tick is above zero. Only for a checked series.
    pub fn is_never_positive(&self) -> bool {
        match self {
            Series::RunLengths(runs) => runs.iter().all(|&(_, value)| value <= 0),
            other => other.values().iter().all(|&value| value <= 0),
        }
    }

    fn values(&self) -> std::borrow::Cow<'_, [i64]> {
        match self {
            Series::RunLengths(runs) => runs.iter().map(|&(_, value)| value).collect::<Vec<_>>().into(),
            Series::Each(values) => values.as_slice().into(),
            Series::Knots(knots) => knots.milliwatts.as_slice().into(),
        }
    }

    /// A cursor at the window's start.
    pub fn cursor(&self, rounding: Rounding) -> Cursor {
        let carry = match self {
            Series::Knots(knots) if rounding == Rounding::Carry => knots.carry,
            _ => 0,
        };
        Cursor { tick: 0, run: 0, used: 0, carry, rounding }
    }

    /// The next ticks as runs, when the series has this form: much less to read than tick by tick.
    pub fn next_runs(&self, cursor: &mut Cursor, ticks: usize, out: &mut Vec<(i64, i64)>) -> bool {
        let Series::RunLengths(runs) = self else { return false };
        out.clear();
        let mut left = ticks as i64;
        while left > 0 {
            let (count, value) = runs[cursor.run];
            let taken = (count - cursor.used).min(left);
            out.push((taken, value));
            left -= taken;
            cursor.skip(taken, count);
        }
        cursor.tick += ticks as i64;
        true
    }

    /// Writes the next ticks. Only for a checked series.
    pub fn fill(&self, cursor: &mut Cursor, tick_seconds: i64, out: &mut [i64]) {
        match self {
            Series::RunLengths(runs) => fill_runs(runs, cursor, out),
            Series::Each(values) => out.copy_from_slice(&values[cursor.tick as usize..][..out.len()]),
            Series::Knots(knots) => {
                cursor.carry = knots.fill(cursor.tick, cursor.carry, tick_seconds, cursor.rounding, out);
            }
        }
        cursor.tick += out.len() as i64;
    }
}

impl Cursor {
    /// Goes on by some ticks of a run of `count`.
    fn skip(&mut self, ticks: i64, count: i64) {
        self.used += ticks;
        if self.used == count {
            self.run += 1;
            self.used = 0;
        }
    }
}

fn fill_runs(runs: &[(i64, i64)], cursor: &mut Cursor, out: &mut [i64]) {
    let mut done = 0;
    while done < out.len() {
        let (count, value) = runs[cursor.run];
        let take = ((count - cursor.used) as usize).min(out.len() - done);
        out[done..done + take].fill(value);
        done += take;
        cursor.skip(take as i64, count);
    }
}

fn check_runs(runs: &[(i64, i64)], ticks: i64, least: i64, most: i64) -> Result<(), SeriesError> {
    let mut tick = 0i64;
    for (index, &(count, value)) in runs.iter().enumerate() {
        if count < 1 {
            return Err(SeriesError::EmptyRun { index, count });
        }
        if value < least || value > most {
            return Err(SeriesError::Value { tick, value, least, most });
        }
        tick = tick.saturating_add(count);
    }
    check_length(ticks, tick)
}

fn check_each(values: &[i64], ticks: i64, least: i64, most: i64) -> Result<(), SeriesError> {
    check_length(ticks, values.len() as i64)?;
    match values.iter().position(|&value| value < least || value > most) {
        Some(tick) => Err(SeriesError::Value { tick: tick as i64, value: values[tick], least, most }),
        None => Ok(()),
    }
}

fn check_length(expected: i64, actual: i64) -> Result<(), SeriesError> {
    if actual == expected { Ok(()) } else { Err(SeriesError::Length { expected, actual }) }
}

fn check_knots(knots: &Knots, ticks: i64, tick_seconds: i64, least: i64, most: i64) -> Result<(), SeriesError> {
    let day = 86_400;
    if !(1..=day).contains(&knots.grid_seconds) || !(0..day).contains(&knots.lead_seconds) || knots.milliwatts.len() < 2
    {
        return Err(SeriesError::Grid);
    }
    if knots.carry < 0 || knots.carry >= knots.unit() {
        return Err(SeriesError::Carry { carry: knots.carry, unit: knots.unit() });
    }
    let reach = (knots.milliwatts.len() as i64 - 1).saturating_mul(knots.grid_seconds) - knots.lead_seconds;
    let needed = ticks * tick_seconds;
    if reach < needed {
        return Err(SeriesError::Cover { reach, needed });
    }
    check_power(knots, least.saturating_mul(1000) / tick_seconds, most.saturating_mul(1000) / tick_seconds)
}

fn check_power(knots: &Knots, least: i64, most: i64) -> Result<(), SeriesError> {
    match knots.milliwatts.iter().position(|&power| power < least || power > most) {
        Some(index) => Err(SeriesError::Knot { index, value: knots.milliwatts[index], least, most }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_reads_the_same_in_any_pieces() {
        let series = Series::RunLengths(vec![(2, 5), (1, -1), (4, 0)]);
        let mut whole = [0; 7];
        series.fill(&mut series.cursor(Rounding::Carry), 1, &mut whole);
        let mut cursor = series.cursor(Rounding::Carry);
        let mut pieces = Vec::new();
        for size in [1, 2, 3, 1] {
            let mut piece = vec![0; size];
            series.fill(&mut cursor, 1, &mut piece);
            pieces.extend(piece);
        }
        assert_eq!(whole.to_vec(), pieces);
    }

    #[test]
    fn a_series_that_is_too_short_is_refused() {
        let bounds = (-JOULES_MAX, JOULES_MAX);
        let refused = |series: Series| series.check(3, 60, bounds.0, bounds.1).unwrap_err().to_string();
        assert_eq!(refused(Series::constant(1, 2)), "a series covers its window of 3 ticks; this one has 2");
        let knots = Knots { grid_seconds: 60, lead_seconds: 30, milliwatts: vec![0; 4], carry: 0 };
        assert!(refused(Series::Knots(knots)).starts_with("knots cover the window: they reach 150 s"));
    }
}
