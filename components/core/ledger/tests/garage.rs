//! Stores on the AC side in tables: a car that is plugged in, away, full, limited; vehicle to home; a battery at the busbar.

mod common;

use common::*;
use joulebus_ledger::ledger::Settlement;
use joulebus_ledger::offer::{AcStore, Charger, Offer, Store};
use joulebus_ledger::series::Series;

const MANY: i64 = 1_000_000;

/// A car that loses nothing, with 3 phases.
fn car(level_joules: i64, target_joules: i64) -> AcStore {
    AcStore {
        store: Store { most_joules: target_joules, ..store(level_joules, 100_000) },
        charger: Some("charger".into()),
        phase_count: 3,
        plugged_seconds: None,
        driving: None,
        taper: Vec::new(),
    }
}

/// A charger of 1000 W on each of 3 phases.
fn charger(ticks: i64) -> Charger {
    Charger {
        phase_joules_max: Series::constant(1000, ticks),
        phase_count: 3,
        efficiency_ppm: 1_000_000,
        discharge_watts_max: 0,
        surplus_only: false,
        shedding_priority: 1,
        plugged: false,
        session_joules: 0,
        session_joules_max: 0,
    }
}

fn run(ticks: i64, car: AcStore, charger: Charger, others: &[(&str, Offer)]) -> Settlement {
    let mut devices = vec![
        ("car", Offer::AcStore(Box::new(car))),
        ("charger", Offer::Charger(charger)),
        ("inverter", Offer::Inverter(inverter(policy(ticks)))),
    ];
    devices.extend(others.iter().cloned());
    settle(ticks, &devices)
}

/// What a car took, gave, drove, did not drive, and has.
fn moved(settlement: &Settlement) -> (i128, i128, i128, i128, i64) {
    let car = outcome(settlement, "car");
    (car.joules_in, car.joules_out, car.driven_joules, car.unserved_joules, car.level_microjoules / 1_000_000)
}

#[test]
fn a_car_empty_half_and_full_charges_up_to_its_target() {
    for (level, expected) in [(0, 6000), (10_000, 6000), (75_000, 5000), (80_000, 0), (90_000, 0)] {
        let settlement = run(2, car(level, 80_000), charger(2), &[("grid", grid(MANY, MANY, 2))]);
        assert_eq!(moved(&settlement), (expected, 0, 0, 0, level + expected as i64), "{level}");
        assert_eq!(outcome(&settlement, "grid").joules_out, expected);
    }
}

#[test]
fn what_flows_is_what_car_and_charger_both_allow() {
    let grid = [("grid", grid(MANY, MANY, 1))];
    let taken = |car, charger| outcome(&run(1, car, charger, &grid), "car").joules_in;
    assert_eq!(taken(AcStore { phase_count: 1, ..car(0, 80_000) }, charger(1)), 1000);
    assert_eq!(taken(car(0, 80_000), Charger { phase_count: 1, ..charger(1) }), 1000);
    assert_eq!(taken(car(0, 80_000), Charger { phase_joules_max: Series::constant(0, 1), ..charger(1) }), 0);
    let slow = Store { charge_watts_max: 1400, ..car(0, 80_000).store };
    assert_eq!(taken(AcStore { store: slow, ..car(0, 80_000) }, charger(1)), 1400);
    let taper = vec![(50_000, 3000), (70_000, 1000)];
    for (level, joules) in [(10_000, 3000), (60_000, 2000), (79_500, 500)] {
        assert_eq!(taken(AcStore { taper: taper.clone(), ..car(level, 80_000) }, charger(1)), joules);
    }
}

#[test]
fn efficiencies_of_car_and_charger_are_lost_in_the_car() {
    let half = Store { charge_efficiency_ppm: 900_000, ..car(0, 80_000).store };
    let lossy = Charger { efficiency_ppm: 990_000, ..charger(1) };
    let settlement = run(1, AcStore { store: half, ..car(0, 80_000) }, lossy, &[("grid", grid(MANY, MANY, 1))]);
    assert_eq!(moved(&settlement), (3000, 0, 0, 0, 2673));
    assert_eq!(outcome(&settlement, "car").heat_joules, 327);
}

#[test]
fn a_car_that_is_away_takes_nothing_and_arrives_emptier() {
    let away = AcStore {
        plugged_seconds: Some(Series::RunLengths(vec![(1, 1), (2, 0), (1, 1)])),
        driving: Some(Series::RunLengths(vec![(1, 0), (2, 4000), (1, 0)])),
        ..car(10_000, 80_000)
    };
    let settlement = run(4, away, charger(4), &[("grid", grid(MANY, MANY, 4))]);
    assert_eq!(moved(&settlement), (6000, 0, 8000, 0, 8000));
}

#[test]
fn a_car_drives_past_its_least_and_what_it_has_not_it_does_not_drive() {
    let far = AcStore {
        store: Store { least_joules: 5000, ..car(7000, 80_000).store },
        plugged_seconds: Some(Series::constant(0, 2)),
        driving: Some(Series::constant(5000, 2)),
        ..car(7000, 80_000)
    };
    assert_eq!(moved(&run(2, far, charger(2), &[])), (0, 0, 7000, 3000, 0));
}

#[test]
fn a_session_ends_at_its_limit_and_another_begins_when_a_car_is_plugged_in_again() {
    let limited = Charger { session_joules_max: 4000, ..charger(4) };
    let plugged = Some(Series::RunLengths(vec![(2, 1), (1, 0), (1, 1)]));
    let away = AcStore { plugged_seconds: plugged, ..car(0, 80_000) };
    let settlement = run(4, away, limited, &[("grid", grid(MANY, MANY, 4))]);
    assert_eq!(moved(&settlement).0, 4000 + 3000);
    let charger = outcome(&settlement, "charger");
    assert_eq!((charger.charged_joules, charger.session_joules, charger.on), (7000, 3000, true));
}

#[test]
fn a_charger_takes_one_car_at_a_time() {
    let other =
        Offer::AcStore(Box::new(AcStore { store: Store { priority: 3, ..car(0, 80_000).store }, ..car(0, 80_000) }));
    let settlement = run(1, car(0, 80_000), charger(1), &[("grid", grid(MANY, MANY, 1)), ("van", other)]);
    assert_eq!((moved(&settlement).0, outcome(&settlement, "van").joules_in), (3000, 0));
}

#[test]
fn a_car_without_its_charger_moves_nothing() {
    let alone = Offer::AcStore(Box::new(car(50_000, 80_000)));
    let inverter = Offer::Inverter(inverter(policy(1)));
    let settlement = settle(1, &[("car", alone), ("grid", grid(MANY, MANY, 1)), ("inverter", inverter)]);
    assert_eq!(moved(&settlement), (0, 0, 0, 0, 50_000));
}

#[test]
fn a_car_is_shed_by_the_priority_of_its_charger() {
    for (shedding_priority, taken) in [(1, 500), (9, 3000)] {
        let charger = Charger { shedding_priority, ..charger(1) };
        let settlement = run(1, car(0, 80_000), charger, &[("grid", grid(3500, MANY, 1)), ("oven", load(3000, 1))]);
        assert_eq!(outcome(&settlement, "car").joules_in, taken);
        assert_eq!(outcome(&settlement, "oven").joules_in, 3500 - taken);
        assert_eq!(outcome(&settlement, "car").unserved_joules, 0, "it takes later what it did not get");
    }
}

#[test]
fn on_surplus_alone_a_car_takes_what_would_be_exported() {
    let charger = Charger { surplus_only: true, ..charger(1) };
    let others = [("grid", grid(MANY, MANY, 1)), ("oven", load(1000, 1)), ("panel", panel(2500, 1))];
    let settlement = run(1, car(0, 80_000), charger.clone(), &others);
    assert_eq!((moved(&settlement).0, outcome(&settlement, "grid").joules_in), (1500, 0));
    assert_eq!(moved(&run(1, car(0, 80_000), charger, &others[..2])).0, 0);
}

#[test]
fn vehicle_to_home_serves_loads_before_the_grid_down_to_its_least() {
    let charger = Charger { discharge_watts_max: 2000, surplus_only: true, ..charger(1) };
    let others = [("grid", grid(MANY, MANY, 1)), ("oven", load(3000, 1))];
    for (level, given) in [(90_000, 2000), (81_000, 1000), (80_000, 0)] {
        let car = AcStore { store: Store { least_joules: 80_000, ..car(level, 80_000).store }, ..car(level, 80_000) };
        let settlement = run(1, car, charger.clone(), &others);
        assert_eq!(moved(&settlement), (0, given, 0, 0, level - given as i64), "{level}");
        assert_eq!(outcome(&settlement, "grid").joules_out, 3000 - given);
        assert_eq!(settlement.flows[1][0], given, "what a car gives is laid as a producer's");
    }
    let hungry = Charger { surplus_only: false, ..charger };
    assert_eq!(moved(&run(1, car(90_000, 80_000), hungry, &others)).1, 0);
}

#[test]
fn a_battery_at_the_busbar_takes_what_nobody_else_wants_and_serves_before_the_grid() {
    for (sun, level, expected) in
        [(3000, 10_000, (2000, 0)), (0, 10_000, (0, 1000)), (0, 400, (0, 400)), (3000, 99_500, (500, 0))]
    {
        let battery = AcStore { charger: None, ..car(level, 100_000) };
        let devices = [
            ("battery", Offer::AcStore(Box::new(battery))),
            ("grid", grid(MANY, MANY, 1)),
            ("inverter", Offer::Inverter(inverter(policy(1)))),
            ("oven", load(1000, 1)),
            ("panel", panel(sun, 1)),
        ];
        let settlement = settle(1, &devices);
        let battery = outcome(&settlement, "battery");
        assert_eq!((battery.joules_in, battery.joules_out), expected);
        assert_eq!((settlement.flows[0][1], settlement.flows[2][0]), expected, "it is laid as a battery");
    }
}

#[test]
fn numbers_out_of_their_limits_are_refused_in_words() {
    let refused = |car: AcStore, charger: Charger| {
        let devices = [
            ("car", Offer::AcStore(Box::new(car))),
            ("charger", Offer::Charger(charger)),
            ("inverter", Offer::Inverter(inverter(policy(1)))),
        ];
        ledger().settle(0, 1, &home(&devices)).unwrap_err().to_string()
    };
    let taper = AcStore { taper: vec![(5, 1), (5, 2)], ..car(0, 80_000) };
    assert_eq!(refused(taper, charger(1)), "the corners of a taper rise in level; those of car do not from 5 J on");
    let late = AcStore { plugged_seconds: Some(Series::constant(2, 1)), ..car(0, 80_000) };
    assert!(refused(late, charger(1)).starts_with("car: plugged_seconds: a value lies between 0 and 1"));
    let many = Charger { phase_count: 4, ..charger(1) };
    assert_eq!(refused(car(0, 80_000), many), "charger: phase_count lies between 1 and 3; it is 4");
}
