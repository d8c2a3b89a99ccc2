//! The settings of the inverter, scaled to the length of a tick.

use thiserror::Error;

use crate::offer::{self, Goal, PolicyRun, PriceRules};
use crate::series::INTEGER_MAX;
use crate::store::Bounds;

/// What must hold for a policy.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PolicyError {
    /// The runs do not add up.
    #[error("the runs of a policy add up to its window of {expected} ticks; these have {actual}")]
    Length { expected: i64, actual: i64 },
    /// A run of no ticks.
    #[error("a run has at least 1 tick; run {index} has {count}")]
    EmptyRun { index: usize, count: i64 },
    /// A share above all of it, or a power below nothing.
    #[error("{what} of a policy lies between 0 and {most}; in run {index} it is {value}")]
    Number { what: &'static str, index: usize, value: i64, most: i64 },
    /// A goal is missing.
    #[error("a priority names loads, battery and export once each; run {index} does not")]
    Priority { index: usize },
}

/// Settings for the ticks before `end_tick`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Policy {
    pub end_tick: i64,
    pub order: [Goal; 3],
    pub charge_from_sun: bool,
    pub charge_from_grid: bool,
    pub discharge: bool,
    pub backup_only: bool,
    pub island: bool,
    /// The home is served from the sun alone.
    pub outlet: bool,
    /// The grid charges the stores up to the reserve.
    pub restore_reserve: bool,
    /// None: it follows no price.
    pub prices: Option<PriceRules>,
    pub import_joules_max: i64,
    pub sheds_above_import_max: bool,
    pub export_joules_max: i64,
    /// Of the capacity of a store.
    pub reserve_ppm: i64,
    /// For each store, in the order in which stores are served.
    pub bounds: Vec<Bounds>,
}

/// What the prices of a tick are, in micro-euro per kWh, and how many seconds of its day are cheaper.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Prices {
    pub import: i64,
    pub export: i64,
    pub cheaper_seconds: Option<i64>,
}

/// What is switched on in a tick, by time and by price.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Switches {
    pub charge_from_grid: bool,
    pub discharge: bool,
    pub export: bool,
    /// The stores feed the grid.
    pub sell: bool,
}

impl Policy {
    /// By time alone.
    #[inline]
    pub fn switches(&self) -> Switches {
        let (charge_from_grid, discharge) = (self.charge_from_grid, self.discharge);
        Switches { charge_from_grid, discharge, export: true, sell: false }
    }

    /// By time and by the prices of a tick.
    pub fn switches_at(&self, rules: &PriceRules, prices: Prices) -> Switches {
        let is_cheap = rules.charge_below.is_some_and(|most| prices.import < most)
            || prices.cheaper_seconds.is_some_and(|seconds| seconds < rules.charge_cheapest_seconds);
        Switches {
            charge_from_grid: self.charge_from_grid || is_cheap,
            discharge: self.discharge && rules.discharge_from.is_none_or(|least| prices.import >= least),
            export: rules.export_from.is_none_or(|least| prices.export >= least),
            sell: rules.sell_from.is_some_and(|least| prices.export >= least),
        }
    }
}

/// Scales the runs of a policy.
pub fn policies(
    runs: &[PolicyRun],
    stores: &[&offer::Store],
    ticks: i64,
    tick_seconds: i64,
) -> Result<Vec<Policy>, PolicyError> {
    let mut end_tick = 0i64;
    let mut policies = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate() {
        if run.ticks < 1 {
            return Err(PolicyError::EmptyRun { index, count: run.ticks });
        }
        if [Goal::Loads, Goal::Battery, Goal::Export].iter().any(|goal| !run.priority.contains(goal)) {
            return Err(PolicyError::Priority { index });
        }
        check_numbers(run, index)?;
        end_tick = end_tick.saturating_add(run.ticks);
        policies.push(scaled(run, stores, end_tick, tick_seconds));
    }
    if end_tick != ticks {
        return Err(PolicyError::Length { expected: ticks, actual: end_tick });
    }
    Ok(policies)
}

fn check_numbers(run: &PolicyRun, index: usize) -> Result<(), PolicyError> {
    for (what, value, most) in [
        ("reserve_ppm", run.reserve_ppm, 1_000_000),
        ("target_ppm", run.target_ppm, 1_000_000),
        ("export_watts_max", run.export_watts_max, INTEGER_MAX),
        ("import_watts_max", run.import_watts_max, INTEGER_MAX),
        ("charge_cheapest_seconds", run.prices.charge_cheapest_seconds, INTEGER_MAX),
    ] {
        if !(0..=most).contains(&value) {
            return Err(PolicyError::Number { what, index, value, most });
        }
    }
    Ok(())
}

fn scaled(run: &PolicyRun, stores: &[&offer::Store], end_tick: i64, tick_seconds: i64) -> Policy {
    let joules = |watts: i64| watts.saturating_mul(tick_seconds).min(INTEGER_MAX);
    Policy {
        end_tick,
        order: run.priority,
        charge_from_sun: run.charge_from_sun,
        charge_from_grid: run.charge_from_grid,
        discharge: run.discharge,
        backup_only: run.backup_only,
        island: run.island,
        outlet: run.outlet,
        restore_reserve: run.restore_reserve,
        prices: (run.prices != PriceRules::default()).then_some(run.prices),
        import_joules_max: joules(run.import_watts_max),
        sheds_above_import_max: run.sheds_above_import_max,
        export_joules_max: joules(run.export_watts_max),
        reserve_ppm: run.reserve_ppm,
        bounds: stores.iter().map(|store| bounds(run, store)).collect(),
    }
}

// A share of the capacity in parts per million of joules is a number of microjoules.
fn bounds(run: &PolicyRun, store: &offer::Store) -> Bounds {
    Bounds {
        target: store.capacity_joules * run.target_ppm,
        reserve: (store.capacity_joules * run.reserve_ppm).max(store.least_joules * 1_000_000),
    }
}
