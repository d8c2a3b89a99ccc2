//! Random homes out of a seed: devices that say the same of a tick whatever the window.

use std::collections::BTreeMap;

use joulebus_ledger::knots::Knots;
use joulebus_ledger::ledger::{Ledger, Settlement};
use joulebus_ledger::offer::{
    AcStore, Charger, Flow, FuelSupply, Grid, Inverter, Offer, Offers, PolicyRun, Side, Store, Thermal, ThermalRun,
};
use joulebus_ledger::outcome::Outcome;
use joulebus_ledger::series::Series;

use super::chance::Chance;
use super::masses;
use super::parked;
use super::policies::random_policy;
use super::trace::Trace;
use super::*;

enum Kind {
    Each {
        side: Side,
        want: Vec<i64>,
        most: Option<Vec<i64>>,
    },
    Sun {
        grid_seconds: i64,
        milliwatts: Vec<i64>,
    },
    /// Wants so many joules in all and asks again whenever it got less or more.
    Waiting {
        joules: i64,
        power: i64,
        spare: i64,
    },
    Store(Store),
    /// A store on the AC side, with the seconds in which it is plugged in and what it drives.
    AcStore(Box<AcStore>, [Vec<i64>; 2]),
    Charger(Charger, Vec<i64>),
    Thermal(Thermal, Vec<ThermalRun>),
    Supply(Vec<i64>),
    /// With joules on each phase at most, and the phases of devices.
    Grid(Box<[Vec<i64>; 4]>, Option<Fuse>),
    Inverter(Inverter, Vec<PolicyRun>),
}

pub type Fuse = (Vec<i64>, BTreeMap<String, i64>);

struct Device {
    kind: Kind,
    shedding_priority: i64,
    origin: Option<String>,
    memory: Outcome,
    got: i64,
}

pub struct Home {
    pub ticks: i64,
    pub tick_seconds: i64,
    devices: BTreeMap<String, Device>,
}

impl Home {
    pub fn random(seed: u64) -> Home {
        let mut chance = Chance(seed);
        let tick_seconds = [1, 1, 7, 60][chance.below(4) as usize];
        let ticks = chance.between(50, 400);
        let mut home = Home { ticks, tick_seconds, devices: BTreeMap::new() };
        home.add("inverter", |home| home.inverter(&mut chance));
        let mut chance = Chance(seed ^ 0xabcdef);
        if !chance.one_in(8) {
            home.add("grid", |home| home.grid(&mut chance));
        }
        for index in 0..chance.below(3) {
            home.add(&format!("battery{index}"), |home| home.store(&mut chance));
        }
        for index in 0..chance.below(3) {
            home.add(&format!("geyser{index}"), |home| home.thermal(&mut chance));
        }
        for index in 0..chance.below(4) {
            home.add(&format!("panel{index}"), |home| home.sun(&mut chance));
            home.devices.get_mut(&format!("panel{index}")).unwrap().origin = chance.one_in(2).then(|| "sun".into());
        }
        for index in 0..chance.below(5) {
            home.add(&format!("load{index}"), |home| home.flow(&mut chance));
        }
        if chance.one_in(2) {
            home.add("dryer", |_| Kind::Waiting { joules: 300_000, power: 3000, spare: 2000 });
        }
        home.park(&mut Chance(seed ^ 0x00ca_7000));
        home.heat(&mut Chance(seed ^ 0x0006_a500));
        home.fuse(&mut Chance(seed ^ 0x0003_fa5e));
        home.devices.values_mut().for_each(|device| device.shedding_priority = chance.below(10));
        home
    }

    /// Cars at a charger, of which one is taken in at a time, and a battery at the busbar.
    fn park(&mut self, chance: &mut Chance) {
        if chance.one_in(2) {
            self.add("charger", |home| {
                let (charger, limits) = parked::charger(home.ticks, home.tick_seconds, chance);
                Kind::Charger(charger, limits)
            });
        }
        for index in 0..chance.below(3) {
            self.add(&format!("car{index}"), |home| home.parked(Some("charger".into()), chance));
        }
        if chance.one_in(3) {
            self.add("battery_ac", |home| home.parked(None, chance));
        }
    }

    /// Boilers on gas; in some homes there is not enough of it, in some none.
    fn heat(&mut self, chance: &mut Chance) {
        let burners = chance.below(4);
        for index in 0..burners {
            self.add(&format!("boiler{index}"), |home| {
                let Kind::Thermal(thermal, seconds) = home.thermal(chance) else { unreachable!("it is a mass") };
                Kind::Thermal(Thermal { fuel: Some("gas".into()), ..thermal }, seconds)
            });
        }
        if !chance.one_in(4) {
            let most = [i64::MAX >> 12, 4000 * self.tick_seconds][chance.below(2) as usize];
            self.add("gas", |home| Kind::Supply(chance.steps(home.ticks, |chance| chance.below(4).min(1) * most)));
        }
    }

    /// Some connections have three phases with a fuse each, and some devices are on one of them.
    fn fuse(&mut self, chance: &mut Chance) {
        let (ticks, most) = (self.ticks, 3000 * self.tick_seconds);
        let phase_of =
            self.devices.keys().filter(|_| !chance.one_in(3)).cloned().zip([1, 2, 3, 1, 1, 2].into_iter().cycle());
        let phase_of = phase_of.collect();
        if let (true, Some(Kind::Grid(_, fuse))) =
            (chance.one_in(2), self.devices.get_mut("grid").map(|grid| &mut grid.kind))
        {
            *fuse = Some((chance.steps(ticks, |chance| chance.below(most)), phase_of));
        }
    }

    fn parked(&self, charger: Option<String>, chance: &mut Chance) -> Kind {
        let Kind::Store(store) = self.store(chance) else { unreachable!("it is a store") };
        let (ac, courses) = parked::ac_store(self.ticks, self.tick_seconds, (store, charger), chance);
        Kind::AcStore(Box::new(ac), courses)
    }

    fn add(&mut self, name: &str, kind: impl FnOnce(&Home) -> Kind) {
        let kind = kind(self);
        let mut memory = Outcome::default();
        match &kind {
            Kind::Store(store) => memory.level_microjoules = store.level_microjoules,
            Kind::AcStore(ac, _) => memory.level_microjoules = ac.store.level_microjoules,
            Kind::Thermal(thermal, _) => memory.heat_microjoules = thermal.heat_microjoules,
            _ => {}
        }
        self.devices.insert(name.to_owned(), Device { kind, shedding_priority: 5, origin: None, memory, got: 0 });
    }

    fn inverter(&self, chance: &mut Chance) -> Kind {
        let rating_watts = if chance.one_in(10) { 0 } else { chance.between(500, 8000) };
        let base = Inverter {
            rating_watts,
            curve_dc_milliwatts: vec![0, 25_000, 400_000, 9_000_000],
            curve_ac_milliwatts: vec![0, 0, 380_000, 8_400_000 + chance.below(500_000)],
            charge_watts_max: chance.below(5000),
            charge_efficiency_ppm: chance.between(800_000, 1_000_000),
            night_milliwatts: chance.below(3000),
            ..inverter(policy(1))
        };
        let mut runs = Vec::new();
        for _ in 0..self.ticks {
            let same = runs.last().cloned().filter(|_| !chance.one_in(30));
            runs.push(same.unwrap_or_else(|| random_policy(chance)));
        }
        Kind::Inverter(base, runs)
    }

    fn grid(&self, chance: &mut Chance) -> Kind {
        let dt = self.tick_seconds;
        let import = chance.steps(self.ticks, |chance| if chance.one_in(4) { 0 } else { chance.below(7000) * dt });
        let export = import.iter().map(|&cap| if cap == 0 { 0 } else { (7000 * dt - cap).max(1) }).collect();
        let prices = [0, 1].map(|_| chance.steps(self.ticks, |chance| chance.between(-50_000, 400_000)));
        let [import_price, export_price] = prices;
        Kind::Grid(Box::new([import, export, import_price, export_price]), None)
    }

    fn store(&self, chance: &mut Chance) -> Kind {
        let capacity = chance.between(1000, 2_000_000);
        let least_joules = chance.below(capacity / 4 + 1);
        Kind::Store(Store {
            level_microjoules: chance.between(least_joules * 1_000_000, capacity * 1_000_000),
            least_joules,
            charge_watts_max: chance.below(4000),
            discharge_watts_max: chance.below(4000),
            charge_efficiency_ppm: chance.between(850_000, 1_000_000),
            discharge_efficiency_ppm: chance.between(850_000, 1_000_000),
            standby_milliwatts: chance.below(9000),
            sleeps_at_least: chance.one_in(3),
            ..store(0, capacity)
        })
    }

    fn thermal(&self, chance: &mut Chance) -> Kind {
        let (thermal, seconds) = masses::thermal(self.ticks * self.tick_seconds, self.tick_seconds, chance);
        Kind::Thermal(thermal, seconds)
    }

    fn sun(&self, chance: &mut Chance) -> Kind {
        let grid_seconds = [7, 60, 300][chance.below(3) as usize];
        let knots = self.ticks * self.tick_seconds / grid_seconds + 3;
        let milliwatts = (0..knots).map(|_| -chance.below(5_000_000) * chance.below(2)).collect();
        Kind::Sun { grid_seconds, milliwatts }
    }

    fn flow(&self, chance: &mut Chance) -> Kind {
        let dt = self.tick_seconds;
        let produces = chance.one_in(4);
        let want = chance.steps(self.ticks, |chance| match chance.below(4) {
            0 => 0,
            1 if produces => -chance.below(3000) * dt,
            _ => chance.below(3000) * dt,
        });
        let most = chance.one_in(3).then(|| want.iter().map(|&want| want.max(0) + chance.below(1000)).collect());
        Kind::Each { side: Side::Ac, want, most }
    }

    /// What each phase carries at most, and who is on which.
    pub fn fuses(&self) -> Option<Fuse> {
        match self.devices.get("grid").map(|device| &device.kind) {
            Some(Kind::Grid(_, fuse)) => fuse.clone(),
            _ => None,
        }
    }

    /// The same home without some of its devices.
    pub fn without(mut self, names: &[&str]) -> Home {
        self.devices.retain(|name, _| !names.contains(&name.as_str()));
        self
    }

    /// Runs the home in windows of these sizes, in turn.
    pub fn run(mut self, sizes: &[i64]) -> Trace {
        let mut ledger = Ledger::new("random", 1_767_225_600 + 333, self.tick_seconds).unwrap();
        let mut trace = Trace::default();
        let mut sizes = sizes.iter().cycle();
        while ledger.books().next_tick < self.ticks {
            let start = ledger.books().next_tick;
            let ticks = (*sizes.next().unwrap()).min(self.ticks - start);
            let offers = self.offers(start, ticks);
            let settlement = ledger.settle(start, ticks, &offers).unwrap();
            self.advance(&settlement);
            trace.add(&settlement, self.ticks);
        }
        for (name, device) in &self.devices {
            let memory = &device.memory;
            let all = [
                memory.carry,
                memory.level_microjoules,
                memory.standby_carry_microjoules,
                memory.heat_microjoules,
                i64::from(memory.on),
                memory.carry_microjoules,
                memory.night_carry_microjoules,
                memory.import_carry + 7 * memory.export_carry + 11 * memory.owed_joules + 13 * memory.session_joules,
            ];
            trace.memories.insert(name.clone(), all);
        }
        assert_eq!(ledger.books().balances.values().sum::<i128>(), 0);
        trace.snapshot = ledger.snapshot();
        trace
    }

    fn advance(&mut self, settlement: &Settlement) {
        for (name, outcome) in &settlement.outcomes {
            let device = self.devices.get_mut(name).unwrap();
            device.memory = outcome.clone();
            device.got += outcome.joules_in as i64;
        }
    }

    pub fn offers(&self, start: i64, ticks: i64) -> Offers {
        let offer = |(name, device): (&String, &Device)| (name.clone(), device.offer(self.tick_seconds, start, ticks));
        self.devices.iter().map(offer).collect()
    }
}

impl Device {
    fn offer(&self, tick_seconds: i64, start: i64, ticks: i64) -> Offer {
        let cut = |values: &[i64]| values[start as usize..(start + ticks) as usize].to_vec();
        let part = |values: &[i64]| if start % 2 == 0 { Series::Each(cut(values)) } else { runs(&cut(values)) };
        match &self.kind {
            Kind::Each { side, want, most } => {
                let most = most.as_ref().map(|most| part(most));
                let origin = self.origin.clone();
                Offer::Flow(Flow {
                    side: *side,
                    most,
                    shedding_priority: self.shedding_priority,
                    origin,
                    ..flow(part(want))
                })
            }
            Kind::Sun { grid_seconds, milliwatts } => {
                let first = start * tick_seconds / grid_seconds;
                let last = ((start + ticks) * tick_seconds + grid_seconds - 1) / grid_seconds;
                let knots = Knots {
                    grid_seconds: *grid_seconds,
                    lead_seconds: start * tick_seconds % grid_seconds,
                    milliwatts: milliwatts[first as usize..=last as usize].to_vec(),
                    carry: self.memory.carry,
                };
                let origin = self.origin.clone();
                Offer::Flow(Flow {
                    side: Side::Dc,
                    shedding_priority: self.shedding_priority,
                    origin,
                    ..flow(Series::Knots(knots))
                })
            }
            Kind::Waiting { joules, power, spare } => {
                let course = |tick: i64| (joules - tick * power * tick_seconds).clamp(0, power * tick_seconds);
                let due = Series::Each((start..start + ticks).map(course).collect());
                self.waiting((*joules, due), power * tick_seconds, spare * tick_seconds, ticks)
            }
            Kind::Store(store) => Offer::Store(Store {
                level_microjoules: self.memory.level_microjoules,
                standby_carry_microjoules: self.memory.standby_carry_microjoules,
                priority: self.shedding_priority,
                ..store.clone()
            }),
            Kind::AcStore(ac, [seconds, drives]) => Offer::AcStore(Box::new(AcStore {
                store: Store {
                    level_microjoules: self.memory.level_microjoules,
                    standby_carry_microjoules: self.memory.standby_carry_microjoules,
                    priority: self.shedding_priority,
                    ..ac.store.clone()
                },
                plugged_seconds: Some(part(seconds)),
                driving: Some(part(drives)),
                ..ac.as_ref().clone()
            })),
            Kind::Charger(charger, limits) => Offer::Charger(Charger {
                phase_joules_max: part(limits),
                plugged: self.memory.on,
                session_joules: self.memory.session_joules,
                ..charger.clone()
            }),
            Kind::Thermal(thermal, seconds) => {
                let part = &seconds[(start * tick_seconds) as usize..((start + ticks) * tick_seconds) as usize];
                Offer::Thermal(Thermal {
                    heat_microjoules: self.memory.heat_microjoules,
                    on: self.memory.on,
                    owed_joules: self.memory.owed_joules,
                    surroundings: part.to_vec(),
                    shedding_priority: self.shedding_priority,
                    ..thermal.clone()
                })
            }
            Kind::Supply(joules) => Offer::Supply(FuelSupply { joules_max: part(joules) }),
            Kind::Grid(series, fuse) => Offer::Grid(Grid {
                import_joules_max: part(&series[0]),
                export_joules_max: part(&series[1]),
                import_price: runs(&cut(&series[2])),
                export_price: runs(&cut(&series[3])),
                cheaper_seconds: (series[2][0] % 2 == 0).then(|| {
                    let seconds: Vec<i64> = cut(&series[3]).into_iter().map(i64::abs).collect();
                    runs(&seconds)
                }),
                import_carry: self.memory.import_carry,
                export_carry: self.memory.export_carry,
                phase_joules_max: fuse.as_ref().map(|(joules, _)| part(joules)),
                phase_of: fuse.as_ref().map(|(_, phase_of)| phase_of.clone()).unwrap_or_default(),
            }),
            Kind::Inverter(inverter, policies) => Offer::Inverter(Inverter {
                carry_microjoules: self.memory.carry_microjoules,
                night_carry_microjoules: self.memory.night_carry_microjoules,
                policy: policies[start as usize..(start + ticks) as usize].to_vec(),
                ..inverter.clone()
            }),
        }
    }

    fn waiting(&self, (joules, due): (i64, Series), power: i64, spare: i64, ticks: i64) -> Offer {
        let (mut left, mut want, mut most) = (joules - self.got, Vec::new(), Vec::new());
        for _ in 0..ticks {
            want.push(left.min(power));
            most.push(left.min(power + spare));
            left -= left.min(power);
        }
        let (want, most) = (Series::Each(want), Some(Series::Each(most)));
        let (waits, due) = (self.shedding_priority % 2 == 0, Some(due));
        let due = due.filter(|_| self.shedding_priority % 3 == 0);
        let shedding_priority = self.shedding_priority;
        Offer::Flow(Flow { most, reacts: true, all_or_nothing: waits, due, shedding_priority, ..flow(want) })
    }
}

fn runs(values: &[i64]) -> Series {
    Series::RunLengths(values.chunk_by(|before, after| before == after).map(|run| (run.len() as i64, run[0])).collect())
}
