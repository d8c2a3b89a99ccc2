//! The limit of counting: a plain loop over the same integers as `bench`, without names, transfers, ledger or seals.
//!
//! `cargo run --release --example plain [days]` prints the time of both, and their ratio, in one run.
//!
//! The loop knows its home by heart: four panels, three thermal masses, nine loads, a battery, an inverter and a grid. It
//! adds up what each device moved, and its sums are asserted to be those of the ledger.

use std::cell::Cell;
use std::time::Instant;

use joulebus_ledger::knots::Rounding;
use joulebus_ledger::ledger::Ledger;
use joulebus_ledger::offer::{Inverter, Offer, Offers, Thermal};
use joulebus_ledger::series::Series;

#[path = "common/home.rs"]
mod home;

use home::{DAY, carry, offers};

/// What each device moved: panels, thermal masses, loads, battery in and out, grid in and out, lost in the inverter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    panels: [i64; 4],
    curtailed: i64,
    thermals: [i64; 3],
    loads: [i64; 9],
    charged: i64,
    discharged: i64,
    imported: i64,
    exported: i64,
    heat: i64,
}

/// What goes on from day to day.
struct Memory {
    panel_carries: [i64; 4],
    heats: [(i64, bool); 3],
    level: i64,
    standby: i64,
    carry: i64,
    night: i64,
}

fn main() {
    let days = std::env::args().nth(1).map_or(30, |days| days.parse::<i64>().expect("a number of days"));
    let (mut plain, mut counted) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let (sums, seconds) = plain_days(days);
        plain.push(seconds);
        let (of_ledger, seconds) = ledger_days(days);
        counted.push(seconds);
        assert_eq!(sums, of_ledger, "the plain loop and the ledger count the same joules");
    }
    let (plain, counted) = (least(&plain) / days as f64, least(&counted) / days as f64);
    println!("a plain loop: {:.2} ms a day, {:.2} s a year", plain * 1e3, plain * 365.0);
    println!("the ledger, sealed: {:.2} ms a day, {:.2} s a year", counted * 1e3, counted * 365.0);
    println!("ratio {:.2}", counted / plain);
}

fn least(seconds: &[f64]) -> f64 {
    seconds.iter().copied().fold(f64::INFINITY, f64::min)
}

fn ledger_days(days: i64) -> (Sums, f64) {
    let mut ledger = Ledger::new("bench", 1_767_225_600, 1).expect("a home");
    let (mut sums, mut offers, mut seconds) = (Sums::default(), offers(0, DAY), 0.0);
    for day in 0..days {
        let begun = Instant::now();
        let settlement = ledger.settle(day * DAY, DAY, &offers).expect("a settlement");
        seconds += begun.elapsed().as_secs_f64();
        offers = home::offers((day + 1) * DAY, DAY);
        for (name, outcome) in &settlement.outcomes {
            carry(offers.get_mut(name).expect("the same devices"), outcome);
            let (taken, given) = (outcome.joules_in as i64, outcome.joules_out as i64);
            match (name.as_str(), name.strip_prefix("panel"), name.strip_prefix("load")) {
                (_, Some(number), _) => {
                    sums.panels[number.parse::<usize>().expect("a number")] += given;
                    sums.curtailed += outcome.curtailed_joules as i64;
                }
                (_, _, Some(number)) => sums.loads[number.parse::<usize>().expect("a number")] += taken,
                ("fridge", ..) => sums.thermals[0] += taken,
                ("geyser", ..) => sums.thermals[1] += taken,
                ("oven", ..) => sums.thermals[2] += taken,
                ("battery", ..) => (sums.charged, sums.discharged) = (sums.charged + taken, sums.discharged + given),
                ("grid", ..) => (sums.exported, sums.imported) = (sums.exported + taken, sums.imported + given),
                ("inverter", ..) => sums.heat += outcome.heat_joules as i64,
                _ => {}
            }
        }
    }
    (sums, seconds)
}

fn plain_days(days: i64) -> (Sums, f64) {
    let (mut sums, mut seconds) = (Sums::default(), 0.0);
    let mut memory: Option<Memory> = None;
    for day in 0..days {
        let offers = offers(day * DAY, DAY);
        let memory = memory.get_or_insert_with(|| begin(&offers));
        let begun = Instant::now();
        one_day(&offers, memory, &mut sums);
        seconds += begun.elapsed().as_secs_f64();
    }
    (sums, seconds)
}

fn thermals(offers: &Offers) -> [&Thermal; 3] {
    ["fridge", "geyser", "oven"].map(|name| match &offers[name] {
        Offer::Thermal(thermal) => thermal,
        other => panic!("{name} is a thermal mass, not {other:?}"),
    })
}

fn inverter(offers: &Offers) -> &Inverter {
    match &offers["inverter"] {
        Offer::Inverter(inverter) => inverter,
        other => panic!("the inverter is none: {other:?}"),
    }
}

fn begin(offers: &Offers) -> Memory {
    let heats = thermals(offers).map(|thermal| (thermal.heat_microjoules, thermal.on));
    let Offer::Store(battery) = &offers["battery"] else { panic!("the battery is a store") };
    Memory { panel_carries: [0; 4], heats, level: battery.level_microjoules, standby: 0, carry: 0, night: 0 }
}

/// Joules of each tick of a day, as the offers say them.
fn wants(offers: &Offers, name: &str, carry: &mut i64) -> Vec<i64> {
    let Offer::Flow(flow) = &offers[name] else { panic!("{name} is a flow") };
    let mut series = flow.want.clone();
    if let Series::Knots(knots) = &mut series {
        knots.carry = *carry;
    }
    let (mut cursor, mut out) = (series.cursor(Rounding::Carry), vec![0; DAY as usize]);
    series.fill(&mut cursor, 1, &mut out);
    *carry = cursor.carry;
    out
}

/// AC microjoules of DC joules along the curve, and the fewest DC joules for AC microjoules.
struct Line<'a> {
    dc: &'a [i64],
    ac: &'a [i64],
    /// Where the last questions were answered.
    near: [Cell<usize>; 2],
}

/// The last point below, mostly that of the question before.
fn below(points: &[i64], near: &Cell<usize>, value: i64) -> usize {
    if !(points[near.get()] < value && value <= points[near.get() + 1]) {
        near.set(points.partition_point(|&point| point < value).max(1) - 1);
    }
    near.get()
}

impl Line<'_> {
    fn out(&self, dc: i64) -> i64 {
        let dc = dc * 1000;
        let last = self.dc.len() - 1;
        if dc >= self.dc[last] {
            return self.ac[last] * 1000;
        }
        let at = below(self.dc, &self.near[0], dc);
        self.ac[at] * 1000
            + (dc - self.dc[at]) * (self.ac[at + 1] - self.ac[at]) * 1000 / (self.dc[at + 1] - self.dc[at])
    }

    fn need(&self, ac: i64) -> i64 {
        if ac <= 0 {
            return 0;
        }
        let at = below(self.ac, &self.near[1], (ac + 999) / 1000);
        let (run, rise) = (self.dc[at + 1] - self.dc[at], (self.ac[at + 1] - self.ac[at]) * 1000);
        (self.dc[at] + ((ac - self.ac[at] * 1000) * run + rise - 1) / rise + 999) / 1000
    }
}

fn one_day(offers: &Offers, memory: &mut Memory, sums: &mut Sums) {
    let carries = &mut memory.panel_carries;
    let panels: [Vec<i64>; 4] = std::array::from_fn(|n| wants(offers, &format!("panel{n}"), &mut carries[n]));
    let loads: [Vec<i64>; 9] = std::array::from_fn(|n| wants(offers, &format!("load{n}"), &mut 0));
    let (thermals, inverter) = (thermals(offers), inverter(offers));
    let line = Line { dc: &inverter.curve_dc_milliwatts, ac: &inverter.curve_ac_milliwatts, near: Default::default() };
    for tick in 0..DAY as usize {
        let mut load = 0;
        for (number, thermal) in thermals.iter().enumerate() {
            let joules = second(thermal, &mut memory.heats[number]);
            sums.thermals[number] += joules;
            load += joules;
        }
        for (number, wants) in loads.iter().enumerate() {
            sums.loads[number] += wants[tick];
            load += wants[tick];
        }
        let sun: i64 = panels.iter().map(|wants| -wants[tick]).sum();
        let left = balance(&line, inverter.rating_watts, (load, sun), memory, sums);
        curtail(&panels, tick, left, sums);
    }
}

/// A second of a thermostat.
fn second(thermal: &Thermal, (heat, on): &mut (i64, bool)) -> i64 {
    let run = &thermal.surroundings[0];
    *on = match (thermal.cools, *on) {
        (false, true) => *heat < thermal.high_microjoules,
        (false, false) => *heat <= thermal.low_microjoules,
        (true, true) => *heat > thermal.low_microjoules,
        (true, false) => *heat >= thermal.high_microjoules,
    };
    let rest = if *on { run.equilibrium_on_microjoules } else { run.equilibrium_off_microjoules };
    *heat = rest + ((i128::from(*heat - rest) * i128::from(run.decay_q52)) >> 52) as i64;
    if *on { thermal.watts } else { 0 }
}

/// Who is curtailed, in the order of their names.
fn curtail(panels: &[Vec<i64>; 4], tick: usize, left: i64, sums: &mut Sums) {
    let mut left = left;
    sums.curtailed += left;
    for (number, wants) in panels.iter().enumerate() {
        let taken = left.min(-wants[tick]);
        sums.panels[number] += -wants[tick] - taken;
        left -= taken;
    }
}

/// The battery of `bench`: 10 kWh, 5 kW, 96 % each way, 5 W of standby, and a fifth kept for outages.
const FULL: i64 = 36_000_000_000_000;
const KEPT: i64 = 7_200_000_000_000;

/// Loads first, then the battery, then the grid; returns what is left of the sun.
fn balance(line: &Line<'_>, rating: i64, (load, sun): (i64, i64), memory: &mut Memory, sums: &mut Sums) -> i64 {
    let limit = ((line.ac[line.ac.len() - 1] * 1000 + memory.carry) / 1_000_000).min(rating);
    let (mut load, mut sun, mut dc, mut ac) = (load, sun, 0, 0);
    let (mut charged, mut discharged, mut export) = (0, 0, 0);
    let convert = |dc: i64, ac: i64, joules: i64, sun: i64, pool: i64| {
        let (wanted, all) = ((ac + joules).min(limit), dc + sun + pool);
        if wanted <= ac || all == dc {
            return (dc, ac);
        }
        let need = |ac: i64| line.need(ac * 1_000_000 - memory.carry).max(ac);
        let needed = need(wanted);
        if needed <= all {
            return (needed, wanted);
        }
        let out = line.out(all);
        let most = ((out + memory.carry) / 1_000_000).min(all).max(ac);
        if out == 0 { (dc, ac) } else { (if pool == 0 { all } else { need(most).max(dc + sun) }, most) }
    };
    let room = ((FULL - memory.level) / 960_000).clamp(0, 5000);
    let mut starved = false;
    if sun > 0 {
        // The grid of this home always suffices, so the loads come first in the order of the policy.
        let before = (dc, ac);
        (dc, ac) = convert(dc, ac, load, sun, 0);
        sun -= dc - before.0;
        starved = load > 0 && ac - before.1 < load;
        load -= ac - before.1;
        if !starved {
            charged = sun.min(room);
            sun -= charged;
        }
        let before = (dc, ac);
        (dc, ac) = convert(dc, ac, 5000, sun, 0);
        sun -= dc - before.0;
        export = ac - before.1;
    }
    if load > 0 && charged == 0 {
        let space = i128::from((memory.level - KEPT).max(0));
        let pool = (space * 960_000 / 1_000_000_000_000).min(5000) as i64;
        if pool > 0 {
            let before = (dc, ac);
            (dc, ac) = convert(dc, ac, load, sun, pool);
            discharged = (dc - before.0) - (dc - before.0).min(sun);
            sun -= (dc - before.0).min(sun);
            load -= ac - before.1;
        }
    }
    let kept = load.min(export);
    let mut import = load - kept;
    export -= kept;
    if starved && discharged == 0 {
        let more = sun.min(room - charged);
        charged += more;
        sun -= more;
    }
    let mut heat = dc - ac;
    if dc == 0 {
        let all = inverter_night(memory);
        heat += all;
        import += all;
    } else {
        memory.carry += line.out(dc) - ac * 1_000_000;
    }
    store(memory, charged, discharged);
    sums.charged += charged;
    sums.discharged += discharged;
    sums.exported += export;
    sums.imported += import;
    sums.heat += heat;
    sun
}

fn inverter_night(memory: &mut Memory) -> i64 {
    let all = 1_518_000 + memory.night;
    memory.night = all % 1_000_000;
    all / 1_000_000
}

fn store(memory: &mut Memory, charged: i64, discharged: i64) {
    memory.level += charged * 960_000 - (discharged * 1_000_000_000_000 + 959_999) / 960_000;
    let all = 5_000_000 + memory.standby;
    memory.standby = all % 1_000_000;
    memory.level -= (all / 1_000_000 * 1_000_000).min(memory.level);
}
