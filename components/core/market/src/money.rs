//! Tariffs and prices: labels of epochs, and prices that are valid from an epoch on.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a tariff says of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Tariff {
    pub label: Arc<str>,
    pub co2_grams_per_kwh: i64,
}

/// Equal tariffs of epochs that follow each other, up to and without the end.
pub type TariffRun = (i64, Tariff);

/// Tariffs, prices, and what they were used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Money {
    /// By first epoch. Neighbours differ, so fifty years of day and night stay small.
    pub runs: BTreeMap<i64, TariffRun>,
    /// Micro-euro for a kilowatt-hour, by label and first epoch.
    pub prices: BTreeMap<Arc<str>, BTreeMap<i64, i64>>,
    /// The last epoch that was valued, by label.
    pub valued: BTreeMap<Arc<str>, i64>,
}

/// One step back.
#[derive(Debug)]
pub(crate) enum MoneyUndo {
    Run(i64, Option<TariffRun>),
    Price(Arc<str>, i64, Option<i64>),
    Valued(Arc<str>, Option<i64>),
}

impl Money {
    /// What a tariff says of an epoch.
    pub fn tariff(&self, epoch: i64) -> Option<&Tariff> {
        self.run(epoch).map(|(_, _, tariff)| tariff)
    }

    /// The run in which an epoch lies: first epoch, end, tariff.
    pub(crate) fn run(&self, epoch: i64) -> Option<(i64, i64, &Tariff)> {
        let (&first, (end, tariff)) = self.runs.range(..=epoch).next_back()?;
        (epoch < *end).then_some((first, *end, tariff))
    }

    /// The price that is valid in an epoch.
    pub fn price(&self, label: &str, epoch: i64) -> Option<i64> {
        self.prices.get(label)?.range(..=epoch).next_back().map(|(_, &price)| price)
    }

    pub(crate) fn undo(&mut self, undo: MoneyUndo) {
        match undo {
            MoneyUndo::Run(first, run) => restore(&mut self.runs, first, run),
            MoneyUndo::Valued(label, epoch) => restore(&mut self.valued, label, epoch),
            MoneyUndo::Price(label, epoch, price) => {
                let prices = self.prices.entry(label.clone()).or_default();
                restore(prices, epoch, price);
                if prices.is_empty() {
                    self.prices.remove(&label);
                }
            }
        }
    }
}

fn restore<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}
