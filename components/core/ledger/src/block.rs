//! A block of ticks inside one epoch: what every tick brings, and who bends, flexes and is curtailed in it.

use crate::check::{Load, Roster};
use crate::offer::Side;
use crate::store::{Store, StoreTick};
use crate::tick::{Moves, Supply};

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
    /// For each thermal mass: granted, unserved.
    pub thermals: Vec<[Vec<i64>; 2]>,
}

impl Block {
    /// Empty columns for so many ticks and the sums of what the flows want.
    pub fn fill(&mut self, roster: &mut Roster, ticks: usize) {
        self.stores.resize_with(roster.machine.stores.len(), Default::default);
        self.thermals.resize_with(roster.thermals.len(), Default::default);
        self.columns().for_each(|column| {
            column.clear();
            column.resize(ticks, 0);
        });
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
        .chain(self.thermals.iter_mut().flatten())
    }

    fn sum_flows(&mut self, roster: &Roster) {
        for flow in &roster.flows {
            match flow.side {
                _ if flow.is_idle() => {}
                Side::Dc => add(&mut self.sun, &flow.want, i64::wrapping_neg),
                Side::Ac => {
                    add(&mut self.load, &flow.want, |want| want.max(0));
                    add(&mut self.production, &flow.want, |want| want.wrapping_neg().max(0));
                }
            }
            if let (Side::Ac, Some(flexible)) = (flow.side, &flow.flexible) {
                add(&mut self.flexible, flexible, |spare| spare);
            }
        }
    }

    /// What a tick brings, without the thermal masses.
    pub fn supply(&self, index: usize) -> Supply {
        Supply {
            load: self.load[index],
            production: self.production[index],
            sun: self.sun[index],
            flexible: self.flexible[index],
            import_max: self.import_max[index],
            export_max: self.export_max[index],
        }
    }

    /// Writes down what the inverter and the grid moved.
    pub fn note(&mut self, index: usize, moves: &Moves) {
        self.import[index] = moves.import;
        self.export[index] = moves.export;
        self.heat[index] = moves.heat;
    }

    /// Writes down what a store moved.
    pub fn note_store(&mut self, store: usize, index: usize, tick: StoreTick) {
        let [charged, discharged, heat] = &mut self.stores[store];
        charged[index] = tick.charged;
        discharged[index] = tick.discharged;
        heat[index] = tick.heat;
    }
}

// A checked roster cannot overflow here (1000 offers of 10^12 J); without the check the loop runs on vectors.
fn add(sums: &mut [i64], values: &[i64], part: impl Fn(i64) -> i64) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum = sum.wrapping_add(part(value));
    }
}

/// Lays what a tick could not serve or use on the devices; true when one of them reacts to that.
pub fn lay(roster: &mut Roster, block: &mut Block, index: usize, moves: &Moves) -> bool {
    let mut reacts = false;
    if moves.unserved > 0 {
        reacts |= bend(roster, block, index, moves.unserved);
    }
    if moves.flexed > 0 {
        reacts |= flex(roster, index, moves.flexed);
    }
    if moves.curtailed_dc > 0 {
        reacts |= curtail(roster, Side::Dc, index, moves.curtailed_dc);
    }
    if moves.curtailed_ac > 0 {
        reacts |= curtail(roster, Side::Ac, index, moves.curtailed_ac);
    }
    reacts
}

fn bend(roster: &mut Roster, block: &mut Block, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for load in &roster.load_bends {
        let (taken, reacting) = match *load {
            Load::Flow(flow) => {
                let flow = &mut roster.flows[flow];
                let taken = left.min(flow.granted()[index].max(0));
                if taken > 0 {
                    flow.change()[index] -= taken;
                }
                (taken, flow.reacts)
            }
            Load::Thermal(thermal) => {
                let [granted, unserved] = &mut block.thermals[thermal];
                let taken = left.min(granted[index]);
                granted[index] -= taken;
                unserved[index] += taken;
                (taken, false)
            }
        };
        reacts |= reacting && taken > 0;
        left -= taken;
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0, "loads bend by what is unserved");
    reacts
}

fn flex(roster: &mut Roster, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for &flow in &roster.flow_serves {
        let flow = &mut roster.flows[flow];
        let given = left.min(flow.flexible.as_ref().map_or(0, |spare| spare[index]));
        if given > 0 {
            flow.change()[index] += given;
            reacts |= flow.reacts;
            left -= given;
        }
    }
    assert_eq!(left, 0, "flexible consumers take what they offered");
    reacts
}

fn curtail(roster: &mut Roster, side: Side, index: usize, joules: i64) -> bool {
    let (mut left, mut reacts) = (joules, false);
    for &flow in &roster.flow_bends {
        let flow = &mut roster.flows[flow];
        if flow.side != side {
            continue;
        }
        let taken = left.min((-flow.granted()[index]).max(0));
        if taken > 0 {
            flow.change()[index] += taken;
            reacts |= flow.reacts;
            left -= taken;
        }
    }
    assert_eq!(left, 0, "producers are curtailed by what is left");
    reacts
}
