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

/// Tariffs, prices, and what they were used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Money {
    pub tariff: BTreeMap<i64, Tariff>,
    /// Micro-euro for a kilowatt-hour, by label and first epoch.
    pub prices: BTreeMap<Arc<str>, BTreeMap<i64, i64>>,
    /// The last epoch that was valued, by label.
    pub valued: BTreeMap<Arc<str>, i64>,
}

/// One step back.
#[derive(Debug)]
pub(crate) enum MoneyUndo {
    Tariff(i64, Option<Tariff>),
    Price(Arc<str>, i64, Option<i64>),
    Valued(Arc<str>, Option<i64>),
}

impl Money {
    /// The price that is valid in an epoch.
    pub fn price(&self, label: &str, epoch: i64) -> Option<i64> {
        self.prices.get(label)?.range(..=epoch).next_back().map(|(_, &price)| price)
    }

    pub(crate) fn undo(&mut self, undo: MoneyUndo) {
        match undo {
            MoneyUndo::Tariff(epoch, tariff) => restore(&mut self.tariff, epoch, tariff),
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
