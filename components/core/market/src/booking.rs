//! Booking what was metered: the rule says between whom, a sealed book says no.

use std::sync::Arc;

use crate::asset::AssetKind;
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::metered::{Late, Register, Value};
use crate::names::check_source;
use crate::posting::{Kind, NO_EPOCH, Posting};
use crate::state::Counters;
use crate::time::INTEGER_MAX;
use crate::undo::Undo;

/// What became of a metered value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booked {
    /// It was booked.
    Posted(Posting),
    /// It was 0.
    Nothing,
    /// Somebody is sealed; the sentence says who.
    Late(u64, String),
}

impl Market {
    /// Books a metered value; an unknown meter is made.
    pub fn add_settlement(
        &mut self,
        meter: &str,
        epoch: i64,
        wh: i64,
        register: Register,
        co2_mg: u64,
        source: Option<&str>,
    ) -> Result<Booked> {
        let source = check_source(source)?.map(Arc::from);
        self.change(|market| {
            let meter = market.asset_or_new(meter, AssetKind::Meter)?;
            market.book(Value { meter, epoch, wh, register, co2_mg, source, original_epoch: NO_EPOCH })
        })
    }

    /// Books a value, or puts it on the late list.
    pub(crate) fn book(&mut self, value: Value) -> Result<Booked> {
        self.check_value(&value)?;
        let Some(posting) = self.posting_of(&value)? else { return Ok(Booked::Nothing) };
        match self.why_late(value.epoch, &posting) {
            None => {
                self.post(value.epoch, posting.clone())?;
                Ok(Booked::Posted(posting))
            }
            Some(sentence) => Ok(Booked::Late(self.add_late(value), sentence)),
        }
    }

    /// Range and kind of a value.
    pub(crate) fn check_value(&self, value: &Value) -> Result<()> {
        self.state.calendar.check_epoch(value.epoch)?;
        if !(-INTEGER_MAX..=INTEGER_MAX).contains(&value.wh) || value.co2_mg > INTEGER_MAX as u64 {
            let (wh, co2_mg) = (value.wh, value.co2_mg);
            return refuse("range", format!("energy and CO2 are integers below 2^53; not {wh} Wh and {co2_mg} mg"));
        }
        self.check_posts(value.meter, "be metered").map(drop)
    }

    /// The posting that a value is, if it is not 0.
    pub(crate) fn posting_of(&self, value: &Value) -> Result<Option<Posting>> {
        // A correction goes where the value would have gone, though its meter stands elsewhere by now.
        let epoch = if value.original_epoch == NO_EPOCH { value.epoch } else { value.original_epoch };
        let Some((bought_from, sold_to)) = self.state.assets.upstream_in(value.meter, epoch) else {
            let name = self.state.assets.name(value.meter);
            return refuse(
                "root",
                format!("{name:?} is the root where everything ends: it has no upstream to be metered against"),
            );
        };
        if value.wh == 0 {
            return Ok(None);
        }
        let rule = self.state.assets.rule_in(value.meter, epoch);
        let is_generator = rule.from.is_none() && rule.to.is_some();
        let consumes = match value.register {
            Register::Import => value.wh > 0,
            Register::Export => value.wh < 0,
            Register::Rule => (value.wh > 0) != is_generator,
        };
        let (from, to) = if consumes { (bought_from, value.meter) } else { (value.meter, sold_to) };
        let kind = if value.original_epoch == NO_EPOCH { Kind::Meter } else { Kind::Correction };
        let mut posting = Posting::new(kind, from, to, value.wh.unsigned_abs(), consumes);
        posting.co2_mg = value.co2_mg;
        posting.source = value.source.clone();
        posting.original_epoch = value.original_epoch;
        Ok(Some(posting))
    }

    /// Why a posting cannot be booked in an epoch any more.
    pub(crate) fn why_late(&self, epoch: i64, posting: &Posting) -> Option<String> {
        if self.is_closed(epoch) {
            return Some(format!("epoch {epoch} is sealed whole: the value waits on the late list for a correction"));
        }
        let book = self.state.books.get(&epoch)?;
        let owner = posting.owner();
        let sealed = [owner, posting.other(owner)].into_iter().find(|&side| book.is_sealed(side))?;
        let name = self.state.assets.name(sealed);
        Some(format!("{name:?} is sealed in epoch {epoch}: the value waits on the late list for a correction"))
    }

    pub(crate) fn add_late(&mut self, value: Value) -> u64 {
        let number = self.state.counters.late_next;
        self.count(Counters { late_next: number + 1, ..self.state.counters });
        self.remember(Undo::Late(number, None));
        self.state.lates.insert(number, Late { number, value });
        number
    }
}
