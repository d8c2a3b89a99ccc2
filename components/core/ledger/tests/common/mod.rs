//! Homes for tests: offers with sensible values, to be changed by struct update.
#![allow(dead_code, missing_docs)]

pub mod chance;
pub mod masses;
pub mod parked;
pub mod policies;
pub mod random;
pub mod trace;

use joulebus_ledger::ledger::{Ledger, Settlement};
use joulebus_ledger::offer::{Flow, Goal, Grid, Inverter, Offer, Offers, PolicyRun, PriceRules, Side, Store};
use joulebus_ledger::outcome::Outcome;
use joulebus_ledger::series::{INTEGER_MAX, Series};

pub const ORDER: [Goal; 3] = [Goal::Loads, Goal::Battery, Goal::Export];

pub fn policy(ticks: i64) -> PolicyRun {
    PolicyRun {
        ticks,
        priority: ORDER,
        charge_from_sun: true,
        charge_from_grid: false,
        discharge: true,
        reserve_ppm: 0,
        target_ppm: 1_000_000,
        export_watts_max: INTEGER_MAX,
        import_watts_max: INTEGER_MAX,
        backup_only: false,
        island: true,
        outlet: true,
        sheds_above_import_max: true,
        restore_reserve: false,
        prices: PriceRules::default(),
    }
}

/// An inverter that loses nothing.
pub fn inverter(policy: PolicyRun) -> Inverter {
    Inverter {
        rating_watts: 10_000,
        curve_dc_milliwatts: vec![0, 10_000_000],
        curve_ac_milliwatts: vec![0, 10_000_000],
        charge_watts_max: 10_000,
        charge_efficiency_ppm: 1_000_000,
        night_milliwatts: 0,
        night_carry_microjoules: 0,
        idles_on_battery: false,
        carry_microjoules: 0,
        policy: vec![policy],
    }
}

pub fn lossy(policy: PolicyRun) -> Inverter {
    Inverter {
        rating_watts: 9_500,
        curve_ac_milliwatts: vec![0, 9_500_000],
        charge_efficiency_ppm: 950_000,
        ..inverter(policy)
    }
}

/// A store that loses nothing.
pub fn store(level_joules: i64, capacity_joules: i64) -> Store {
    Store {
        level_microjoules: level_joules * 1_000_000,
        least_joules: 0,
        most_joules: capacity_joules,
        capacity_joules,
        charge_watts_max: 10_000,
        discharge_watts_max: 10_000,
        charge_efficiency_ppm: 1_000_000,
        discharge_efficiency_ppm: 1_000_000,
        standby_milliwatts: 0,
        standby_carry_microjoules: 0,
        sleeps_at_least: false,
        priority: 5,
    }
}

pub fn flow(want: Series) -> Flow {
    Flow {
        side: Side::Ac,
        want,
        least: None,
        most: None,
        shedding_priority: 5,
        reacts: false,
        origin: None,
        all_or_nothing: false,
        due: None,
    }
}

pub fn load(joules: i64, ticks: i64) -> Offer {
    Offer::Flow(flow(Series::constant(joules, ticks)))
}

pub fn panel(joules: i64, ticks: i64) -> Offer {
    let want = Series::constant(-joules, ticks);
    Offer::Flow(Flow { side: Side::Dc, origin: Some("sun".into()), ..flow(want) })
}

pub fn grid(import: i64, export: i64, ticks: i64) -> Offer {
    let all = |value| Series::constant(value, ticks);
    Offer::Grid(Grid {
        import_joules_max: all(import),
        export_joules_max: all(export),
        import_price: all(300_000),
        export_price: all(50_000),
        cheaper_seconds: None,
        import_carry: 0,
        export_carry: 0,
        phase_joules_max: None,
        phase_of: Default::default(),
    })
}

pub fn home(devices: &[(&str, Offer)]) -> Offers {
    devices.iter().map(|(name, offer)| ((*name).to_owned(), offer.clone())).collect()
}

pub fn ledger() -> Ledger {
    Ledger::new("home", 1_767_225_600, 1).unwrap()
}

pub fn settle(ticks: i64, devices: &[(&str, Offer)]) -> Settlement {
    ledger().settle(0, ticks, &home(devices)).unwrap()
}

pub fn outcome<'a>(settlement: &'a Settlement, device: &str) -> &'a Outcome {
    &settlement.outcomes.iter().find(|(name, _)| name == device).expect("the device has an outcome").1
}
