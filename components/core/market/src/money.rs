//! Tariffs and prices: labels of epochs, and prices that are valid from an epoch on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Result, refuse};
use crate::market::Market;
use crate::names::check_name;
use crate::undo::Undo;

/// A million euro for a kilowatt-hour.
const PRICE_MAX: i64 = 1_000_000_000_000;
/// A hundred kilograms of CO2 for a kilowatt-hour.
const CO2_MAX: i64 = 100_000;
/// A century of quarters of an hour.
const TARIFF_EPOCHS_MAX: usize = 3_600_000;

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

impl Market {
    /// Tariffs and prices, to be read.
    pub fn money(&self) -> &Money {
        &self.money
    }

    /// Says what epochs are labelled, from one on. What was said never changes.
    pub fn set_tariff(&mut self, first_epoch: i64, labels: &[String], co2: Option<&[i64]>) -> Result<()> {
        if co2.is_some_and(|co2| co2.len() != labels.len()) {
            return refuse(
                "range",
                format!("there is a CO2 factor for each label: {} labels have not as many", labels.len()),
            );
        }
        self.change(|market| {
            for (at, label) in labels.iter().enumerate() {
                let epoch = market.calendar.check_epoch(first_epoch + at as i64)?;
                let co2_grams_per_kwh = co2.map_or(0, |co2| co2[at]);
                if !(0..=CO2_MAX).contains(&co2_grams_per_kwh) {
                    return refuse(
                        "range",
                        format!("CO2 is 0 to {CO2_MAX} g/kWh; epoch {epoch} has {co2_grams_per_kwh}"),
                    );
                }
                let label = Arc::from(check_name("a label", label)?);
                market.label_epoch(epoch, Tariff { label, co2_grams_per_kwh })?;
            }
            Ok(())
        })
    }

    fn label_epoch(&mut self, epoch: i64, tariff: Tariff) -> Result<()> {
        if let Some(old) = self.money.tariff.get(&epoch) {
            return if *old == tariff {
                Ok(())
            } else {
                let (label, co2) = (&old.label, old.co2_grams_per_kwh);
                refuse(
                    "tariff",
                    format!("epoch {epoch} is labelled {label:?} with {co2} g/kWh: what was told never changes"),
                )
            };
        }
        if self.money.tariff.len() >= TARIFF_EPOCHS_MAX {
            return refuse(
                "range",
                format!("a market knows the labels of {TARIFF_EPOCHS_MAX} epochs: forget old ones first"),
            );
        }
        self.remember(Undo::Money(MoneyUndo::Tariff(epoch, None)));
        self.money.tariff.insert(epoch, tariff);
        Ok(())
    }

    /// Forgets the labels of the epochs before one.
    pub fn forget_tariff(&mut self, before_epoch: i64) -> Result<u64> {
        self.change(|market| {
            let kept = market.money.tariff.split_off(&before_epoch);
            let old = std::mem::replace(&mut market.money.tariff, kept);
            let count = old.len() as u64;
            old.into_iter()
                .for_each(|(epoch, tariff)| market.remember(Undo::Money(MoneyUndo::Tariff(epoch, Some(tariff)))));
            Ok(count)
        })
    }

    /// Sets a price from an epoch on, unless an epoch from there on was valued already.
    pub fn set_price(&mut self, label: &str, from_epoch: i64, micro_euro_per_kwh: i64) -> Result<()> {
        check_name("a label", label)?;
        self.calendar.check_epoch(from_epoch)?;
        if micro_euro_per_kwh.abs() > PRICE_MAX {
            return refuse(
                "range",
                format!("a price is within {PRICE_MAX} micro-euro for a kWh; not {micro_euro_per_kwh}"),
            );
        }
        if let Some(&last) = self.money.valued.get(label).filter(|&&last| from_epoch <= last) {
            let message = format!(
                "a price never values the past anew: {label:?} was used up to epoch {last}, so a new price is valid \
                 from {} on; not from {from_epoch}",
                last + 1
            );
            return refuse("price", message);
        }
        self.change(|market| {
            let prices = market.money.prices.entry(Arc::from(label)).or_default();
            if prices.get(&from_epoch) != Some(&micro_euro_per_kwh) {
                let old = prices.insert(from_epoch, micro_euro_per_kwh);
                market.remember(Undo::Money(MoneyUndo::Price(Arc::from(label), from_epoch, old)));
            }
            Ok(())
        })
    }
}
