//! Offers of any numbers: settled or refused, never a panic, and a refusal changes nothing.

mod common;

use common::chance::Chance;
use common::*;
use joulebus_ledger::knots::Knots;
use joulebus_ledger::ledger::Ledger;
use joulebus_ledger::offer::{Flow, FuelSupply, Grid, Inverter, Offer, PolicyRun, Side, Store, Thermal, ThermalRun};
use joulebus_ledger::series::{INTEGER_MAX, Series};
use proptest::prelude::*;

/// Mostly sensible, at times at a limit, seldom beyond.
fn number(chance: &mut Chance, most: i64) -> i64 {
    match chance.below(600) {
        0 => -1,
        1 => [i64::MIN, i64::MAX, INTEGER_MAX + 1, -INTEGER_MAX][chance.below(4) as usize],
        2..100 => 0,
        100..250 => most,
        250..300 => most - 1,
        _ => chance.below(most + 1),
    }
}

fn series(chance: &mut Chance, ticks: i64, most: i64) -> Series {
    let sign = if chance.one_in(2) { -1 } else { 1 };
    let values: Vec<i64> = (0..ticks + i64::from(chance.one_in(40))).map(|_| number(chance, most)).collect();
    let signed = |value: i64| value.saturating_mul(sign);
    match chance.below(3) {
        0 => Series::Each(values.into_iter().map(signed).collect()),
        1 => Series::RunLengths(values.into_iter().map(|value| (1, signed(value))).collect()),
        _ => Series::Knots(Knots {
            grid_seconds: [1, 60, 86_400, 0][(chance.below(25) / 8) as usize],
            lead_seconds: number(chance, 50),
            milliwatts: (0..ticks * 60 + 60).map(|_| signed(number(chance, most))).collect(),
            carry: number(chance, 1999),
        }),
    }
}

fn flow(chance: &mut Chance, ticks: i64) -> Offer {
    let most = chance.one_in(3).then(|| Series::constant(number(chance, 1_000_000_000_000), ticks));
    Offer::Flow(Flow {
        side: if chance.one_in(2) { Side::Dc } else { Side::Ac },
        want: series(chance, ticks, 1_000_000_000_000),
        most,
        least: chance.one_in(3).then(|| Series::constant(-number(chance, 1_000_000_000_000).max(-5), ticks)),
        reacts: chance.one_in(9),
        all_or_nothing: chance.one_in(9),
        ..common::flow(Series::constant(0, ticks))
    })
}

fn any_store(chance: &mut Chance) -> Offer {
    Offer::Store(Store {
        level_microjoules: number(chance, INTEGER_MAX),
        least_joules: number(chance, 9_007_199_254),
        most_joules: number(chance, 9_007_199_254),
        capacity_joules: number(chance, 9_000_000_000_000),
        charge_watts_max: number(chance, INTEGER_MAX),
        discharge_watts_max: number(chance, INTEGER_MAX),
        charge_efficiency_ppm: number(chance, 1_000_000).max(1),
        discharge_efficiency_ppm: number(chance, 1_000_000).max(1),
        standby_milliwatts: number(chance, 11_000_000),
        standby_carry_microjoules: number(chance, INTEGER_MAX),
        sleeps_at_least: chance.one_in(2),
        priority: number(chance, 9),
    })
}

fn any_thermal(chance: &mut Chance, seconds: i64) -> Offer {
    let run = ThermalRun {
        seconds,
        enabled: !chance.one_in(5),
        decay_q52: number(chance, 1 << 52),
        equilibrium_off_microjoules: number(chance, INTEGER_MAX),
        equilibrium_on_microjoules: -number(chance, INTEGER_MAX).max(-INTEGER_MAX),
    };
    Offer::Thermal(Thermal {
        heat_microjoules: number(chance, INTEGER_MAX),
        on: chance.one_in(2),
        low_microjoules: number(chance, 1000),
        high_microjoules: INTEGER_MAX,
        cools: chance.one_in(2),
        watts: number(chance, 11_000_000),
        surroundings: vec![run],
        owed_joules: number(chance, INTEGER_MAX),
        shedding_priority: number(chance, 9),
        fuel: chance.one_in(4).then(|| ["gas", "grid", "Gas", "heat"][chance.below(4) as usize].to_owned()),
    })
}

fn any_grid(chance: &mut Chance, ticks: i64) -> Offer {
    let Offer::Grid(base) = grid(0, 0, ticks) else { unreachable!() };
    Offer::Grid(Grid {
        import_joules_max: Series::constant(number(chance, INTEGER_MAX), ticks),
        export_joules_max: Series::constant(number(chance, INTEGER_MAX), ticks),
        import_price: Series::constant(number(chance, 1_000_000_000_000), ticks),
        import_carry: number(chance, INTEGER_MAX),
        ..base
    })
}

fn any_inverter(chance: &mut Chance, ticks: i64) -> Offer {
    let policy = PolicyRun {
        charge_from_grid: chance.one_in(2),
        discharge: chance.one_in(2),
        island: chance.one_in(2),
        reserve_ppm: number(chance, 1_000_000),
        target_ppm: number(chance, 1_000_000),
        export_watts_max: number(chance, INTEGER_MAX),
        import_watts_max: number(chance, INTEGER_MAX),
        ..policy(ticks)
    };
    let dc = [10_000, 1_000_000, 11_000_000_000][chance.below(3) as usize];
    Offer::Inverter(Inverter {
        rating_watts: number(chance, 11_000_000),
        curve_dc_milliwatts: vec![0, dc / 9, dc],
        curve_ac_milliwatts: vec![0, number(chance, dc / 9), number(chance, dc).max(dc / 9)],
        charge_watts_max: number(chance, INTEGER_MAX),
        charge_efficiency_ppm: number(chance, 1_000_000).max(1),
        night_milliwatts: number(chance, 11_000_000),
        night_carry_microjoules: number(chance, INTEGER_MAX),
        idles_on_battery: chance.one_in(2),
        carry_microjoules: number(chance, INTEGER_MAX),
        ..inverter(policy)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_are_settled_or_refused(seed: u64) {
        let mut chance = Chance(seed);
        let (ticks, tick_seconds) = (chance.between(1, 5), [1, 60, 900][chance.below(3) as usize]);
        let mut ledger = Ledger::new("home", 0, tick_seconds).unwrap();
        let before = ledger.snapshot();
        let mut devices = vec![("inverter", any_inverter(&mut chance, ticks))];
        if chance.one_in(2) {
            devices.push(("grid", any_grid(&mut chance, ticks)));
        }
        for name in ["a", "b"] {
            if chance.one_in(2) {
                devices.push((name, flow(&mut chance, ticks)));
            }
        }
        for name in ["c", "d"] {
            match chance.below(4) {
                0 => devices.push((name, any_store(&mut chance))),
                1 => devices.push((name, any_thermal(&mut chance, ticks * tick_seconds))),
                _ => {}
            }
        }
        if chance.one_in(2) {
            let joules_max = Series::constant(number(&mut chance, INTEGER_MAX), ticks);
            devices.push(("gas", Offer::Supply(FuelSupply { joules_max })));
        }
        if ledger.settle(0, ticks, &home(&devices)).is_err() {
            prop_assert_eq!(ledger.snapshot(), before);
        }
    }
}
