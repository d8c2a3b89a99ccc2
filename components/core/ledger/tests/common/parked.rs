//! Stores on the AC side and chargers out of chance.

use joulebus_ledger::offer::{AcStore, Charger, Store};
use joulebus_ledger::series::Series;

use super::chance::Chance;

/// A store, at a charger or at the busbar, with the seconds in which it is plugged in and the joules that it drives in each tick.
pub fn ac_store(
    ticks: i64,
    tick_seconds: i64,
    (store, charger): (Store, Option<String>),
    chance: &mut Chance,
) -> (AcStore, [Vec<i64>; 2]) {
    let is_car = charger.is_some();
    let half = store.most_joules / 2;
    let taper = vec![(half, chance.below(4000)), (store.most_joules, chance.below(2000))];
    let seconds = |chance: &mut Chance| match is_car {
        true => chance.below(2) * chance.below(tick_seconds + 1),
        false => tick_seconds,
    };
    let seconds = chance.steps(ticks, seconds);
    let mut drives = |seconds: &i64| if *seconds == 0 { chance.below(400) * tick_seconds } else { 0 };
    let drives = if is_car { seconds.iter().map(&mut drives).collect() } else { vec![0; seconds.len()] };
    let ac = AcStore {
        store,
        charger,
        phase_count: 1 + 2 * (half % 2),
        plugged_seconds: None,
        driving: None,
        taper: if half % 3 == 0 { Vec::new() } else { taper },
    };
    (ac, [seconds, drives])
}

/// A charger, with the joules that it lets through on each phase in each tick.
pub fn charger(ticks: i64, tick_seconds: i64, chance: &mut Chance) -> (Charger, Vec<i64>) {
    let limits = chance.steps(ticks, |chance| chance.below(8) / 2 * 230 * tick_seconds);
    let charger = Charger {
        phase_joules_max: Series::constant(0, 1),
        phase_count: 1 + 2 * chance.below(2),
        efficiency_ppm: chance.between(900_000, 1_000_000),
        discharge_watts_max: chance.below(3) * 1000,
        surplus_only: !chance.one_in(3),
        shedding_priority: chance.below(10),
        plugged: false,
        session_joules: 0,
        session_joules_max: chance.below(2) * chance.below(200_000),
    };
    (charger, limits)
}
