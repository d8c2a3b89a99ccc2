//! Setting tariffs and prices: what was said of an epoch never changes.

use std::sync::Arc;

use crate::error::{Result, refuse};
use crate::market::Market;
use crate::money::{Money, MoneyUndo, Tariff};
use crate::names::check_name;
use crate::undo::Undo;

/// A million euro for a kilowatt-hour.
const PRICE_MAX: i64 = 1_000_000_000_000;
/// A hundred kilograms of CO2 for a kilowatt-hour.
const CO2_MAX: i64 = 100_000;
/// A century of quarters of an hour.
const TARIFF_EPOCHS_MAX: usize = 3_600_000;

impl Market {
    /// Tariffs and prices, to be read.
    pub fn money(&self) -> &Money {
        &self.state.money
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
                let epoch = market.state.calendar.check_epoch(first_epoch + at as i64)?;
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
        if let Some(old) = self.state.money.tariff.get(&epoch) {
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
        if self.state.money.tariff.len() >= TARIFF_EPOCHS_MAX {
            return refuse(
                "range",
                format!("a market knows the labels of {TARIFF_EPOCHS_MAX} epochs: forget old ones first"),
            );
        }
        self.remember(Undo::Money(MoneyUndo::Tariff(epoch, None)));
        self.state.money.tariff.insert(epoch, tariff);
        Ok(())
    }

    /// Forgets the labels of the epochs before one.
    pub fn forget_tariff(&mut self, before_epoch: i64) -> Result<u64> {
        self.change(|market| {
            let kept = market.state.money.tariff.split_off(&before_epoch);
            let old = std::mem::replace(&mut market.state.money.tariff, kept);
            let count = old.len() as u64;
            old.into_iter()
                .for_each(|(epoch, tariff)| market.remember(Undo::Money(MoneyUndo::Tariff(epoch, Some(tariff)))));
            Ok(count)
        })
    }

    /// Sets a price from an epoch on, unless an epoch from there on was valued already.
    pub fn set_price(&mut self, label: &str, from_epoch: i64, micro_euro_per_kwh: i64) -> Result<()> {
        check_name("a label", label)?;
        self.state.calendar.check_epoch(from_epoch)?;
        if micro_euro_per_kwh.abs() > PRICE_MAX {
            return refuse(
                "range",
                format!("a price is within {PRICE_MAX} micro-euro for a kWh; not {micro_euro_per_kwh}"),
            );
        }
        if let Some(&last) = self.state.money.valued.get(label).filter(|&&last| from_epoch <= last) {
            let message = format!(
                "a price never values the past anew: {label:?} was used up to epoch {last}, so a new price is valid \
                 from {} on; not from {from_epoch}",
                last + 1
            );
            return refuse("price", message);
        }
        self.change(|market| {
            let prices = market.state.money.prices.entry(Arc::from(label)).or_default();
            if prices.get(&from_epoch) != Some(&micro_euro_per_kwh) {
                let old = prices.insert(from_epoch, micro_euro_per_kwh);
                market.remember(Undo::Money(MoneyUndo::Price(Arc::from(label), from_epoch, old)));
            }
            Ok(())
        })
    }
}
