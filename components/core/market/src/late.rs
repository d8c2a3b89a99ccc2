//! Late values: what came for an epoch that was sealed, until a correction in an open epoch settles it.

use std::sync::Arc;

use crate::asset::AssetKind;
use crate::booking::Booked;
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::metered::{Late, Register, Value};
use crate::names::check_source;
use crate::posting::NO_EPOCH;
use crate::undo::Undo;

/// Which late values are meant; what is left out is not asked for.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct LateFilter<'a> {
    pub meter: Option<&'a str>,
    pub from_epoch: Option<i64>,
    pub until_epoch: Option<i64>,
    pub from_number: Option<u64>,
    pub until_number: Option<u64>,
}

impl Market {
    /// What waits, the oldest first.
    pub fn lates(&self) -> impl ExactSizeIterator<Item = &Late> {
        self.state.lates.values()
    }

    /// Puts a value on the late list that cannot be booked, whatever the reason; an unknown meter is made.
    pub fn postpone(
        &mut self,
        meter: &str,
        epoch: i64,
        wh: i64,
        register: Register,
        source: Option<&str>,
    ) -> Result<u64> {
        let source = check_source(source)?.map(Arc::from);
        self.change(|market| {
            let epoch = market.state.calendar.check_epoch(epoch)?;
            let meter = market.asset_or_new(meter, AssetKind::Meter)?;
            Ok(market.add_late(Value { meter, epoch, wh, register, co2_mg: 0, source, original_epoch: NO_EPOCH }))
        })
    }

    /// Books a late value in an open epoch; the posting names the original epoch. It stays where it is when that epoch is sealed, too.
    pub fn correct_late(&mut self, number: u64, epoch: i64) -> Result<Booked> {
        self.change(|market| {
            let original = market.late(number)?.value.clone();
            let named = if original.original_epoch >= 0 { original.original_epoch } else { original.epoch };
            let value = Value { epoch, original_epoch: named, ..original };
            market.check_value(&value)?;
            let posting = market.posting_of(&value)?.expect("what is late is not 0");
            if let Some(sentence) = market.why_late(epoch, &posting) {
                return Ok(Booked::Late(number, sentence));
            }
            market.post(epoch, posting.clone())?;
            market.forget_late(number);
            Ok(Booked::Posted(posting))
        })
    }

    /// Takes a late value off the list without booking it.
    pub fn dismiss_late(&mut self, number: u64) -> Result<Late> {
        self.change(|market| {
            let late = market.late(number)?.clone();
            market.forget_late(number);
            Ok(late)
        })
    }

    /// Takes all late values off the list that are meant, and gives back the first ones and how many they were.
    pub fn dismiss_lates(&mut self, filter: &LateFilter, shown_max: usize) -> Result<(u64, Vec<Late>)> {
        self.change(|market| {
            let meter = filter.meter.map(|meter| market.state.assets.known(meter)).transpose()?;
            let numbers = filter.from_number.unwrap_or(0)..filter.until_number.unwrap_or(u64::MAX);
            if numbers.is_empty() {
                return Ok((0, Vec::new()));
            }
            let is_meant = |late: &&Late| {
                meter.is_none_or(|meter| late.value.meter == meter)
                    && filter.from_epoch.is_none_or(|from| from <= late.value.epoch)
                    && filter.until_epoch.is_none_or(|until| late.value.epoch < until)
            };
            let meant = || market.state.lates.range(numbers.clone()).map(|(_, late)| late).filter(is_meant);
            let shown = meant().take(shown_max).cloned().collect();
            let found: Vec<u64> = meant().map(|late| late.number).collect();
            found.iter().for_each(|&number| market.forget_late(number));
            Ok((found.len() as u64, shown))
        })
    }

    fn late(&self, number: u64) -> Result<&Late> {
        match self.state.lates.get(&number) {
            Some(late) => Ok(late),
            None => refuse("unknown_late", format!("there is no late value {number}: it was settled, or never was")),
        }
    }

    fn forget_late(&mut self, number: u64) {
        let late = self.state.lates.remove(&number).map(Box::new);
        self.remember(Undo::Late(number, late));
    }
}
