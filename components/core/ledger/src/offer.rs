//! The words of devices, as plain data; `check` turns them into a roster that the dispatch can trust.

use std::collections::BTreeMap;

use crate::series::Series;

/// What the sun's joules may be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The loads of the home.
    Loads,
    /// The stores.
    Battery,
    /// Flexible consumers and the grid.
    Export,
}

/// The side of the inverter that a flow is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Loads, AC producers.
    Ac,
    /// Panels.
    Dc,
}

/// Joules without memory.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Flow {
    pub side: Side,
    pub want: Series,
    pub least: Option<Series>,
    pub most: Option<Series>,
    pub shedding_priority: i64,
    pub reacts: bool,
    pub origin: Option<String>,
    pub all_or_nothing: bool,
    pub due: Option<Series>,
}

/// A store with the level at the window's start.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Store {
    pub level_microjoules: i64,
    pub least_joules: i64,
    pub most_joules: i64,
    pub capacity_joules: i64,
    pub charge_watts_max: i64,
    pub discharge_watts_max: i64,
    pub charge_efficiency_ppm: i64,
    pub discharge_efficiency_ppm: i64,
    pub standby_milliwatts: i64,
    pub standby_carry_microjoules: i64,
    pub sleeps_at_least: bool,
    pub priority: i64,
}

/// A store on the AC side: a car behind its charger, or a battery with a converter of its own.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct AcStore {
    /// Its powers and efficiencies are those at its AC terminals.
    pub store: Store,
    /// Through which it is charged and discharged; without one it stands at the busbar and takes only what nobody else wants.
    pub charger: Option<String>,
    pub phase_count: i64,
    /// Seconds of each tick in which it is plugged in; None: always.
    pub plugged_seconds: Option<Series>,
    /// Joules that driving takes from it in each tick.
    pub driving: Option<Series>,
    /// (joules inside, watts of charge at most), linear between; empty: the same at any level.
    pub taper: Vec<(i64, i64)>,
}

/// What lets joules through to a car, one at a time.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Charger {
    /// On each phase.
    pub phase_joules_max: Series,
    pub phase_count: i64,
    /// Each way.
    pub efficiency_ppm: i64,
    pub discharge_watts_max: i64,
    /// It takes only what nobody else wants.
    pub surplus_only: bool,
    pub shedding_priority: i64,
    /// Whether a car was plugged in in the tick before, and what it took since then.
    pub plugged: bool,
    pub session_joules: i64,
    /// 0: no limit.
    pub session_joules_max: i64,
}

/// Seconds in which the surroundings of a thermal mass do not change.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct ThermalRun {
    pub seconds: i64,
    pub enabled: bool,
    pub decay_q52: i64,
    pub equilibrium_off_microjoules: i64,
    pub equilibrium_on_microjoules: i64,
}

/// A thermostat around a thermal mass.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Thermal {
    pub heat_microjoules: i64,
    pub on: bool,
    pub low_microjoules: i64,
    pub high_microjoules: i64,
    pub cools: bool,
    pub watts: i64,
    pub surroundings: Vec<ThermalRun>,
    pub owed_joules: i64,
    pub shedding_priority: i64,
    /// The supply whose fuel it burns; without one it is electric.
    pub fuel: Option<String>,
}

/// What a fuel comes from, as gas does.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct FuelSupply {
    pub joules_max: Series,
}

/// The public grid.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Grid {
    pub import_joules_max: Series,
    pub export_joules_max: Series,
    pub import_price: Series,
    pub export_price: Series,
    pub cheaper_seconds: Option<Series>,
    pub import_carry: i64,
    pub export_carry: i64,
    /// On each of three phases, where each has a limit.
    pub phase_joules_max: Option<Series>,
    /// The phase, 1 to 3, of devices that are on one; all others are spread over all three.
    pub phase_of: BTreeMap<String, i64>,
}

/// What the inverter does by price; prices in micro-euro per kWh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PriceRules {
    pub charge_below: Option<i64>,
    /// The grid charges in so many of the cheapest seconds of a day.
    pub charge_cheapest_seconds: i64,
    pub discharge_from: Option<i64>,
    pub export_from: Option<i64>,
    pub sell_from: Option<i64>,
}

/// Ticks in which the settings of the inverter do not change.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct PolicyRun {
    pub ticks: i64,
    pub priority: [Goal; 3],
    pub charge_from_sun: bool,
    pub charge_from_grid: bool,
    pub discharge: bool,
    pub reserve_ppm: i64,
    pub target_ppm: i64,
    pub export_watts_max: i64,
    pub import_watts_max: i64,
    /// Whether what lies above `import_watts_max` is shed; else the grid serves what the stores cannot.
    pub sheds_above_import_max: bool,
    pub backup_only: bool,
    pub island: bool,
    pub outlet: bool,
    pub restore_reserve: bool,
    pub prices: PriceRules,
}

/// The converter and its policy.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Inverter {
    pub rating_watts: i64,
    pub curve_dc_milliwatts: Vec<i64>,
    pub curve_ac_milliwatts: Vec<i64>,
    pub charge_watts_max: i64,
    pub charge_efficiency_ppm: i64,
    pub night_milliwatts: i64,
    pub night_carry_microjoules: i64,
    pub idles_on_battery: bool,
    pub carry_microjoules: i64,
    pub policy: Vec<PolicyRun>,
}

/// What a device could move in a window.
#[derive(Clone, Debug)]
pub enum Offer {
    /// No joule at all.
    Nothing,
    /// Joules without memory.
    Flow(Flow),
    /// A battery.
    Store(Store),
    /// A store on the AC side.
    AcStore(Box<AcStore>),
    /// What a car is charged through.
    Charger(Charger),
    /// A thermostat.
    Thermal(Thermal),
    /// What a fuel comes from.
    Supply(FuelSupply),
    /// The public grid.
    Grid(Grid),
    /// The busbar.
    Inverter(Inverter),
}

/// All offers of a home by the device's name: sorted, so that the order of arrival changes nothing.
pub type Offers = BTreeMap<String, Offer>;
