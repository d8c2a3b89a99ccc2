//! Readings: cumulative registers, whose differences are spread over the epochs between.

use std::sync::Arc;

use crate::asset::AssetKind;
use crate::booking::Booked;
use crate::clearing::Clearing;
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::metered::{ReadingChain, ReadingKey, Register, Value};
use crate::names::check_source;
use crate::posting::NO_EPOCH;
use crate::time::INTEGER_MAX;
use crate::undo::Undo;

/// A reading that comes in.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct NewReading<'a> {
    pub meter: &'a str,
    pub register: Register,
    pub time_milliseconds: i64,
    pub reading_wh: u64,
    /// The size of the register: after it comes 0.
    pub rollover_wh: Option<u64>,
    pub source: Option<&'a str>,
}

/// What became of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingDone {
    /// The first of its register: nothing was consumed yet.
    First,
    /// It does not follow the one before: reason (`time` or `reading`) and sentence. Nothing has changed.
    Refused(&'static str, String),
    /// Its difference was booked.
    Booked(Consumption),
}

/// A difference of readings over the epochs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Consumption {
    pub wh: i64,
    pub parts: Vec<(i64, i64)>,
    /// Numbers on the late list.
    pub late: Vec<u64>,
    pub clearing: Clearing,
}

impl Market {
    /// The last reading of a register.
    pub fn last_reading(&self, meter: u32, register: Register) -> Option<&ReadingChain> {
        self.state.readings.get(&(meter, register))
    }

    /// Takes a reading and books what was consumed since the last one.
    pub fn update_reading(&mut self, new: &NewReading) -> Result<ReadingDone> {
        self.check_reading(new)?;
        self.change(|market| market.take_reading(new))
    }

    /// Another meter from now on: the old one's last reading is booked, the new one starts with its first.
    pub fn exchange_meter(&mut self, last: &NewReading, first_wh: u64) -> Result<ReadingDone> {
        self.check_reading(&NewReading { reading_wh: first_wh, ..*last })?;
        self.change(|market| {
            let meter = market.state.assets.known(last.meter)?;
            if !market.state.readings.contains_key(&(meter, last.register)) {
                return refuse(
                    "reading",
                    format!("{:?} was never read: its first reading needs no exchange", last.meter),
                );
            }
            let done = market.take_reading(last)?;
            if let ReadingDone::Booked(_) = done {
                market.put_reading((meter, last.register), last.time_milliseconds, first_wh, None);
            }
            Ok(done)
        })
    }

    /// The last reading was wrong: books the difference epoch by epoch.
    pub fn correct_reading(
        &mut self,
        meter: &str,
        register: Register,
        reading_wh: u64,
        source: Option<&str>,
    ) -> Result<ReadingDone> {
        self.change(|market| {
            let key = (market.state.assets.known(meter)?, register);
            let Some(old) = market.state.readings.get(&key).copied() else {
                return refuse("reading", format!("{meter:?} was never read: there is nothing to correct"));
            };
            let new = NewReading {
                meter,
                register,
                time_milliseconds: old.time_milliseconds,
                reading_wh,
                rollover_wh: None,
                source,
            };
            market.check_reading(&new)?;
            let Some((start, before_wh)) = old.last else {
                market.put_reading(key, old.time_milliseconds, reading_wh, None);
                return Ok(ReadingDone::First);
            };
            let after_wh = before_wh as i64 + reading_wh as i64 - old.reading_wh as i64;
            let Ok(after_wh) = u64::try_from(after_wh) else {
                let sentence =
                    format!("a register never runs backwards: {reading_wh} Wh is less than the reading before");
                return Ok(ReadingDone::Refused("reading", sentence));
            };
            market.put_reading(key, old.time_milliseconds, reading_wh, Some((start, after_wh)));
            let before = market.state.calendar.spread(before_wh, start, old.time_milliseconds)?;
            let after = market.state.calendar.spread(after_wh, start, old.time_milliseconds)?;
            let parts =
                before.iter().zip(&after).map(|(&(epoch, was), &(_, is))| (epoch, is as i64 - was as i64)).collect();
            market.consume(key, parts, source).map(ReadingDone::Booked)
        })
    }

    fn take_reading(&mut self, new: &NewReading) -> Result<ReadingDone> {
        let meter = self.asset_or_new(new.meter, AssetKind::Meter)?;
        self.check_posts(meter, "be read")?;
        let Some(old) = self.state.readings.get(&(meter, new.register)).copied() else {
            self.put_reading((meter, new.register), new.time_milliseconds, new.reading_wh, None);
            return Ok(ReadingDone::First);
        };
        let wh = match difference(&old, new) {
            Ok(wh) => wh,
            Err((reason, sentence)) => return Ok(ReadingDone::Refused(reason, sentence)),
        };
        let last = (old.time_milliseconds, wh);
        self.put_reading((meter, new.register), new.time_milliseconds, new.reading_wh, Some(last));
        let parts = self.state.calendar.spread(wh, old.time_milliseconds, new.time_milliseconds)?;
        let parts = parts.into_iter().map(|(epoch, wh)| (epoch, wh as i64)).collect();
        self.consume((meter, new.register), parts, new.source).map(ReadingDone::Booked)
    }

    fn check_reading(&self, new: &NewReading) -> Result<()> {
        self.state.calendar.check_time(new.time_milliseconds)?;
        check_source(new.source)?;
        let most = INTEGER_MAX as u64;
        if new.reading_wh > most || new.rollover_wh.is_some_and(|size| !(1..=most).contains(&size)) {
            return refuse("range", format!("a reading is in Wh, 0 to 2^53 - 1; not {}", new.reading_wh));
        }
        Ok(())
    }

    fn put_reading(&mut self, key: ReadingKey, time_milliseconds: i64, reading_wh: u64, last: Option<(i64, u64)>) {
        let old = self.state.readings.insert(key, ReadingChain { time_milliseconds, reading_wh, last });
        self.remember(Undo::Reading(key, old));
    }

    fn consume(&mut self, key: ReadingKey, parts: Vec<(i64, i64)>, source: Option<&str>) -> Result<Consumption> {
        let (meter, register) = key;
        let source: Option<Arc<str>> = source.map(Arc::from);
        let mut late = Vec::new();
        for &(epoch, wh) in &parts {
            // A gram for a kilowatt-hour is a milligram for a watt-hour.
            let factor = self.state.money.tariff(epoch).map_or(0, |tariff| tariff.co2_grams_per_kwh);
            let Some(co2_mg) = wh.unsigned_abs().checked_mul(factor as u64) else {
                return refuse("range", format!("the CO2 of {wh} Wh at {factor} g/kWh does not fit"));
            };
            let value = Value { meter, epoch, wh, register, co2_mg, source: source.clone(), original_epoch: NO_EPOCH };
            if let Booked::Late(number, _) = self.book(value)? {
                late.push(number);
            }
        }
        let clearing = self.value_parts(&parts, None)?;
        Ok(Consumption { wh: parts.iter().map(|(_, wh)| wh).sum(), parts, late, clearing })
    }
}

fn difference(old: &ReadingChain, new: &NewReading) -> std::result::Result<u64, (&'static str, String)> {
    if new.time_milliseconds <= old.time_milliseconds {
        let (last, time) = (old.time_milliseconds, new.time_milliseconds);
        return Err((
            "time",
            format!("a reading is later than the one before, which was at {last} ms; this one is at {time} ms"),
        ));
    }
    match (new.reading_wh.checked_sub(old.reading_wh), new.rollover_wh) {
        (Some(wh), _) => Ok(wh),
        (None, Some(size)) if old.reading_wh < size => Ok(size - old.reading_wh + new.reading_wh),
        (None, _) => Err((
            "reading",
            format!(
                "a register never runs backwards: it stood at {} Wh, and now at {} Wh; after a rollover say its size, \
                 after an exchange say so",
                old.reading_wh, new.reading_wh
            ),
        )),
    }
}
