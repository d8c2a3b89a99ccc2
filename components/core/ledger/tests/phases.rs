//! Three phases in tables: who bends when a fuse would carry more than it may.

mod common;

use common::*;
use joulebus_ledger::offer::{Flow, Offer, PolicyRun, Side};
use joulebus_ledger::series::Series;

const MANY: i64 = 1_000_000;

fn connection(limit: i64, phase_of: &[(&str, i64)]) -> Offer {
    let Offer::Grid(mut offer) = grid(MANY, MANY, 1) else { unreachable!() };
    offer.phase_joules_max = Some(Series::constant(limit, 1));
    offer.phase_of = phase_of.iter().map(|&(name, phase)| (name.to_owned(), phase)).collect();
    Offer::Grid(offer)
}

fn ranked(joules: i64, shedding_priority: i64) -> Offer {
    Offer::Flow(Flow { side: Side::Ac, shedding_priority, ..flow(Series::constant(joules, 1)) })
}

/// What the devices get, in the order of their names, and what is imported.
fn served(limit: i64, phase_of: &[(&str, i64)], loads: &[(&str, Offer)], policy: PolicyRun) -> (Vec<i128>, i128) {
    let mut devices: Vec<(&str, Offer)> = loads.to_vec();
    devices.push(("grid", connection(limit, phase_of)));
    devices.push(("inverter", Offer::Inverter(inverter(policy))));
    let settlement = settle(1, &devices);
    let granted = loads.iter().map(|(name, _)| outcome(&settlement, name).joules_in).collect();
    (granted, outcome(&settlement, "grid").joules_out)
}

#[test]
fn a_load_on_a_phase_gets_what_its_fuse_carries() {
    let oven = [("oven", ranked(3000, 5))];
    assert_eq!(served(1000, &[("oven", 1)], &oven, policy(1)), (vec![1000], 1000));
    assert_eq!(served(1000, &[], &oven, policy(1)), (vec![3000], 3000));
    assert_eq!(served(900, &[], &oven, policy(1)), (vec![2700], 2700));
}

#[test]
fn who_ranks_lowest_on_the_phase_bends_and_nobody_elsewhere() {
    let loads = [("a", ranked(800, 1)), ("b", ranked(700, 2)), ("c", ranked(500, 0)), ("d", ranked(300, 0))];
    // a and b on the first phase, c on the second; d is spread, 100 on each. 1600 on the first: 600 too many.
    let phase_of = [("a", 1), ("b", 1), ("c", 2)];
    assert_eq!(served(1000, &phase_of, &loads, policy(1)).0, [300, 700, 500, 0]);
    assert_eq!(served(1600, &phase_of, &loads, policy(1)).0, [800, 700, 500, 300]);
}

#[test]
fn a_battery_helps_all_phases_alike() {
    let battery = ("battery", Offer::Store(store(50_000, 100_000)));
    let oven = ("oven", ranked(3000, 5));
    // 3000 on the first phase, of which two thirds of what the battery gives come back to the grid on the others: 1500 from it are enough.
    let connected = connection(2500, &[("oven", 1)]);
    let held = PolicyRun { discharge: false, import_watts_max: MANY - 1, ..policy(1) };
    let settlement = settle(1, &[battery, oven, ("grid", connected), ("inverter", Offer::Inverter(inverter(held)))]);
    assert_eq!(outcome(&settlement, "oven").joules_in, 3000);
    assert_eq!(outcome(&settlement, "battery").joules_out, 1500);
    assert_eq!(outcome(&settlement, "grid").joules_out, 1500);
}

#[test]
fn a_load_that_takes_all_or_nothing_is_shed_whole() {
    let washer = Offer::Flow(Flow { all_or_nothing: true, reacts: true, ..flow(Series::constant(2000, 1)) });
    let loads = [("oven", ranked(700, 9)), ("washer", washer)];
    assert_eq!(served(1000, &[("oven", 1), ("washer", 1)], &loads, policy(1)), (vec![700, 0], 700));
}

#[test]
fn who_is_on_another_phase_is_served_though_it_ranks_lower() {
    let loads = [("a", ranked(1500, 9)), ("b", ranked(900, 0))];
    assert_eq!(served(1000, &[("a", 1), ("b", 3)], &loads, policy(1)).0, [1000, 900]);
}

#[test]
fn in_an_outage_no_fuse_of_the_connection_keeps_the_battery_from_serving() {
    let Offer::Grid(mut dark) = grid(0, 0, 1) else { unreachable!() };
    dark.phase_joules_max = Some(Series::constant(0, 1));
    dark.phase_of = [("oven".to_owned(), 1)].into();
    let battery = ("battery", Offer::Store(store(50_000, 100_000)));
    let inverter = ("inverter", Offer::Inverter(inverter(policy(1))));
    let settlement = settle(1, &[battery, ("oven", ranked(3000, 5)), ("grid", Offer::Grid(dark)), inverter]);
    assert_eq!(outcome(&settlement, "oven").joules_in, 3000);
}
