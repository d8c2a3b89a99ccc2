//! Many values at once: columns across the border, one operation.

use std::sync::Arc;

use crate::asset::AssetKind;
use crate::booking::Booked;
use crate::error::{Result, refuse};
use crate::grouping::AssetChange;
use crate::market::Market;
use crate::metered::{Register, Value};
use crate::names::check_source;
use crate::posting::NO_EPOCH;

/// Values as columns; all are as long as `meters`.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Columns<'a> {
    /// One epoch for all, or one for each.
    pub epochs: &'a [i64],
    /// Handles.
    pub meters: &'a [i64],
    pub wh: &'a [i64],
    pub co2_mg: Option<&'a [i64]>,
    pub source: Option<&'a str>,
}

/// What became of many values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Settled {
    pub booked: u64,
    pub nothing: u64,
    /// Numbers on the late list.
    pub late: Vec<u64>,
}

impl Market {
    /// Books many metered values, all or none.
    pub fn add_settlements(&mut self, columns: Columns) -> Result<Settled> {
        let count = columns.meters.len();
        let is_even = columns.wh.len() == count && columns.co2_mg.is_none_or(|co2| co2.len() == count);
        if !is_even || !(columns.epochs.len() == 1 || columns.epochs.len() == count) {
            return refuse(
                "range",
                format!("columns are equally long; there are {count} meters, {} Wh", columns.wh.len()),
            );
        }
        let source: Option<Arc<str>> = check_source(columns.source)?.map(Arc::from);
        self.change(|market| {
            match *columns.epochs {
                [epoch] if columns.wh.iter().any(|&wh| wh != 0) && !market.is_closed(epoch) => {
                    market.open_book(market.state.calendar.check_epoch(epoch)?).reserve(count);
                }
                _ => {}
            }
            let mut settled = Settled::default();
            for at in 0..count {
                let value = market.value_at(&columns, at, &source)?;
                match market.book(value)? {
                    Booked::Posted(_) => settled.booked += 1,
                    Booked::Nothing => settled.nothing += 1,
                    Booked::Late(number, _) => settled.late.push(number),
                }
            }
            Ok(settled)
        })
    }

    fn value_at(&self, columns: &Columns, at: usize, source: &Option<Arc<str>>) -> Result<Value> {
        let co2_mg = columns.co2_mg.map_or(0, |co2| co2[at]);
        let Ok(co2_mg) = u64::try_from(co2_mg) else {
            return refuse("range", format!("CO2 is 0 mg or more; value {at} has {co2_mg} mg"));
        };
        Ok(Value {
            meter: self.handle(columns.meters[at])?,
            epoch: columns.epochs[if columns.epochs.len() == 1 { 0 } else { at }],
            wh: columns.wh[at],
            register: Register::Rule,
            co2_mg,
            source: source.clone(),
            original_epoch: NO_EPOCH,
        })
    }

    /// A number from outside as a handle.
    pub fn handle(&self, number: i64) -> Result<u32> {
        match u32::try_from(number) {
            Ok(handle) if (handle as usize) < self.state.assets.count() => Ok(handle),
            _ => refuse("unknown_asset", format!("there is no asset with the handle {number}")),
        }
    }

    /// Makes or changes many assets of one kind, all or none; columns of names, and of upstreams on both sides.
    pub fn upsert_assets(
        &mut self,
        kind: AssetKind,
        names: &[String],
        froms: &[Option<String>],
        tos: &[Option<String>],
    ) -> Result<u64> {
        let count = names.len();
        if froms.len() != count || tos.len() != count {
            return refuse("range", format!("columns are equally long; there are {count} assets, not as many sides"));
        }
        self.change(|market| {
            for ((name, from), to) in names.iter().zip(froms).zip(tos) {
                let rule = Some((from.as_deref(), to.as_deref()));
                market.upsert(name, AssetChange { kind: Some(kind), rule, ..AssetChange::default() })?;
            }
            Ok(count as u64)
        })
    }
}
