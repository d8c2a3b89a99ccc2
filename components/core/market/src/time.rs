//! Epochs on the time line, and the spread of an amount over them.

use crate::error::{Result, refuse};
use crate::share::shares;

/// The largest integer that every JSON reader keeps.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;
/// The year 10000 begins.
const SECONDS_END: i64 = 253_402_300_800;
/// More than a century of quarters of an hour.
const EPOCHS_MAX: i64 = 4_000_000;

/// Length of epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Seconds of an epoch.
    pub epoch_seconds: i64,
}

impl Calendar {
    /// A calendar whose epochs have 1 s to a day.
    pub fn new(epoch_seconds: i64) -> Result<Calendar> {
        if !(1..=86_400).contains(&epoch_seconds) {
            return refuse("range", format!("an epoch has 1 to 86400 s; not {epoch_seconds}"));
        }
        Ok(Calendar { epoch_seconds })
    }

    /// The same epoch, when it lies in the years 1970 to 9999.
    pub fn check_epoch(&self, epoch: i64) -> Result<i64> {
        let end = SECONDS_END / self.epoch_seconds;
        if (0..=end).contains(&epoch) {
            return Ok(epoch);
        }
        refuse(
            "range",
            format!(
                "an epoch of {} s is numbered from 1970 on, 0 to {end}; {epoch} is none (unix seconds // {0} gives one)",
                self.epoch_seconds
            ),
        )
    }

    /// The same instant, when it lies in the years 1970 to 9999.
    pub fn check_time(&self, unix_milliseconds: i64) -> Result<i64> {
        if (0..SECONDS_END * 1000).contains(&unix_milliseconds) {
            return Ok(unix_milliseconds);
        }
        refuse("range", format!("a time is in unix milliseconds, 1970 to 9999; {unix_milliseconds} is none"))
    }

    /// The amount spread linearly over the half-open [start, end): one part for each epoch that it touches, also parts of 0.
    pub fn spread(&self, wh: u64, start_milliseconds: i64, end_milliseconds: i64) -> Result<Vec<(i64, u64)>> {
        let (start, end) = (self.check_time(start_milliseconds)?, self.check_time(end_milliseconds)?);
        if end <= start {
            return refuse("time", format!("an interval ends after it starts; this one goes from {start} to {end} ms"));
        }
        let length = self.epoch_seconds * 1000;
        let (first, last) = (start / length, (end - 1) / length);
        if last - first >= EPOCHS_MAX {
            return refuse(
                "range",
                format!(
                    "an interval touches at most {EPOCHS_MAX} epochs, but {start} to {end} ms is longer: read in between, \
                     or have longer epochs"
                ),
            );
        }
        let overlap = |epoch: i64| (end.min((epoch + 1) * length) - start.max(epoch * length)) as u64;
        let weights: Vec<u64> = (first..=last).map(overlap).collect();
        Ok((first..=last).zip(shares(wh, &weights)).collect())
    }
}
