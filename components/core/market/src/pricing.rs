//! Setting tariffs and prices: what was said of an epoch never changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Result, refuse};
use crate::market::Market;
use crate::money::{Money, MoneyUndo, Tariff, TariffRun};
use crate::names::check_name;
use crate::undo::Undo;

/// A million euro for a kilowatt-hour.
const PRICE_MAX: i64 = 1_000_000_000_000;
/// A hundred kilograms of CO2 for a kilowatt-hour.
const CO2_MAX: i64 = 100_000;
/// More than there are quarters of an hour in a century: a bound of memory, not of age.
const TARIFF_RUNS_MAX: usize = 3_600_000;

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
            let mut at = 0;
            while at < labels.len() {
                let (epoch, label) = (first_epoch + at as i64, &labels[at]);
                let co2_grams_per_kwh = co2.map_or(0, |co2| co2[at]);
                let is_same =
                    |&next: &usize| labels[next] == *label && co2.is_none_or(|co2| co2[next] == co2_grams_per_kwh);
                let count = (at..labels.len()).take_while(is_same).count();
                market.state.calendar.check_epoch(epoch)?;
                let last = market.state.calendar.check_epoch(epoch + count as i64 - 1)?;
                if !(0..=CO2_MAX).contains(&co2_grams_per_kwh) {
                    return refuse(
                        "range",
                        format!("CO2 is 0 to {CO2_MAX} g/kWh; epoch {epoch} has {co2_grams_per_kwh}"),
                    );
                }
                let label = Arc::from(check_name("a label", label)?);
                market.label_run(epoch, last + 1, &Tariff { label, co2_grams_per_kwh })?;
                at += count;
            }
            Ok(())
        })
    }

    /// Labels the epochs of a run, which joins those beside it that say the same.
    fn label_run(&mut self, mut first: i64, mut end: i64, tariff: &Tariff) -> Result<()> {
        let overlapping = self.overlapping(first, end);
        if let Some((old_first, _)) = overlapping.iter().find(|(_, (_, old))| old != tariff) {
            let (epoch, old) = (first.max(*old_first), &self.state.money.runs[old_first].1);
            let (label, co2) = (&old.label, old.co2_grams_per_kwh);
            return refuse(
                "tariff",
                format!("epoch {epoch} is labelled {label:?} with {co2} g/kWh: what was told never changes"),
            );
        }
        let touching = [first - 1, end]
            .map(|epoch| self.state.money.run(epoch).map(|(first, end, old)| (first, (end, old.clone()))));
        let same = touching.into_iter().flatten().filter(|(_, (_, old))| old == tariff);
        let joined: BTreeMap<i64, TariffRun> = overlapping.into_iter().chain(same).collect();
        for &(run_first, run_end) in &joined.iter().map(|(&first, run)| (first, run.0)).collect::<Vec<_>>() {
            (first, end) = (first.min(run_first), end.max(run_end));
        }
        if self.state.money.runs.len() + 1 - joined.len() > TARIFF_RUNS_MAX {
            return refuse("range", format!("the label of an epoch changes at most {TARIFF_RUNS_MAX} times"));
        }
        joined.keys().for_each(|&first| self.put_run(first, None));
        self.put_run(first, Some((end, tariff.clone())));
        Ok(())
    }

    fn overlapping(&self, first: i64, end: i64) -> Vec<(i64, TariffRun)> {
        let runs = &self.state.money.runs;
        let begins = self.state.money.run(first).map_or(first, |(first, _, _)| first);
        runs.range(begins..end).map(|(&first, run)| (first, run.clone())).collect()
    }

    fn put_run(&mut self, first: i64, run: Option<TariffRun>) {
        let runs = &mut self.state.money.runs;
        let old = match run {
            Some(run) => runs.insert(first, run),
            None => runs.remove(&first),
        };
        self.remember(Undo::Money(MoneyUndo::Run(first, old)));
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
