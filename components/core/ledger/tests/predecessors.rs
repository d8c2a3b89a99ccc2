//! The predecessors' vectors S1 to S8 (research/predecessors.md, 4.2).

mod common;

use common::*;
use joulebus_ledger::ledger::Settlement;
use joulebus_ledger::offer::{Inverter, Offer, PolicyRun, Store};

const MANY: i64 = 1_000_000;

fn ten_minutes(inverter: Inverter, sun: i64, load: i64, level: i64, import: i64) -> Settlement {
    settle(
        600,
        &[
            ("battery", Offer::Store(store(level, 43_200_000))),
            ("grid", grid(import, import, 600)),
            ("inverter", Offer::Inverter(inverter)),
            ("oven", common::load(load, 600)),
            ("panel", panel(sun, 600)),
        ],
    )
}

#[test]
fn s1_an_oven_on_the_grid() {
    let settlement = settle(
        600,
        &[
            ("grid", grid(MANY, MANY, 600)),
            ("inverter", Offer::Inverter(inverter(policy(600)))),
            ("oven", load(2000, 600)),
        ],
    );
    assert_eq!(outcome(&settlement, "grid").joules_out, 1_200_000);
    assert_eq!(outcome(&settlement, "oven").joules_in, 1_200_000);
}

#[test]
fn s2_an_oven_on_a_full_battery() {
    let settlement = ten_minutes(inverter(policy(600)), 0, 2000, 43_200_000, MANY);
    assert_eq!(outcome(&settlement, "battery").level_microjoules, 42_000_000_000_000);
    assert_eq!(outcome(&settlement, "grid").joules_out, 0);
}

#[test]
fn s3_a_panel_fills_an_empty_battery() {
    let settlement = ten_minutes(inverter(policy(600)), 500, 0, 0, MANY);
    assert_eq!(outcome(&settlement, "battery").joules_in, 300_000);
}

#[test]
fn s4_nothing_is_invented_in_an_outage() {
    let settlement = ten_minutes(inverter(policy(600)), 500, 2000, 0, 0);
    assert_eq!(outcome(&settlement, "oven").unserved_joules, 1500 * 600);
}

#[test]
fn s5_five_percent_are_lost_in_the_inverter() {
    let settlement = ten_minutes(lossy(policy(600)), 0, 2000, 43_200_000, MANY);
    assert_eq!(outcome(&settlement, "battery").joules_out, 1_263_158);
    assert_eq!(outcome(&settlement, "inverter").heat_joules, 63_158);
}

#[test]
fn s8_five_kilowatt_hours_last_through_two_hours_of_load_shedding() {
    let reserve = PolicyRun { reserve_ppm: 300_000, ..policy(7200) };
    let battery = Store { least_joules: 3_600_000, ..store(21_600_000, 43_200_000) };
    let settlement = settle(
        7200,
        &[
            ("battery", Offer::Store(battery)),
            ("grid", grid(0, 0, 7200)),
            ("inverter", Offer::Inverter(inverter(reserve))),
            ("oven", load(2000, 7200)),
        ],
    );
    assert_eq!(outcome(&settlement, "oven").joules_in, 14_400_000);
    // One kilowatt hour is left above the least.
    assert_eq!(outcome(&settlement, "battery").level_microjoules, 7_200_000_000_000);
}
