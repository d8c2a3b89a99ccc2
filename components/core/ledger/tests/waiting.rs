//! Demand that waits: all of it or nothing, and each joule unserved once.

mod common;

use common::*;
use joulebus_ledger::ledger::Settlement;
use joulebus_ledger::offer::{Flow, Offer, PolicyRun, Thermal, ThermalRun};
use joulebus_ledger::series::Series;

fn wants(joules: i64, shedding_priority: i64, all_or_nothing: bool) -> Offer {
    Offer::Flow(Flow { shedding_priority, all_or_nothing, ..flow(Series::constant(joules, 1)) })
}

fn under_a_cap(cap: i64, lamp: i64) -> (i128, i128, i128, i128) {
    let policy = PolicyRun { import_watts_max: cap, ..policy(1) };
    let settlement = settle(
        1,
        &[
            ("cooker", wants(600, 9, false)),
            ("grid", grid(9000, 0, 1)),
            ("inverter", Offer::Inverter(inverter(policy))),
            ("lamp", wants(lamp, 1, false)),
            ("washer", wants(2000, 3, true)),
        ],
    );
    let taken = |name| outcome(&settlement, name).joules_in;
    (taken("cooker"), taken("washer"), taken("lamp"), outcome(&settlement, "grid").joules_out)
}

#[test]
fn who_wants_all_or_nothing_gets_all_or_nothing_and_leaves_the_remainder_to_others() {
    assert_eq!(under_a_cap(2300, 500), (600, 0, 500, 1100));
    assert_eq!(under_a_cap(2600, 500), (600, 2000, 0, 2600));
    assert_eq!(under_a_cap(2599, 500), (600, 0, 500, 1100));
    assert_eq!(under_a_cap(400, 500), (400, 0, 0, 400));
}

#[test]
fn what_was_due_is_unserved_once_and_served_later() {
    let course = |want: &[i64], due: &[i64]| {
        let due = Some(Series::Each(due.to_vec()));
        let ticks = want.len() as i64;
        let washer = Flow { all_or_nothing: true, due, ..flow(Series::Each(want.to_vec())) };
        let home = [
            ("grid", grid(9000, 0, ticks)),
            ("inverter", Offer::Inverter(inverter(policy(ticks)))),
            ("washer", Offer::Flow(washer)),
        ];
        let settlement = settle(ticks, &home);
        let washer = outcome(&settlement, "washer");
        (washer.unserved_joules, washer.served_later_joules)
    };
    assert_eq!(course(&[0, 0, 100, 100], &[100, 100, 0, 0]), (200, 200));
    assert_eq!(course(&[100, 100], &[100, 100]), (0, 0));
    assert_eq!(course(&[0, 0], &[70, 30]), (100, 0));
    assert_eq!(course(&[100, 70], &[0, 100]), (30, 100));
}

/// A mass that holds 1,000,000 J between going on and going off, and loses nothing; its heater gives 1,000 W.
fn mass(heat_joules: i64, on: bool, owed_joules: i64, seconds: i64) -> Offer {
    let run = ThermalRun {
        seconds,
        enabled: true,
        decay_q52: (1 << 52) - (1 << 30),
        equilibrium_off_microjoules: 0,
        equilibrium_on_microjoules: 1_000_000_000 << 22,
    };
    Offer::Thermal(Thermal {
        heat_microjoules: heat_joules * 1_000_000,
        on,
        low_microjoules: 0,
        high_microjoules: 1_000_000_000_000,
        cools: false,
        watts: 1000,
        surroundings: vec![run],
        owed_joules,
        shedding_priority: 5,
        fuel: None,
    })
}

fn alone(mass: Offer, import: i64, ticks: i64) -> Settlement {
    let inverter = Offer::Inverter(inverter(policy(ticks)));
    settle(ticks, &[("grid", grid(import, 0, ticks)), ("inverter", inverter), ("tank", mass)])
}

#[test]
fn a_thermostat_that_asks_each_second_is_owed_what_its_mass_lacks_and_gets_it_later() {
    let dark = alone(mass(0, true, 0, 5000), 0, 5000);
    let tank = outcome(&dark, "tank");
    // Asked for 5,000,000 J in 5,000 s, and lacks 1,000,000.
    assert_eq!((tank.joules_in, tank.unserved_joules, tank.owed_joules), (0, 1_000_000, 1_000_000));
    let light = alone(mass(0, true, tank.owed_joules, 5000), 9000, 5000);
    let tank = outcome(&light, "tank");
    assert_eq!((tank.unserved_joules, tank.owed_joules), (0, 0));
    assert!((tank.served_later_joules - 1_000_000).abs() <= 2000, "{tank:?}");
}
