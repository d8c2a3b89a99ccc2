//! Clearing: energy by epoch valued with the price that was valid in each epoch.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Result;
use crate::market::Market;
use crate::money::MoneyUndo;
use crate::names::check_name;
use crate::time::INTEGER_MAX;
use crate::undo::Undo;

/// The label of an epoch without one: the whole meter.
pub const WHOLE_METER: &str = "virtual_0";

/// Energy of one label at one price.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClearingLine {
    pub label: Arc<str>,
    /// None: there was no price.
    pub micro_euro_per_kwh: Option<i64>,
    pub wh: i64,
    /// Exact: a watt-hour at a micro-euro for a kilowatt-hour is a nano-euro.
    pub cost_nano_euro: i128,
}

impl ClearingLine {
    /// Rounded once, half up.
    pub fn cost_micro_euro(&self) -> i128 {
        (self.cost_nano_euro + 500).div_euclid(1000)
    }
}

/// Lines by label and price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Clearing {
    pub lines: Vec<ClearingLine>,
}

impl Clearing {
    /// The sum of its lines.
    pub fn consumption_wh(&self) -> i64 {
        self.lines.iter().map(|line| line.wh).sum()
    }

    /// The sum of its lines, exact.
    pub fn cost_nano_euro(&self) -> i128 {
        self.lines.iter().map(|line| line.cost_nano_euro).sum()
    }

    /// The sum of what its lines say, each rounded: a statement adds up.
    pub fn cost_micro_euro(&self) -> i128 {
        self.lines.iter().map(ClearingLine::cost_micro_euro).sum()
    }

    /// Energy for which there was no price.
    pub fn unpriced_wh(&self) -> i64 {
        self.lines.iter().filter(|line| line.micro_euro_per_kwh.is_none()).map(|line| line.wh).sum()
    }
}

impl Market {
    /// Values energy by epoch; the label is that of the tariff, or the one given.
    pub fn price_parts(&mut self, parts: &[(i64, i64)], label: Option<&str>) -> Result<Clearing> {
        if let Some(label) = label {
            check_name("a label", label)?;
        }
        self.change(|market| market.value_parts(parts, label))
    }

    pub(crate) fn value_parts(&mut self, parts: &[(i64, i64)], label: Option<&str>) -> Result<Clearing> {
        let mut lines: BTreeMap<(Arc<str>, Option<i64>), i64> = BTreeMap::new();
        let mut total: u64 = 0;
        for &(epoch, wh) in parts.iter().filter(|(_, wh)| *wh != 0) {
            self.state.calendar.check_epoch(epoch)?;
            total = total.saturating_add(wh.unsigned_abs());
            if total > INTEGER_MAX as u64 {
                return crate::error::refuse("range", "a clearing's energy stays below 2^53 Wh");
            }
            let label = self.label_in(epoch, label);
            let price = self.state.money.price(&label, epoch);
            self.mark_valued(&label, epoch);
            *lines.entry((label, price)).or_default() += wh;
        }
        let lines = lines.into_iter().map(|((label, micro_euro_per_kwh), wh)| {
            let cost_nano_euro = i128::from(wh) * i128::from(micro_euro_per_kwh.unwrap_or(0));
            ClearingLine { label, micro_euro_per_kwh, wh, cost_nano_euro }
        });
        Ok(Clearing { lines: lines.collect() })
    }

    fn label_in(&self, epoch: i64, label: Option<&str>) -> Arc<str> {
        match (label, self.state.money.tariff(epoch)) {
            (Some(label), _) => Arc::from(label),
            (None, Some(tariff)) => tariff.label.clone(),
            (None, None) => Arc::from(WHOLE_METER),
        }
    }

    fn mark_valued(&mut self, label: &Arc<str>, epoch: i64) {
        let old = self.state.money.valued.get(label).copied();
        if old.is_none_or(|last| last < epoch) {
            self.remember(Undo::Money(MoneyUndo::Valued(label.clone(), old)));
            self.state.money.valued.insert(label.clone(), epoch);
        }
    }
}
