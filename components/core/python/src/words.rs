//! Reading offers: the words of joulebus_schemas.offers, by attribute.

use std::collections::BTreeMap;

use joulebus_ledger::offer::{
    AcStore, Charger, Flow, FuelSupply, Goal, Grid, Inverter, Offer, Offers, PolicyRun, PriceRules, Side, Store,
    Thermal, ThermalRun,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::errors::{Refusal, Result, refuse};
use crate::series::{attribute, integer, integers, read, read_optional, runs};

/// All offers of a window.
pub fn offers(offers: &Bound<'_, PyMapping>) -> Result<Offers> {
    let mut all = Offers::new();
    for item in offers.items()?.iter() {
        let (name, word) = item.extract::<(String, Bound<'_, PyAny>)>()?;
        let offer = offer(&word).map_err(|refusal| named(&name, refusal))?;
        all.insert(name, offer);
    }
    Ok(all)
}

fn named(device: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Core(message) => Refusal::Core(format!("{device}: {message}")),
        other => other,
    }
}

fn offer(word: &Bound<'_, PyAny>) -> Result<Offer> {
    let Ok(role) = attribute!(word, "role") else {
        return refuse(format!("an offer is a word of joulebus_schemas.offers; this one is {}", word.get_type()));
    };
    match text(&role)?.as_str() {
        "nothing" => Ok(Offer::Nothing),
        "flow" => flow(word).map(Offer::Flow),
        "storage" => match side(&attribute!(word, "side")?)? {
            Side::Ac => ac_store(word).map(|store| Offer::AcStore(Box::new(store))),
            Side::Dc => store(word).map(Offer::Store),
        },
        "charger" => charger(word).map(Offer::Charger),
        "thermal" => thermal(word).map(Offer::Thermal),
        "supply" => Ok(Offer::Supply(FuelSupply { joules_max: read(&attribute!(word, "joules_max")?)? })),
        "grid" => grid(word).map(Offer::Grid),
        "inverter" => inverter(word).map(Offer::Inverter),
        other => refuse(format!(
            "a role is nothing, flow, storage, charger, thermal, supply, grid or inverter; this one is {other:?}"
        )),
    }
}

fn text(value: &Bound<'_, PyAny>) -> Result<String> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_cow()?.into_owned()),
        Err(_) => refuse(format!("a text was expected; this is {value}")),
    }
}

fn optional_text(value: &Bound<'_, PyAny>) -> Result<Option<String>> {
    if value.is_none() { Ok(None) } else { text(value).map(Some) }
}

macro_rules! flag {
    ($object:expr, $name:literal) => {
        attribute!($object, $name)?.is_truthy()
    };
}

fn flow(word: &Bound<'_, PyAny>) -> Result<Flow> {
    let origin = attribute!(word, "origin")?;
    Ok(Flow {
        side: side(&attribute!(word, "side")?)?,
        want: read(&attribute!(word, "want")?)?,
        least: read_optional(&attribute!(word, "least")?)?,
        most: read_optional(&attribute!(word, "most")?)?,
        shedding_priority: integer!(word, "shedding_priority")?,
        reacts: flag!(word, "reacts")?,
        origin: optional_text(&origin)?,
        all_or_nothing: flag!(word, "all_or_nothing")?,
        due: read_optional(&attribute!(word, "due")?)?,
    })
}

fn side(value: &Bound<'_, PyAny>) -> Result<Side> {
    match text(value)?.as_str() {
        "ac" => Ok(Side::Ac),
        "dc" => Ok(Side::Dc),
        other => refuse(format!("a side is ac or dc; this one is {other:?}")),
    }
}

fn store(word: &Bound<'_, PyAny>) -> Result<Store> {
    Ok(Store {
        level_microjoules: integer!(word, "level_microjoules")?,
        least_joules: integer!(word, "least_joules")?,
        most_joules: integer!(word, "most_joules")?,
        capacity_joules: integer!(word, "capacity_joules")?,
        charge_watts_max: integer!(word, "charge_watts_max")?,
        discharge_watts_max: integer!(word, "discharge_watts_max")?,
        charge_efficiency_ppm: integer!(word, "charge_efficiency_ppm")?,
        discharge_efficiency_ppm: integer!(word, "discharge_efficiency_ppm")?,
        standby_milliwatts: integer!(word, "standby_milliwatts")?,
        standby_carry_microjoules: integer!(word, "standby_carry_microjoules")?,
        sleeps_at_least: flag!(word, "sleeps_at_least")?,
        priority: integer!(word, "priority")?,
    })
}

fn ac_store(word: &Bound<'_, PyAny>) -> Result<AcStore> {
    let charger = attribute!(word, "charger")?;
    Ok(AcStore {
        store: store(word)?,
        charger: if charger.is_none() { None } else { Some(text(&charger)?) },
        phase_count: integer!(word, "phase_count")?,
        plugged_seconds: read_optional(&attribute!(word, "plugged_seconds")?)?,
        driving: read_optional(&attribute!(word, "driving")?)?,
        taper: runs(&attribute!(word, "taper")?)?,
    })
}

fn charger(word: &Bound<'_, PyAny>) -> Result<Charger> {
    Ok(Charger {
        phase_joules_max: read(&attribute!(word, "phase_joules_max")?)?,
        phase_count: integer!(word, "phase_count")?,
        efficiency_ppm: integer!(word, "efficiency_ppm")?,
        discharge_watts_max: integer!(word, "discharge_watts_max")?,
        surplus_only: flag!(word, "surplus_only")?,
        shedding_priority: integer!(word, "shedding_priority")?,
        plugged: flag!(word, "plugged")?,
        session_joules: integer!(word, "session_joules")?,
        session_joules_max: integer!(word, "session_joules_max")?,
    })
}

fn thermal(word: &Bound<'_, PyAny>) -> Result<Thermal> {
    let surroundings = attribute!(word, "surroundings")?;
    Ok(Thermal {
        heat_microjoules: integer!(word, "heat_microjoules")?,
        on: flag!(word, "on")?,
        low_microjoules: integer!(word, "low_microjoules")?,
        high_microjoules: integer!(word, "high_microjoules")?,
        cools: flag!(word, "cools")?,
        watts: integer!(word, "watts")?,
        surroundings: surroundings.try_iter()?.map(|run| thermal_run(&run?)).collect::<Result<_>>()?,
        owed_joules: integer!(word, "owed_joules")?,
        shedding_priority: integer!(word, "shedding_priority")?,
        fuel: optional_text(&attribute!(word, "fuel")?)?,
    })
}

fn phases(word: &Bound<'_, PyAny>) -> Result<BTreeMap<String, i64>> {
    let Ok(phase_of) = word.cast::<PyDict>() else {
        return refuse(format!("phases by name were expected; this is {word}"));
    };
    phase_of.iter().map(|(name, phase)| Ok((text(&name)?, crate::series::to_integer(&phase, "phase_of")?))).collect()
}

fn thermal_run(word: &Bound<'_, PyAny>) -> Result<ThermalRun> {
    Ok(ThermalRun {
        seconds: integer!(word, "seconds")?,
        enabled: flag!(word, "enabled")?,
        decay_q52: integer!(word, "decay_q52")?,
        equilibrium_off_microjoules: integer!(word, "equilibrium_off_microjoules")?,
        equilibrium_on_microjoules: integer!(word, "equilibrium_on_microjoules")?,
    })
}

fn grid(word: &Bound<'_, PyAny>) -> Result<Grid> {
    Ok(Grid {
        import_joules_max: read(&attribute!(word, "import_joules_max")?)?,
        export_joules_max: read(&attribute!(word, "export_joules_max")?)?,
        import_price: read(&attribute!(word, "import_price")?)?,
        export_price: read(&attribute!(word, "export_price")?)?,
        cheaper_seconds: read_optional(&attribute!(word, "cheaper_seconds")?)?,
        import_carry: integer!(word, "import_carry")?,
        export_carry: integer!(word, "export_carry")?,
        phase_joules_max: read_optional(&attribute!(word, "phase_joules_max")?)?,
        phase_of: phases(&attribute!(word, "phase_of")?)?,
    })
}

fn inverter(word: &Bound<'_, PyAny>) -> Result<Inverter> {
    let policy = attribute!(word, "policy")?;
    Ok(Inverter {
        rating_watts: integer!(word, "rating_watts")?,
        curve_dc_milliwatts: integers(&attribute!(word, "curve_dc_milliwatts")?, "curve_dc_milliwatts")?,
        curve_ac_milliwatts: integers(&attribute!(word, "curve_ac_milliwatts")?, "curve_ac_milliwatts")?,
        charge_watts_max: integer!(word, "charge_watts_max")?,
        charge_efficiency_ppm: integer!(word, "charge_efficiency_ppm")?,
        night_milliwatts: integer!(word, "night_milliwatts")?,
        night_carry_microjoules: integer!(word, "night_carry_microjoules")?,
        idles_on_battery: flag!(word, "idles_on_battery")?,
        carry_microjoules: integer!(word, "carry_microjoules")?,
        policy: policy.try_iter()?.map(|run| policy_run(&run?)).collect::<Result<_>>()?,
    })
}

fn policy_run(word: &Bound<'_, PyAny>) -> Result<PolicyRun> {
    Ok(PolicyRun {
        ticks: integer!(word, "ticks")?,
        priority: priority(&attribute!(word, "priority")?)?,
        charge_from_sun: flag!(word, "charge_from_sun")?,
        charge_from_grid: flag!(word, "charge_from_grid")?,
        discharge: flag!(word, "discharge")?,
        reserve_ppm: integer!(word, "reserve_ppm")?,
        target_ppm: integer!(word, "target_ppm")?,
        export_watts_max: integer!(word, "export_watts_max")?,
        import_watts_max: integer!(word, "import_watts_max")?,
        sheds_above_import_max: flag!(word, "sheds_above_import_max")?,
        backup_only: flag!(word, "backup_only")?,
        island: flag!(word, "island")?,
        outlet: flag!(word, "outlet")?,
        restore_reserve: flag!(word, "restore_reserve")?,
        prices: price_rules(word)?,
    })
}

fn price_rules(word: &Bound<'_, PyAny>) -> Result<PriceRules> {
    Ok(PriceRules {
        charge_below: price(&attribute!(word, "charge_below_price")?)?,
        charge_cheapest_seconds: integer!(word, "charge_cheapest_seconds")?,
        discharge_from: price(&attribute!(word, "discharge_from_price")?)?,
        export_from: price(&attribute!(word, "export_from_price")?)?,
        sell_from: price(&attribute!(word, "sell_from_price")?)?,
    })
}

fn price(value: &Bound<'_, PyAny>) -> Result<Option<i64>> {
    if value.is_none() { Ok(None) } else { Ok(Some(crate::series::to_integer(value, "a price")?)) }
}

fn priority(value: &Bound<'_, PyAny>) -> Result<[Goal; 3]> {
    let goals: Vec<Goal> = value.try_iter()?.map(|goal| parse_goal(&goal?)).collect::<Result<_>>()?;
    goals.try_into().or_else(|_| refuse(format!("a priority has three goals; this one is {value}")))
}

fn parse_goal(value: &Bound<'_, PyAny>) -> Result<Goal> {
    match text(value)?.as_str() {
        "loads" => Ok(Goal::Loads),
        "battery" => Ok(Goal::Battery),
        "export" => Ok(Goal::Export),
        other => refuse(format!("a goal is loads, battery or export; this one is {other:?}")),
    }
}
