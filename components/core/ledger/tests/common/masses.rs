//! Random thermal masses.

use joulebus_ledger::offer::{Thermal, ThermalRun};

use super::chance::Chance;

/// A mass with its surroundings in each second.
pub fn thermal(seconds: i64, tick_seconds: i64, chance: &mut Chance) -> (Thermal, Vec<ThermalRun>) {
    let cools = chance.one_in(3);
    let rest = chance.between(0, 50_000_000_000);
    let gain = chance.between(1_000_000_000, 900_000_000_000) * if cools { -1 } else { 1 };
    let decay = (1i64 << 52) - chance.between(1 << 30, 1 << 44);
    let low = rest + gain / 3;
    let thermal = Thermal {
        heat_microjoules: rest + gain / chance.between(2, 5),
        on: false,
        low_microjoules: low.min(low + gain / 50),
        high_microjoules: low.max(low + gain / 50),
        cools,
        watts: chance.below(4000),
        surroundings: Vec::new(),
        owed_joules: 0,
        shedding_priority: 5,
        fuel: None,
    };
    let mut enabled = true;
    let seconds = (0..seconds).map(|_| {
        enabled ^= chance.one_in(100 * tick_seconds);
        ThermalRun {
            seconds: 1,
            enabled,
            decay_q52: decay,
            equilibrium_off_microjoules: rest,
            equilibrium_on_microjoules: rest + gain,
        }
    });
    (thermal, seconds.collect())
}
