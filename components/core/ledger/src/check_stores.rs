//! Stores and chargers as they must be before the dispatch trusts them.

use crate::offer;
use crate::refusal::{OfferError, TICKS_MAX, number};
use crate::series::{INTEGER_MAX, JOULES_MAX, Series};

/// Corners of a taper at most.
const CORNERS_MAX: usize = 64;

/// Refuses a store whose numbers are out of their limits.
pub fn check_store(name: &str, store: &offer::Store) -> Result<(), OfferError> {
    let joules_max = INTEGER_MAX / 1_000_000;
    number(name, "priority", store.priority, 0, 9)?;
    number(name, "level_microjoules", store.level_microjoules, 0, INTEGER_MAX)?;
    number(name, "least_joules", store.least_joules, 0, joules_max)?;
    number(name, "most_joules", store.most_joules, 0, joules_max)?;
    number(name, "capacity_joules", store.capacity_joules, 0, 9_000_000_000_000)?;
    number(name, "charge_watts_max", store.charge_watts_max, 0, INTEGER_MAX)?;
    number(name, "discharge_watts_max", store.discharge_watts_max, 0, INTEGER_MAX)?;
    number(name, "charge_efficiency_ppm", store.charge_efficiency_ppm, 1, 1_000_000)?;
    number(name, "discharge_efficiency_ppm", store.discharge_efficiency_ppm, 1, 1_000_000)?;
    number(name, "standby_milliwatts", store.standby_milliwatts, 0, JOULES_MAX / TICKS_MAX)?;
    number(name, "standby_carry_microjoules", store.standby_carry_microjoules, 0, INTEGER_MAX)
}

/// Refuses a store on the AC side whose numbers or series are out of their limits.
pub fn check_ac_store(name: &str, ac: &offer::AcStore, ticks: i64, tick_seconds: i64) -> Result<(), OfferError> {
    check_store(name, &ac.store)?;
    number(name, "phase_count", ac.phase_count, 1, 3)?;
    number(name, "corners of its taper", ac.taper.len() as i64, 0, CORNERS_MAX as i64)?;
    let mut last = -1;
    for &(level, watts) in &ac.taper {
        if level <= last {
            return Err(OfferError::Taper { device: name.to_owned(), level });
        }
        number(name, "taper", watts, 0, INTEGER_MAX)?;
        last = level;
    }
    let span = (ticks, tick_seconds);
    check_series(name, "plugged_seconds", ac.plugged_seconds.as_ref(), (span, tick_seconds))?;
    check_series(name, "driving", ac.driving.as_ref(), (span, JOULES_MAX))
}

/// Refuses a charger whose numbers or series are out of their limits.
pub fn check_charger(name: &str, charger: &offer::Charger, ticks: i64, tick_seconds: i64) -> Result<(), OfferError> {
    let span = (ticks, tick_seconds);
    check_series(name, "phase_joules_max", Some(&charger.phase_joules_max), (span, JOULES_MAX / 3))?;
    number(name, "phase_count", charger.phase_count, 1, 3)?;
    number(name, "efficiency_ppm", charger.efficiency_ppm, 1, 1_000_000)?;
    number(name, "discharge_watts_max", charger.discharge_watts_max, 0, INTEGER_MAX)?;
    number(name, "shedding_priority", charger.shedding_priority, 0, 9)?;
    number(name, "session_joules", charger.session_joules, 0, INTEGER_MAX)?;
    number(name, "session_joules_max", charger.session_joules_max, 0, INTEGER_MAX)
}

fn check_series(
    name: &str,
    what: &'static str,
    series: Option<&Series>,
    ((ticks, tick_seconds), most): ((i64, i64), i64),
) -> Result<(), OfferError> {
    let Some(series) = series else { return Ok(()) };
    let refused = |source| OfferError::Series { device: name.to_owned(), what, source };
    series.check(ticks, tick_seconds, 0, most).map_err(refused)
}
