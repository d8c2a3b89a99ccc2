//! A block of ticks inside one epoch: what every tick brings, and who is shed, who flexes and who is curtailed in it.

use crate::check::{Load, Roster};
use crate::flows::Joules;
use crate::machine::{Moves, Supply};
use crate::offer::Side;
use crate::store::{Store, StoreTick};

/// The ticks of a block, one column a quantity.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Block {
    pub load: Vec<i64>,
    pub production: Vec<i64>,
    pub sun: Vec<i64>,
    pub flexible: Vec<i64>,
    pub import_max: Vec<i64>,
    pub export_max: Vec<i64>,
    pub import: Vec<i64>,
    pub export: Vec<i64>,
    pub heat: Vec<i64>,
    /// Whole joules in each store at the block's start.
    pub level_joules: Vec<i64>,
    /// For each store: charged, discharged, heat.
    pub stores: Vec<[Vec<i64>; 3]>,
}

impl Block {
    /// Empty columns for a number of ticks, and the sums of what the flows want.
    pub fn fill(&mut self, roster: &mut Roster, ticks: usize) {
        self.stores.resize_with(roster.machine.stores.len(), Default::default);
        roster.thermals.begin(ticks);
        self.columns().for_each(|column| {
            column.clear();
            column.resize(ticks, 0);
        });
        roster.garage.fill(ticks);
        roster.fuels.iter_mut().for_each(|fuel| fuel.begin(ticks, roster.tick_seconds));
        if let Some(phases) = &mut roster.phases {
            phases.begin(ticks, roster.tick_seconds);
        }
        self.level_joules = roster.machine.stores.iter().map(Store::level_joules).collect();
        self.sum_flows(roster);
        if let Some(grid) = &mut roster.grid {
            grid.import_max.0.fill(&mut grid.import_max.1, roster.tick_seconds, &mut self.import_max);
            grid.export_max.0.fill(&mut grid.export_max.1, roster.tick_seconds, &mut self.export_max);
        }
    }

    fn columns(&mut self) -> impl Iterator<Item = &mut Vec<i64>> {
        [
            &mut self.load,
            &mut self.production,
            &mut self.sun,
            &mut self.flexible,
            &mut self.import_max,
            &mut self.export_max,
            &mut self.import,
            &mut self.export,
            &mut self.heat,
        ]
        .into_iter()
        .chain(self.stores.iter_mut().flatten())
    }

    fn sum_flows(&mut self, roster: &Roster) {
        let busy = || roster.flows.iter().filter(|flow| !flow.is_idle());
        for flow in busy() {
            if let Joules::RunLengths(runs) = flow.want() {
                step(self.sums_of(flow.side), runs);
            }
        }
        self.sums().for_each(accumulate);
        for flow in busy() {
            match (flow.want(), flow.side) {
                (Joules::RunLengths(_), _) => {}
                (Joules::Ticks(want), Side::Dc) => add(&mut self.sun, want, i64::wrapping_neg),
                (Joules::Ticks(want), Side::Ac) => {
                    add(&mut self.load, want, |want| want.max(0));
                    if !flow.is_load() {
                        add(&mut self.production, want, |want| want.wrapping_neg().max(0));
                    }
                }
            }
        }
        // Whoever wants nothing may still take what is left.
        for flow in roster.flows.iter().filter(|flow| flow.side == Side::Ac) {
            if let Some(flexible) = &flow.flexible {
                add(&mut self.flexible, flexible, |spare| spare);
            }
        }
    }

    /// Where positive and negative joules of a side are summed.
    fn sums_of(&mut self, side: Side) -> [&mut Vec<i64>; 2] {
        match side {
            Side::Dc => [&mut self.load, &mut self.sun],
            Side::Ac => [&mut self.load, &mut self.production],
        }
    }

    fn sums(&mut self) -> impl Iterator<Item = &mut Vec<i64>> {
        [&mut self.load, &mut self.production, &mut self.sun].into_iter()
    }

    /// What a tick brings, without the thermal masses.
    #[inline(always)]
    pub fn supply(&self, index: usize) -> Supply {
        Supply {
            load: self.load[index],
            production: self.production[index],
            sun: self.sun[index],
            flexible: self.flexible[index],
            import_max: self.import_max[index],
            export_max: self.export_max[index],
            stored: 0,
            is_fused: false,
        }
    }

    /// Writes down what the inverter and the grid moved.
    #[inline(always)]
    pub fn note(&mut self, index: usize, moves: &Moves) {
        self.import[index] = moves.import;
        self.export[index] = moves.export;
        self.heat[index] = moves.heat;
    }

    /// Writes down what a store moved.
    #[inline(always)]
    pub fn note_store(&mut self, store: usize, index: usize, tick: StoreTick) {
        let [charged, discharged, heat] = &mut self.stores[store];
        charged[index] = tick.charged;
        discharged[index] = tick.discharged;
        heat[index] = tick.heat;
    }
}

/// Notes where runs begin and end; `accumulate` turns the notes into sums.
fn step([positive, negative]: [&mut Vec<i64>; 2], runs: &[(i64, i64)]) {
    let mut tick = 0;
    for &(count, joules) in runs {
        let (sums, size) = if joules > 0 { (&mut *positive, joules) } else { (&mut *negative, -joules) };
        let end = tick + count as usize;
        if size != 0 {
            sums[tick] += size;
            if let Some(after) = sums.get_mut(end) {
                *after -= size;
            }
        }
        tick = end;
    }
}

fn accumulate(sums: &mut Vec<i64>) {
    let mut level = 0;
    for sum in sums {
        level += *sum;
        *sum = level;
    }
}

// A checked roster cannot overflow here (1000 offers of 10^12 J); without the check the loop runs on vectors.
fn add(sums: &mut [i64], values: &[i64], part: impl Fn(i64) -> i64) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum = sum.wrapping_add(part(value));
    }
}

/// Lays what a tick could not serve or use on the devices; true when one of them reacts to that.
#[inline(always)]
pub fn lay(roster: &mut Roster, index: usize, moves: &Moves) -> bool {
    let mut reacts = false;
    if moves.unserved > 0 {
        reacts |= shed(roster, index, moves.unserved);
    }
    if moves.flexed > 0 {
        reacts |= flex(roster, index, moves.flexed);
    }
    if moves.given > 0 {
        roster.garage.discharge(moves.given);
    }
    if moves.curtailed_dc > 0 {
        reacts |= curtail(roster, Side::Dc, index, moves.curtailed_dc);
    }
    if moves.curtailed_ac > 0 {
        reacts |= curtail(roster, Side::Ac, index, moves.curtailed_ac);
    }
    reacts
}

#[cold]
fn shed(roster: &mut Roster, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for load in &roster.shedding_order {
        let (taken, reacting) = match *load {
            Load::Flow(flow) => {
                let flow = &mut roster.flows[flow];
                let taken = left.min(flow.granted_in(index).max(0));
                if taken > 0 {
                    flow.change()[index] -= taken;
                }
                (taken, flow.reacts)
            }
            Load::Thermal(thermal) => (roster.thermals.shed(thermal, index, left), false),
            Load::Store(store) => (roster.garage.shed(store, left), false),
        };
        reacts |= reacting && taken > 0;
        left -= taken;
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0, "loads are shed by what is unserved");
    reacts
}

#[cold]
fn flex(roster: &mut Roster, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for load in &roster.flexible_order {
        match *load {
            Load::Flow(flow) => {
                let flow = &mut roster.flows[flow];
                let given = left.min(flow.flexible.as_ref().map_or(0, |spare| spare[index]));
                if given > 0 {
                    flow.change()[index] += given;
                    reacts |= flow.reacts;
                    left -= given;
                }
            }
            Load::Store(store) => left -= roster.garage.flex(store, left),
            Load::Thermal(_) => {}
        }
    }
    assert_eq!(left, 0, "flexible consumers take what they offered");
    reacts
}

fn curtail(roster: &mut Roster, side: Side, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for &flow in &roster.curtailment_order {
        let flow = &mut roster.flows[flow];
        if flow.side != side || flow.is_load() {
            continue;
        }
        let taken = left.min((-flow.granted_in(index)).max(0));
        if taken > 0 {
            flow.change()[index] += taken;
            reacts |= flow.reacts;
            left -= taken;
        }
    }
    assert_eq!(left, 0, "producers are curtailed by what is left");
    reacts
}
