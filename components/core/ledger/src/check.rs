//! From offers, which may be anything, to a roster that the dispatch can trust.

use crate::bank::Bank;
use crate::check_stores::{check_ac_store, check_charger, check_store};
use crate::curve::{Converter, Curve};
use crate::flows::Flow;
use crate::fuel::{Fuel, fuel_names};
use crate::garage::Garage;
use crate::knots::Rounding;
use crate::machine::{Machine, Rectifier};
use crate::names::check_name;
use crate::offer::{self, Offer, Offers, Side};
use crate::phases::Phases;
use crate::policy::{Policy, policies};
use crate::refusal::{OFFERS_MAX, OfferError, TICKS_MAX, number};
use crate::series::{Cursor, INTEGER_MAX, JOULES_MAX, Series};
use crate::store::Store;
use crate::thermal::Thermal;

/// Who is shed when loads are.
#[derive(Clone, Copy, Debug)]
pub enum Load {
    /// The flow of this index.
    Flow(usize),
    /// The thermal mass of this index.
    Thermal(usize),
    /// The store on the AC side of this index.
    Store(usize),
}

/// The public grid in a window.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Grid {
    pub name: String,
    pub import_max: (Series, Cursor),
    pub export_max: (Series, Cursor),
    pub import_price: (Series, Cursor),
    pub export_price: (Series, Cursor),
    pub cheaper_seconds: Option<(Series, Cursor)>,
    /// Sums of J * micro-euro / kWh, with the carry of the window before.
    pub import_value: i128,
    pub export_value: i128,
}

/// Everybody in a window, checked, in the orders of the dispatch.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Roster {
    pub start: i64,
    pub ticks: i64,
    pub tick_seconds: i64,
    pub inverter: String,
    pub machine: Machine,
    pub policies: Vec<Policy>,
    /// By name.
    pub flows: Vec<Flow>,
    /// By name.
    pub thermals: Bank,
    /// By name.
    pub fuels: Vec<Fuel>,
    pub grid: Option<Grid>,
    /// Where each phase of the grid's connection has a limit.
    pub phases: Option<Phases>,
    /// By name: they move nothing.
    pub idle: Vec<String>,
    /// Loads in the order in which they are shed: shedding priority ascending, then name.
    pub shedding_order: Vec<Load>,
    /// Flows in the order in which they are curtailed: shedding priority ascending, then name.
    pub curtailment_order: Vec<usize>,
    /// Who takes what nobody else wants: by falling shedding priority, then name.
    pub flexible_order: Vec<Load>,
    /// Stores on the AC side, with their chargers.
    pub garage: Garage,
    pub has_all_or_nothing: bool,
    /// The sun is not just what stands on the DC side: an origin makes it.
    pub is_mixed: bool,
}

/// Checks all offers of a window.
pub fn roster(offers: &Offers, start: i64, ticks: i64, tick_seconds: i64) -> Result<Roster, OfferError> {
    check_names(offers)?;
    let window = Window { offers, ticks, tick_seconds };
    let (name, inverter) = window.inverter()?;
    let stores = window.stores()?;
    let offered: Vec<&offer::Store> = stores.iter().map(|&(_, store)| store).collect();
    let policies = policies(&inverter.policy, &offered, ticks, tick_seconds)
        .map_err(|source| OfferError::Policy { device: name.to_owned(), source })?;
    let machine = Machine {
        converter: window.converter(name, inverter)?,
        rectifier: window.rectifier(name, inverter)?,
        stores: stores.iter().map(|&(name, store)| Store::new(name, store, tick_seconds)).collect(),
    };
    let flows = window.flows()?;
    let thermals = window.thermals()?;
    let garage = window.garage()?;
    let mut roster = Roster {
        start,
        ticks,
        tick_seconds,
        inverter: name.to_owned(),
        machine,
        policies,
        shedding_order: shedding_order(&flows, &thermals, &garage),
        curtailment_order: curtailment_order(&flows),
        has_all_or_nothing: flows.iter().any(|flow| flow.all_or_nothing),
        is_mixed: flows.iter().any(|flow| (flow.side == Side::Dc) != flow.origin.is_some()),
        flexible_order: flexible_order(&flows, &garage),
        garage,
        flows,
        thermals: Bank::new(thermals, tick_seconds),
        fuels: window.fuels()?,
        grid: window.grid()?,
        phases: None,
        idle: window.idle(),
    };
    roster.phases = window.phases(&roster)?;
    Ok(roster)
}

fn check_names(offers: &Offers) -> Result<(), OfferError> {
    if offers.len() > OFFERS_MAX {
        return Err(OfferError::Count { count: offers.len() });
    }
    offers.keys().try_for_each(|name| check_name(name))
}

fn curtailment_order(flows: &[Flow]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..flows.len()).collect();
    // Flows lie by name, and the sort is stable.
    order.sort_by_key(|&index| flows[index].shedding_priority);
    order
}

fn shedding_order(flows: &[Flow], thermals: &[Thermal], garage: &Garage) -> Vec<Load> {
    let mut order = ac_flows(flows, |_| true);
    let thermals = thermals.iter().enumerate();
    order.extend(
        thermals.map(|(index, thermal)| (thermal.shedding_priority(), thermal.name.as_str(), Load::Thermal(index))),
    );
    order.extend(parked(garage));
    order.sort_by_key(|&(shedding_priority, name, _)| (shedding_priority, name));
    order.into_iter().map(|(_, _, load)| load).collect()
}

fn flexible_order(flows: &[Flow], garage: &Garage) -> Vec<Load> {
    let mut order = ac_flows(flows, Flow::is_flexible);
    order.extend(parked(garage));
    order.sort_by_key(|&(shedding_priority, name, _)| (-shedding_priority, name));
    order.into_iter().map(|(_, _, load)| load).collect()
}

/// With shedding priority and name.
type Placed<'a> = (i64, &'a str, Load);

fn ac_flows(flows: &[Flow], keep: impl Fn(&Flow) -> bool) -> Vec<Placed<'_>> {
    let flows = flows.iter().enumerate().filter(|(_, flow)| flow.side == Side::Ac && keep(flow));
    flows.map(|(index, flow)| (flow.shedding_priority, flow.name.as_str(), Load::Flow(index))).collect()
}

fn parked(garage: &Garage) -> impl Iterator<Item = Placed<'_>> {
    let stores = garage.stores.iter().enumerate();
    stores.map(|(index, parked)| (garage.shedding_priority(index), parked.name(), Load::Store(index)))
}

struct Window<'a> {
    offers: &'a Offers,
    ticks: i64,
    tick_seconds: i64,
}

impl<'a> Window<'a> {
    fn pick<T>(&self, role: impl Fn(&'a Offer) -> Option<T>) -> Vec<(&'a str, T)> {
        self.offers.iter().filter_map(|(name, offer)| Some((name.as_str(), role(offer)?))).collect()
    }

    fn inverter(&self) -> Result<(&'a str, &'a offer::Inverter), OfferError> {
        let all = self.pick(|offer| if let Offer::Inverter(inverter) = offer { Some(inverter) } else { None });
        if all.len() != 1 {
            return Err(OfferError::Inverters { count: all.len(), names: names(&all) });
        }
        Ok(all[0])
    }

    fn stores(&self) -> Result<Vec<(&'a str, &'a offer::Store)>, OfferError> {
        let mut all = self.pick(|offer| if let Offer::Store(store) = offer { Some(store) } else { None });
        for (name, store) in &all {
            check_store(name, store)?;
        }
        all.sort_by_key(|&(_, store)| -store.priority);
        Ok(all)
    }

    fn converter(&self, name: &str, inverter: &offer::Inverter) -> Result<Converter, OfferError> {
        let rating_max = JOULES_MAX / self.tick_seconds;
        number(name, "rating_watts", inverter.rating_watts, 0, rating_max)?;
        number(name, "carry_microjoules", inverter.carry_microjoules, 0, INTEGER_MAX)?;
        let curve = if inverter.rating_watts == 0 {
            None
        } else {
            let curve = Curve::new(&inverter.curve_dc_milliwatts, &inverter.curve_ac_milliwatts, self.tick_seconds);
            Some(curve.map_err(|source| OfferError::Curve { device: name.to_owned(), source })?)
        };
        Ok(Converter {
            curve,
            rating_joules: inverter.rating_watts * self.tick_seconds,
            carry_microjoules: inverter.carry_microjoules,
        })
    }

    fn rectifier(&self, name: &str, inverter: &offer::Inverter) -> Result<Rectifier, OfferError> {
        number(name, "charge_watts_max", inverter.charge_watts_max, 0, INTEGER_MAX)?;
        number(name, "charge_efficiency_ppm", inverter.charge_efficiency_ppm, 1, 1_000_000)?;
        number(name, "night_milliwatts", inverter.night_milliwatts, 0, JOULES_MAX / self.tick_seconds)?;
        number(name, "night_carry_microjoules", inverter.night_carry_microjoules, 0, INTEGER_MAX)?;
        Ok(Rectifier {
            joules_max: inverter.charge_watts_max.saturating_mul(self.tick_seconds).min(JOULES_MAX),
            efficiency_ppm: inverter.charge_efficiency_ppm,
            night_microjoules: inverter.night_milliwatts * self.tick_seconds * 1000,
            night_carry_microjoules: inverter.night_carry_microjoules,
            idles_on_battery: inverter.idles_on_battery,
        })
    }

    fn flows(&self) -> Result<Vec<Flow>, OfferError> {
        let all = self.pick(|offer| if let Offer::Flow(flow) = offer { Some(flow) } else { None });
        all.into_iter()
            .map(|(name, flow)| {
                self.check_flow(name, flow)?;
                Ok(Flow::new(name, flow))
            })
            .collect()
    }

    fn check_flow(&self, name: &str, flow: &offer::Flow) -> Result<(), OfferError> {
        number(name, "shedding_priority", flow.shedding_priority, 0, 9)?;
        self.series(name, "want", &flow.want, -JOULES_MAX, JOULES_MAX)?;
        for (what, bound, least) in
            [("least", &flow.least, -JOULES_MAX), ("most", &flow.most, -JOULES_MAX), ("due", &flow.due, 0)]
        {
            if let Some(series) = bound {
                self.series(name, what, series, least, JOULES_MAX)?;
            }
        }
        if (flow.all_or_nothing || flow.due.is_some()) && !(flow.side == Side::Ac && flow.want.is_never_negative()) {
            return Err(OfferError::Waits { device: name.to_owned() });
        }
        let only_produces = flow.want.is_never_positive() && flow.most.as_ref().is_none_or(Series::is_never_positive);
        if flow.side == Side::Dc && !only_produces {
            return Err(OfferError::Consumes { device: name.to_owned() });
        }
        let Some(origin) = &flow.origin else { return Ok(()) };
        if !only_produces {
            return Err(OfferError::OriginConsumes { device: name.to_owned() });
        }
        self.check_origin(name, origin)
    }

    fn check_origin(&self, name: &str, origin: &str) -> Result<(), OfferError> {
        let moves = self.offers.get(origin).is_some_and(|offer| !matches!(offer, Offer::Nothing));
        if check_name(origin).is_err() || moves {
            return Err(OfferError::Origin { device: name.to_owned(), origin: origin.to_owned() });
        }
        Ok(())
    }

    fn thermals(&self) -> Result<Vec<Thermal>, OfferError> {
        self.burning(None)
    }

    /// The thermal masses with this fuel; without one the electric ones.
    fn burning(&self, fuel: Option<&str>) -> Result<Vec<Thermal>, OfferError> {
        let all = self.pick(|offer| match offer {
            Offer::Thermal(thermal) if thermal.fuel.as_deref() == fuel => Some(thermal),
            _ => None,
        });
        all.into_iter()
            .map(|(name, thermal)| {
                self.check_thermal(name, thermal)?;
                Ok(Thermal::new(name, thermal))
            })
            .collect()
    }

    fn fuels(&self) -> Result<Vec<Fuel>, OfferError> {
        let fuel = |name| Ok(Fuel::new(name, self.supply(name)?, self.burning(Some(name))?, self.tick_seconds));
        fuel_names(self.offers)?.into_iter().map(fuel).collect()
    }

    fn supply(&self, name: &str) -> Result<Option<&offer::FuelSupply>, OfferError> {
        let Some(Offer::Supply(supply)) = self.offers.get(name) else { return Ok(None) };
        self.series(name, "joules_max", &supply.joules_max, 0, INTEGER_MAX)?;
        Ok(Some(supply))
    }

    fn check_thermal(&self, name: &str, thermal: &offer::Thermal) -> Result<(), OfferError> {
        number(name, "shedding_priority", thermal.shedding_priority, 0, 9)?;
        number(name, "watts", thermal.watts, 0, JOULES_MAX / self.tick_seconds)?;
        number(name, "owed_joules", thermal.owed_joules, 0, INTEGER_MAX)?;
        number(name, "heat_microjoules", thermal.heat_microjoules, -INTEGER_MAX, INTEGER_MAX)?;
        number(name, "low_microjoules", thermal.low_microjoules, -INTEGER_MAX, thermal.high_microjoules)?;
        let mut seconds = 0i64;
        for run in &thermal.surroundings {
            number(name, "seconds", run.seconds, 1, TICKS_MAX * TICKS_MAX)?;
            number(name, "decay_q52", run.decay_q52, 0, 1 << 52)?;
            number(name, "equilibrium_off_microjoules", run.equilibrium_off_microjoules, -INTEGER_MAX, INTEGER_MAX)?;
            number(name, "equilibrium_on_microjoules", run.equilibrium_on_microjoules, -INTEGER_MAX, INTEGER_MAX)?;
            seconds = seconds.saturating_add(run.seconds);
        }
        let expected = self.ticks * self.tick_seconds;
        if seconds != expected {
            return Err(OfferError::ThermalRuns { device: name.to_owned(), expected, actual: seconds });
        }
        Ok(())
    }

    fn garage(&self) -> Result<Garage, OfferError> {
        let stores = self.pick(|offer| if let Offer::AcStore(store) = offer { Some(store.as_ref()) } else { None });
        let chargers = self.pick(|offer| if let Offer::Charger(charger) = offer { Some(charger) } else { None });
        for (name, store) in &stores {
            check_ac_store(name, store, self.ticks, self.tick_seconds)?;
        }
        for (name, charger) in &chargers {
            check_charger(name, charger, self.ticks, self.tick_seconds)?;
        }
        Ok(Garage::new(stores, chargers, self.tick_seconds))
    }

    fn grid(&self) -> Result<Option<Grid>, OfferError> {
        let all = self.pick(|offer| if let Offer::Grid(grid) = offer { Some(grid) } else { None });
        if all.len() > 1 {
            return Err(OfferError::Grids { count: all.len(), names: names(&all) });
        }
        let Some((name, grid)) = all.into_iter().next() else { return Ok(None) };
        self.series(name, "import_joules_max", &grid.import_joules_max, 0, INTEGER_MAX)?;
        self.series(name, "export_joules_max", &grid.export_joules_max, 0, INTEGER_MAX)?;
        self.series(name, "import_price", &grid.import_price, -JOULES_MAX, JOULES_MAX)?;
        self.series(name, "export_price", &grid.export_price, -JOULES_MAX, JOULES_MAX)?;
        if let Some(series) = &grid.cheaper_seconds {
            self.series(name, "cheaper_seconds", series, 0, JOULES_MAX)?;
        }
        number(name, "import_carry", grid.import_carry, 0, INTEGER_MAX)?;
        number(name, "export_carry", grid.export_carry, 0, INTEGER_MAX)?;
        let reader = |series: &Series| (series.clone(), series.cursor(Rounding::Down));
        Ok(Some(Grid {
            name: name.to_owned(),
            import_max: reader(&grid.import_joules_max),
            export_max: reader(&grid.export_joules_max),
            import_price: reader(&grid.import_price),
            export_price: reader(&grid.export_price),
            cheaper_seconds: grid.cheaper_seconds.as_ref().map(reader),
            import_value: i128::from(grid.import_carry),
            export_value: i128::from(grid.export_carry),
        }))
    }

    fn phases(&self, roster: &Roster) -> Result<Option<Phases>, OfferError> {
        let all = self.pick(|offer| if let Offer::Grid(grid) = offer { Some(grid) } else { None });
        let Some((name, grid)) = all.into_iter().next() else { return Ok(None) };
        let Some(limit) = &grid.phase_joules_max else { return Ok(None) };
        self.series(name, "phase_joules_max", limit, 0, JOULES_MAX)?;
        grid.phase_of.values().try_for_each(|&phase| number(name, "phase_of", phase, 1, 3))?;
        Ok(Some(Phases::new(limit, &grid.phase_of, (&roster.flows, &roster.thermals, &roster.garage))))
    }

    fn idle(&self) -> Vec<String> {
        self.pick(|offer| matches!(offer, Offer::Nothing).then_some(()))
            .into_iter()
            .map(|(name, ())| name.to_owned())
            .collect()
    }

    fn series(
        &self,
        device: &str,
        what: &'static str,
        series: &Series,
        least: i64,
        most: i64,
    ) -> Result<(), OfferError> {
        series.check(self.ticks, self.tick_seconds, least, most).map_err(|source| OfferError::Series {
            device: device.to_owned(),
            what,
            source,
        })
    }
}

fn names<T>(all: &[(&str, T)]) -> String {
    all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
