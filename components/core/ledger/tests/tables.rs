//! The dispatch in tables: empty, half, full, and every setting of the policy.

mod common;

use common::*;
use joulebus_ledger::offer::{Flow, Goal, Inverter, Offer, PolicyRun, Side};
use joulebus_ledger::series::{INTEGER_MAX, Series};

const MANY: i64 = 1_000_000;

/// (import, export, charged, discharged, unserved, curtailed, heat) in one tick.
type Row = (i128, i128, i128, i128, i128, i128, i128);

struct Case {
    policy: PolicyRun,
    sun: i64,
    load: i64,
    level: i64,
    grid: (i64, i64),
}

fn case() -> Case {
    Case { policy: policy(1), sun: 0, load: 0, level: 50_000, grid: (MANY, MANY) }
}

fn run(case: Case) -> Row {
    let settlement = settle(
        1,
        &[
            ("battery", Offer::Store(store(case.level, 100_000))),
            ("grid", grid(case.grid.0, case.grid.1, 1)),
            ("inverter", Offer::Inverter(inverter(case.policy))),
            ("oven", load(case.load, 1)),
            ("panel", panel(case.sun, 1)),
        ],
    );
    let (grid, battery) = (outcome(&settlement, "grid"), outcome(&settlement, "battery"));
    (
        grid.joules_out,
        grid.joules_in,
        battery.joules_in,
        battery.joules_out,
        outcome(&settlement, "oven").unserved_joules,
        outcome(&settlement, "panel").curtailed_joules,
        outcome(&settlement, "inverter").heat_joules,
    )
}

#[test]
fn a_battery_empty_half_and_full_meets_sun_and_load() {
    for (level, sun, load, expected) in [
        (0, 3000, 1000, (0, 0, 2000, 0, 0, 0, 0)),
        (50_000, 3000, 1000, (0, 0, 2000, 0, 0, 0, 0)),
        (100_000, 3000, 1000, (0, 2000, 0, 0, 0, 0, 0)),
        (99_500, 3000, 1000, (0, 1500, 500, 0, 0, 0, 0)),
        (0, 1000, 3000, (2000, 0, 0, 0, 0, 0, 0)),
        (50_000, 1000, 3000, (0, 0, 0, 2000, 0, 0, 0)),
        (500, 1000, 3000, (1500, 0, 0, 500, 0, 0, 0)),
        (50_000, 0, 0, (0, 0, 0, 0, 0, 0, 0)),
    ] {
        assert_eq!(run(Case { level, sun, load, ..case() }), expected, "{level} {sun} {load}");
    }
}

#[test]
fn the_sun_goes_where_the_priority_says() {
    use Goal::{Battery, Export, Loads};
    for (priority, expected) in [
        ([Loads, Battery, Export], (0, 0, 2000, 0, 0, 0, 0)),
        ([Loads, Export, Battery], (0, 1500, 500, 0, 0, 0, 0)),
        ([Battery, Loads, Export], (1000, 0, 3000, 0, 0, 0, 0)),
        ([Battery, Export, Loads], (1000, 0, 3000, 0, 0, 0, 0)),
        // The battery serves the load, since what is exported is not at hand.
        ([Export, Loads, Battery], (0, 1500, 500, 0, 0, 0, 0)),
        ([Export, Battery, Loads], (0, 500, 1500, 0, 0, 0, 0)),
    ] {
        let policy = PolicyRun { priority, export_watts_max: 1500, ..policy(1) };
        assert_eq!(run(Case { policy, sun: 3000, load: 1000, ..case() }), expected, "{priority:?}");
    }
}

#[test]
fn with_export_first_the_battery_serves_the_loads() {
    let policy = PolicyRun { priority: [Goal::Export, Goal::Loads, Goal::Battery], ..policy(1) };
    assert_eq!(run(Case { policy: policy.clone(), sun: 3000, load: 1000, ..case() }), (0, 3000, 0, 1000, 0, 0, 0));
    // An empty one does not, and a home does not import while it exports.
    assert_eq!(run(Case { policy, sun: 3000, load: 1000, level: 0, ..case() }), (0, 2000, 0, 0, 0, 0, 0));
}

#[test]
fn an_outage_is_an_island_or_dark() {
    let dark = PolicyRun { island: false, ..policy(1) };
    for (policy, level, sun, load, expected) in [
        (policy(1), 50_000, 500, 2000, (0, 0, 0, 1500, 0, 0, 0)),
        (policy(1), 0, 500, 2000, (0, 0, 0, 0, 1500, 0, 0)),
        (policy(1), 100_000, 3000, 2000, (0, 0, 0, 0, 0, 1000, 0)),
        (dark.clone(), 50_000, 500, 2000, (0, 0, 500, 0, 2000, 0, 0)),
        (dark.clone(), 100_000, 500, 2000, (0, 0, 0, 0, 2000, 500, 0)),
        (PolicyRun { charge_from_sun: false, ..dark }, 0, 500, 2000, (0, 0, 0, 0, 2000, 500, 0)),
    ] {
        assert_eq!(run(Case { policy, sun, load, level, grid: (0, 0) }), expected, "{level} {sun} {load}");
    }
}

#[test]
fn the_reserve_is_kept_for_an_outage() {
    let policy = PolicyRun { reserve_ppm: 500_000, ..policy(1) };
    let with = |level, grid| run(Case { policy: policy.clone(), load: 2000, level, grid, ..case() });
    assert_eq!(with(50_000, (MANY, MANY)), (2000, 0, 0, 0, 0, 0, 0));
    assert_eq!(with(50_700, (MANY, MANY)), (1300, 0, 0, 700, 0, 0, 0));
    assert_eq!(with(50_000, (0, 0)), (0, 0, 0, 2000, 0, 0, 0));
    // A grid that only takes is no outage.
    assert_eq!(with(50_000, (0, 1)), (0, 0, 0, 0, 2000, 0, 0));
}

#[test]
fn a_battery_held_back_shaves_the_peak_unless_it_is_for_backup() {
    let capped = PolicyRun { discharge: false, import_watts_max: 2500, ..policy(1) };
    let with = |policy, load| run(Case { policy, load, ..case() });
    assert_eq!(with(capped.clone(), 2000), (2000, 0, 0, 0, 0, 0, 0));
    assert_eq!(with(capped.clone(), 4000), (2500, 0, 0, 1500, 0, 0, 0));
    assert_eq!(with(PolicyRun { backup_only: true, ..capped.clone() }, 4000), (2500, 0, 0, 0, 1500, 0, 0));
    let fuse = run(Case { policy: PolicyRun { discharge: false, ..policy(1) }, load: 4000, grid: (2500, 0), ..case() });
    assert_eq!(fuse, (2500, 0, 0, 0, 1500, 0, 0));
}

#[test]
fn above_a_cap_that_sheds_nobody_the_grid_serves_what_the_battery_cannot() {
    let soft = PolicyRun { import_watts_max: 2500, reserve_ppm: 500_000, sheds_above_import_max: false, ..policy(1) };
    let held = PolicyRun { discharge: false, ..soft.clone() };
    let with = |policy, level| run(Case { policy, load: 4000, level, ..case() });
    assert_eq!(with(held.clone(), 100_000), (2500, 0, 0, 1500, 0, 0, 0));
    assert_eq!(with(held.clone(), 50_700), (3300, 0, 0, 700, 0, 0, 0));
    assert_eq!(with(held.clone(), 50_000), (4000, 0, 0, 0, 0, 0, 0));
    // The grid does not charge the battery above the cap.
    let charging = PolicyRun { charge_from_grid: true, ..soft };
    assert_eq!(
        run(Case { policy: charging.clone(), load: 1000, level: 50_000, ..case() }),
        (2500, 0, 1500, 0, 0, 0, 0)
    );
    assert_eq!(run(Case { policy: charging, load: 4000, level: 50_000, ..case() }), (4000, 0, 0, 0, 0, 0, 0));
    let fuse = PolicyRun { import_watts_max: 2000, ..held };
    assert_eq!(run(Case { policy: fuse, load: 4000, grid: (2500, 0), ..case() }), (2500, 0, 0, 0, 1500, 0, 0));
}

#[test]
fn export_is_limited_by_the_grid_and_by_the_policy() {
    for (cap, export_watts_max, expected) in [
        (MANY, INTEGER_MAX, (0, 3000, 0, 0, 0, 0, 0)),
        (MANY, 0, (0, 0, 0, 0, 0, 3000, 0)),
        (1200, INTEGER_MAX, (0, 1200, 0, 0, 0, 1800, 0)),
        (0, INTEGER_MAX, (0, 0, 0, 0, 0, 3000, 0)),
    ] {
        let policy = PolicyRun { export_watts_max, ..policy(1) };
        let row = run(Case { policy, sun: 3000, level: 100_000, grid: (MANY, cap), ..case() });
        assert_eq!(row, expected, "{cap} {export_watts_max}");
    }
}

#[test]
fn the_grid_charges_up_to_the_target_and_what_is_below_it_stays() {
    let policy = PolicyRun { charge_from_grid: true, target_ppm: 600_000, import_watts_max: 5000, ..policy(1) };
    let with = |level, sun, load| run(Case { policy: policy.clone(), level, sun, load, ..case() });
    assert_eq!(with(50_000, 0, 0), (5000, 0, 5000, 0, 0, 0, 0));
    assert_eq!(with(50_000, 0, 2000), (5000, 0, 3000, 0, 0, 0, 0));
    assert_eq!(with(50_000, 1000, 2000), (5000, 0, 4000, 0, 0, 0, 0));
    assert_eq!(with(59_999, 0, 2000), (2001, 0, 1, 0, 0, 0, 0));
    assert_eq!(with(60_000, 0, 2000), (2000, 0, 0, 0, 0, 0, 0));
    assert_eq!(with(61_000, 0, 2000), (1000, 0, 0, 1000, 0, 0, 0));
}

#[test]
fn no_load_is_shed_while_the_sun_could_go_elsewhere() {
    let policy = PolicyRun {
        priority: [Goal::Battery, Goal::Export, Goal::Loads],
        import_watts_max: 400,
        discharge: false,
        ..policy(1)
    };
    assert_eq!(run(Case { policy, sun: 3000, load: 2000, ..case() }), (400, 0, 1400, 0, 0, 0, 0));
}

#[test]
fn loads_are_shed_by_priority_and_then_by_name() {
    let ranked = |shedding_priority| Offer::Flow(Flow { shedding_priority, ..flow(Series::constant(1000, 1)) });
    for (supply, expected) in [
        (4000, [0, 0, 0, 0]),
        (3500, [500, 0, 0, 0]),
        (2500, [1000, 500, 0, 0]),
        (1500, [1000, 1000, 500, 0]),
        (500, [1000, 1000, 1000, 500]),
        (0, [1000; 4]),
    ] {
        let settlement = settle(
            1,
            &[
                ("a", ranked(3)),
                ("b", ranked(3)),
                ("c", ranked(9)),
                ("d", ranked(0)),
                ("grid", grid(supply, 1, 1)),
                ("inverter", Offer::Inverter(inverter(policy(1)))),
            ],
        );
        let unserved = ["d", "a", "b", "c"].map(|name| outcome(&settlement, name).unserved_joules);
        assert_eq!(unserved, expected, "{supply}");
    }
}

#[test]
fn a_window_ends_when_a_reacting_device_is_shed() {
    let import = Series::RunLengths(vec![(40, 3000), (20, 1500)]);
    let devices = |reacts| {
        let Offer::Grid(cap) = grid(0, 0, 60) else { unreachable!() };
        [
            ("car", Offer::Flow(Flow { reacts, ..flow(Series::constant(2000, 60)) })),
            ("grid", Offer::Grid(joulebus_ledger::offer::Grid { import_joules_max: import.clone(), ..cap })),
            ("inverter", Offer::Inverter(inverter(policy(60)))),
        ]
    };
    let (calm, reacting) = (settle(60, &devices(false)), settle(60, &devices(true)));
    assert_eq!((calm.ticks, reacting.ticks), (60, 41));
    assert_eq!(outcome(&reacting, "car").granted, Some(vec![(40, 2000), (1, 1500)]));
    assert_eq!(outcome(&calm, "car").granted, Some(vec![(40, 2000), (20, 1500)]));
    assert_eq!(outcome(&calm, "car").unserved_joules, 10_000);
}

#[test]
fn flexible_consumers_come_before_the_grid() {
    let most = Some(Series::constant(1500, 1));
    let flexible = |shedding_priority| {
        Offer::Flow(Flow { shedding_priority, most: most.clone(), ..flow(Series::constant(500, 1)) })
    };
    for (sun, expected) in
        [(1000, (500, 500, 0)), (1600, (500, 1100, 0)), (2400, (900, 1500, 0)), (5000, (1500, 1500, 2000))]
    {
        let settlement = settle(
            1,
            &[
                ("boiler", flexible(1)),
                ("car", flexible(2)),
                ("grid", grid(MANY, MANY, 1)),
                ("inverter", Offer::Inverter(inverter(policy(1)))),
                ("panel", panel(sun, 1)),
            ],
        );
        let taken = |name| outcome(&settlement, name).joules_in;
        assert_eq!((taken("boiler"), taken("car"), taken("grid")), expected, "{sun}");
    }
}

#[test]
fn ac_production_serves_loads_then_the_grid_then_the_battery() {
    for (export, expected) in [(MANY, (2000, 0, 0)), (700, (700, 1300, 0))] {
        let settlement = settle(
            1,
            &[
                ("battery", Offer::Store(store(0, 100_000))),
                ("grid", grid(MANY, export, 1)),
                ("inverter", Offer::Inverter(inverter(policy(1)))),
                ("mill", load(-3000, 1)),
                ("oven", load(1000, 1)),
            ],
        );
        let mill = outcome(&settlement, "mill");
        let taken = |name| outcome(&settlement, name).joules_in;
        assert_eq!((taken("grid"), taken("battery"), mill.curtailed_joules), expected);
        assert_eq!(mill.joules_out, 3000);
    }
}

#[test]
fn rectifying_loses_what_the_efficiency_says() {
    let policy = PolicyRun { charge_from_grid: true, ..policy(1) };
    let settlement = settle(
        1,
        &[
            ("battery", Offer::Store(store(0, 100_000))),
            ("grid", grid(1000, 0, 1)),
            ("inverter", Offer::Inverter(lossy(policy))),
        ],
    );
    assert_eq!(outcome(&settlement, "battery").joules_in, 950);
    assert_eq!(outcome(&settlement, "inverter").heat_joules, 50);
    assert_eq!(outcome(&settlement, "grid").joules_out, 1000);
}

#[test]
fn a_switchboard_converts_nothing() {
    let switchboard = Inverter { rating_watts: 0, ..inverter(policy(1)) };
    let settlement = settle(
        1,
        &[
            ("battery", Offer::Store(store(50_000, 100_000))),
            ("grid", grid(MANY, MANY, 1)),
            ("inverter", Offer::Inverter(switchboard)),
            ("oven", load(1000, 1)),
            ("panel", panel(3000, 1)),
        ],
    );
    assert_eq!(outcome(&settlement, "grid").joules_out, 1000);
    assert_eq!(outcome(&settlement, "panel").curtailed_joules, 3000);
    assert_eq!(outcome(&settlement, "battery").level_microjoules, 50_000_000_000);
}

#[test]
fn at_night_the_inverter_draws_a_little_and_no_joule_is_lost() {
    let inverter = Inverter { night_milliwatts: 1518, ..inverter(policy(1000)) };
    let settlement = settle(1000, &[("grid", grid(MANY, 0, 1000)), ("inverter", Offer::Inverter(inverter))]);
    assert_eq!(outcome(&settlement, "inverter").heat_joules, 1518);
    assert_eq!(outcome(&settlement, "grid").joules_out, 1518);
}

#[test]
fn costs_are_exact_in_micro_euro() {
    let settlement = settle(
        3600,
        &[
            ("grid", grid(MANY, MANY, 3600)),
            ("inverter", Offer::Inverter(inverter(policy(3600)))),
            ("oven", load(999, 3600)),
        ],
    );
    // 999 W for an hour at 0.30 euro: 0.2997 euro.
    assert_eq!(outcome(&settlement, "grid").import_cost_micro_euro, 299_700);
}

#[test]
fn panels_are_curtailed_by_rank() {
    let ranked =
        |shedding_priority| Offer::Flow(Flow { side: Side::Dc, shedding_priority, ..flow(Series::constant(-1000, 1)) });
    let settlement = settle(
        1,
        &[
            ("east", ranked(2)),
            ("grid", grid(MANY, 700, 1)),
            ("inverter", Offer::Inverter(inverter(policy(1)))),
            ("west", ranked(1)),
        ],
    );
    let curtailed = |name| outcome(&settlement, name).curtailed_joules;
    assert_eq!((curtailed("west"), curtailed("east")), (1000, 300));
    assert_eq!(outcome(&settlement, "east").granted, Some(vec![(1, -700)]));
}
