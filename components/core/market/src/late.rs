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
