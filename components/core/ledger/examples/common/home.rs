//! The home of 20 devices at ticks of a second that the examples count.

use joulebus_ledger::knots::Knots;
use joulebus_ledger::math::decay_q52;
use joulebus_ledger::offer::{
    Flow, Goal, Grid, Inverter, Offer, Offers, PolicyRun, PriceRules, Side, Store, Thermal, ThermalRun,
};
use joulebus_ledger::outcome::Outcome;
use joulebus_ledger::series::{INTEGER_MAX, Series};

/// Ticks of a day.
pub const DAY: i64 = 86_400;

/// Hands over what goes on from window to window.
pub fn carry(after: &mut Offer, outcome: &Outcome) {
    match after {
        Offer::Flow(Flow { want: Series::Knots(knots), .. }) => knots.carry = outcome.carry,
        Offer::Store(store) => {
            store.level_microjoules = outcome.level_microjoules;
            store.standby_carry_microjoules = outcome.standby_carry_microjoules;
        }
        Offer::Thermal(thermal) => {
            thermal.heat_microjoules = outcome.heat_microjoules;
            thermal.on = outcome.on;
        }
        Offer::Grid(grid) => {
            grid.import_carry = outcome.import_carry;
            grid.export_carry = outcome.export_carry;
        }
        Offer::Inverter(inverter) => {
            inverter.carry_microjoules = outcome.carry_microjoules;
            inverter.night_carry_microjoules = outcome.night_carry_microjoules;
        }
        _ => {}
    }
}

/// What everybody could move in a window.
pub fn offers(start: i64, ticks: i64) -> Offers {
    let mut all = Offers::new();
    let mut add = |name: &str, offer| all.insert(name.to_owned(), offer);
    for (index, share) in [100, 80, 60, 90].into_iter().enumerate() {
        add(&format!("panel{index}"), panel(start, ticks, share));
    }
    add("battery", Offer::Store(battery()));
    add("grid", Offer::Grid(grid(start, ticks)));
    add("inverter", Offer::Inverter(inverter(ticks)));
    add("fridge", Offer::Thermal(thermal(ticks, 30_000, 1.6, 288.0, 120, 22.0, (3.0, 5.0), true)));
    add("geyser", Offer::Thermal(thermal(ticks, 627_900, 1.5, 3000.0, 3000, 20.0, (55.0, 60.0), false)));
    add("oven", Offer::Thermal(thermal(ticks, 12_000, 5.5, 2400.0, 2400, 20.0, (195.0, 205.0), false)));
    for index in 0..9 {
        add(&format!("load{index}"), Offer::Flow(flow(Side::Ac, Series::RunLengths(timer(start, ticks, index)))));
    }
    add("sun", Offer::Nothing);
    add("weather", Offer::Nothing);
    all
}

fn flow(side: Side, want: Series) -> Flow {
    Flow {
        side,
        want,
        least: None,
        most: None,
        shedding_priority: 5,
        reacts: false,
        origin: None,
        all_or_nothing: false,
        due: None,
    }
}

fn panel(start: i64, ticks: i64, share: i64) -> Offer {
    let grid_seconds = 300;
    let power = |knot: i64| {
        let hour = (start + knot * grid_seconds).rem_euclid(DAY) as f64 / 3600.0;
        let sun = (-(hour - 12.0) * (hour - 12.0) / 18.0).exp() * f64::from(u8::from((6.0..18.0).contains(&hour)));
        -(sun * 15_000.0) as i64 * share + (knot * 7919 % 1000) * i64::from(sun > 0.0)
    };
    let milliwatts = (0..=(ticks + grid_seconds - 1) / grid_seconds).map(power).map(|power| power.min(0)).collect();
    let knots = Knots { grid_seconds, lead_seconds: 0, milliwatts, carry: 0 };
    Offer::Flow(Flow { origin: Some("sun".into()), ..flow(Side::Dc, Series::Knots(knots)) })
}

/// A base load, or a device that is on for some minutes every few hours.
fn timer(start: i64, ticks: i64, index: i64) -> Vec<(i64, i64)> {
    if index == 0 {
        return vec![(ticks, 150)];
    }
    let (period, length, watts) = (3600 * (2 + index), 300 * index, 200 * index);
    let (mut runs, mut tick) = (Vec::new(), start);
    while tick < start + ticks {
        let phase = tick % period;
        let (end, joules) = if phase < length { (length, watts) } else { (period, 0) };
        let count = (end - phase).min(start + ticks - tick);
        runs.push((count, joules));
        tick += count;
    }
    runs
}

fn battery() -> Store {
    Store {
        level_microjoules: 20_000_000_000_000,
        least_joules: 3_600_000,
        most_joules: 36_000_000,
        capacity_joules: 36_000_000,
        charge_watts_max: 5000,
        discharge_watts_max: 5000,
        charge_efficiency_ppm: 960_000,
        discharge_efficiency_ppm: 960_000,
        standby_milliwatts: 5000,
        standby_carry_microjoules: 0,
        sleeps_at_least: false,
        priority: 5,
    }
}

fn grid(start: i64, ticks: i64) -> Grid {
    let prices = |day: i64, night: i64| {
        let hours = (start / 3600)..=(start + ticks - 1) / 3600;
        let price = |hour: i64| if (7..22).contains(&(hour % 24)) { day } else { night };
        let clip = |hour: i64| ((hour + 1) * 3600).min(start + ticks) - (hour * 3600).max(start);
        Series::RunLengths(hours.map(|hour| (clip(hour), price(hour))).collect())
    };
    Grid {
        import_joules_max: Series::constant(9200, ticks),
        export_joules_max: Series::constant(5000, ticks),
        import_price: prices(321_400, 222_500),
        export_price: prices(100_000, 100_000),
        cheaper_seconds: None,
        import_carry: 0,
        export_carry: 0,
        phase_joules_max: None,
        phase_of: Default::default(),
    }
}

fn inverter(ticks: i64) -> Inverter {
    let policy = PolicyRun {
        ticks,
        priority: [Goal::Loads, Goal::Battery, Goal::Export],
        charge_from_sun: true,
        charge_from_grid: false,
        discharge: true,
        reserve_ppm: 200_000,
        target_ppm: 1_000_000,
        export_watts_max: INTEGER_MAX,
        import_watts_max: INTEGER_MAX,
        backup_only: false,
        island: true,
        outlet: false,
        sheds_above_import_max: true,
        restore_reserve: false,
        prices: PriceRules::default(),
    };
    // PVWatts' curve with 20 points.
    let dc: Vec<i64> = (0..=20).map(|point| point * 262_000).collect();
    let efficiency = |share: f64| ((-0.0162 * share - 0.0059 / share + 0.9858) * 0.96 / 0.9637).max(0.0);
    let ac = |&dc: &i64| if dc == 0 { 0 } else { (dc as f64 * efficiency(dc as f64 / 5.24e6)) as i64 };
    Inverter {
        rating_watts: 5000,
        curve_ac_milliwatts: dc.iter().map(ac).collect(),
        curve_dc_milliwatts: dc,
        charge_watts_max: 3000,
        charge_efficiency_ppm: 960_000,
        night_milliwatts: 1518,
        night_carry_microjoules: 0,
        idles_on_battery: false,
        carry_microjoules: 0,
        policy: vec![policy],
    }
}

#[allow(clippy::too_many_arguments)]
fn thermal(
    ticks: i64,
    capacity: i64,
    conductance: f64,
    power: f64,
    watts: i64,
    room: f64,
    (low, high): (f64, f64),
    cools: bool,
) -> Thermal {
    let microjoules = |degrees: f64| (degrees * capacity as f64 * 1e6) as i64;
    let gain = power / conductance * if cools { -1.0 } else { 1.0 };
    let tau_milliseconds = (capacity as f64 / conductance * 1000.0) as i64;
    let run = ThermalRun {
        seconds: ticks,
        enabled: true,
        decay_q52: decay_q52(1, tau_milliseconds).expect("a decay"),
        equilibrium_off_microjoules: microjoules(room),
        equilibrium_on_microjoules: microjoules(room + gain),
    };
    Thermal {
        heat_microjoules: microjoules((low + high) / 2.0),
        on: false,
        low_microjoules: microjoules(low),
        high_microjoules: microjoules(high),
        cools,
        watts,
        surroundings: vec![run],
        owed_joules: 0,
        shedding_priority: 5,
        fuel: None,
    }
}
