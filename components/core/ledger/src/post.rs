//! Posting: the transfers of a block, device by device, and the check that every tick sums to zero.

use crate::block::Block;
use crate::check::Roster;
use crate::column::{Piece, Runs};
use crate::flows::Flow;
use crate::offer::Side;

/// One pair of accounts along the ticks of a window.
#[derive(Clone, Debug, Default)]
pub struct WindowColumn {
    /// The giving account.
    pub from: String,
    /// The taking account.
    pub to: String,
    /// Joules in each tick of the window so far.
    pub runs: Runs,
    /// Their sum.
    pub sum: u128,
}

/// What moved in a block: pieces of the columns of these indices.
#[derive(Clone, Debug, Default)]
pub struct DraftBlock {
    /// Number of ticks.
    pub ticks: u64,
    /// Columns that moved.
    pub pieces: Vec<(usize, Piece)>,
}

/// All columns of a window; a column gets its index when it first moves.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The columns that moved.
    pub all: Vec<WindowColumn>,
    /// Index by slot: the place of a column in the roster.
    indices: Vec<Option<usize>>,
    ticks: u64,
}

/// The places of a device's columns, in the order of its arrays in the block.
const SLOTS: usize = 5;

impl Columns {
    /// The column of a slot, if it moved.
    pub fn at(&self, device: usize, slot: usize) -> Option<&WindowColumn> {
        let index = *self.indices.get(device * SLOTS + slot)?;
        Some(&self.all[index?])
    }

    /// The sum of a slot's column.
    pub fn sum(&self, device: usize, slot: usize) -> i128 {
        self.at(device, slot).map_or(0, |column| column.sum as i128)
    }
}

/// Device numbers along the roster: flows, thermal masses, stores, the grid, the inverter.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Numbers {
    pub flows: usize,
    pub thermals: usize,
    pub stores: usize,
    pub grid: usize,
    pub inverter: usize,
}

/// The device numbers of a roster.
pub fn numbers(roster: &Roster) -> Numbers {
    let thermals = roster.flows.len();
    let stores = thermals + roster.thermals.len();
    let grid = stores + roster.machine.stores.len();
    Numbers { flows: 0, thermals, stores, grid, inverter: grid + 1 }
}

/// Posts the first ticks of a block.
pub fn post(roster: &Roster, block: &Block, ticks: usize, columns: &mut Columns) -> DraftBlock {
    let numbers = numbers(roster);
    columns.indices.resize((numbers.inverter + 1) * SLOTS, None);
    let mut poster = Poster {
        roster,
        columns,
        draft: DraftBlock { ticks: ticks as u64, pieces: Vec::new() },
        net: vec![0; ticks],
        spare: vec![0; ticks],
    };
    for (index, flow) in roster.flows.iter().enumerate() {
        if !flow.is_idle() {
            poster.flow(numbers.flows + index, flow);
        }
    }
    poster.thermals(numbers.thermals, block);
    poster.stores(numbers.stores, block);
    poster.inverter(numbers, block);
    poster.check();
    let draft = poster.draft;
    columns.ticks += ticks as u64;
    draft
}

struct Poster<'a> {
    roster: &'a Roster,
    columns: &'a mut Columns,
    draft: DraftBlock,
    /// What the inverter's account moved in each tick; must be zero in the end.
    net: Vec<i64>,
    spare: Vec<i64>,
}

impl Poster<'_> {
    fn flow(&mut self, device: usize, flow: &Flow) {
        let (ticks, granted) = (self.net.len(), flow.granted());
        if flow.is_load() {
            self.give(device, 0, &flow.name, &granted[..ticks]);
        } else {
            if flow.side == Side::Ac {
                let taken = self.part(granted, |joules| joules.max(0));
                self.give(device, 0, &flow.name, &taken);
                self.spare = taken;
            }
            let given = self.part(granted, |joules| joules.wrapping_neg().max(0));
            self.take(device, 1, &flow.name, &given);
            self.spare = given;
        }
        if flow.is_changed {
            self.flow_differences(device, flow);
        }
        if let Some(origin) = &flow.origin {
            let all = self.part(&flow.want, |joules| joules.wrapping_neg().max(0));
            self.transfer(device, 4, (origin, &flow.name), &all);
            self.spare = all;
        }
    }

    fn flow_differences(&mut self, device: usize, flow: &Flow) {
        let pairs = || flow.want.iter().zip(flow.granted());
        let mut joules = std::mem::take(&mut self.spare);
        fill(&mut joules, pairs().map(|(want, granted)| want.max(&0) - granted.max(&0)));
        let is_unserved = joules.iter().any(|&joules| joules > 0);
        if is_unserved {
            joules.iter_mut().for_each(|joules| *joules = (*joules).max(0));
            self.transfer(device, 3, ("unserved", &format!("{}.unmet", flow.name)), &joules);
        }
        fill(&mut joules, pairs().map(|(want, granted)| granted.min(&0) - want.min(&0)));
        self.transfer(device, 2, (&flow.name, "curtailed"), &joules);
        self.spare = joules;
    }

    fn thermals(&mut self, first: usize, block: &Block) {
        let ticks = self.net.len();
        for (index, [granted, unserved]) in block.thermals.iter().enumerate() {
            let name = &self.roster.thermals[index].name;
            self.give(first + index, 0, name, &granted[..ticks]);
            if unserved[..ticks].iter().any(|&joules| joules > 0) {
                self.transfer(first + index, 3, ("unserved", &format!("{name}.unmet")), &unserved[..ticks]);
            }
        }
    }

    fn stores(&mut self, first: usize, block: &Block) {
        let ticks = self.net.len();
        for (index, [charged, discharged, heat]) in block.stores.iter().enumerate() {
            let name = &self.roster.machine.stores[index].name;
            self.give(first + index, 0, name, &charged[..ticks]);
            self.take(first + index, 1, name, &discharged[..ticks]);
            self.transfer(first + index, 2, (name, "heat"), &heat[..ticks]);
        }
    }

    fn inverter(&mut self, numbers: Numbers, block: &Block) {
        let ticks = self.net.len();
        if let Some(grid) = &self.roster.grid {
            self.take(numbers.grid, 1, &grid.name, &block.import[..ticks]);
            self.give(numbers.grid, 0, &grid.name, &block.export[..ticks]);
        }
        self.give(numbers.inverter, 2, "heat", &block.heat[..ticks]);
    }

    fn part(&mut self, joules: &[i64], part: impl Fn(i64) -> i64) -> Vec<i64> {
        let mut out = std::mem::take(&mut self.spare);
        fill(&mut out, joules[..self.net.len()].iter().map(|&joules| part(joules)));
        out
    }

    /// Inverter to device.
    fn give(&mut self, device: usize, slot: usize, name: &str, joules: &[i64]) {
        if self.transfer(device, slot, (&self.roster.inverter, name), joules) {
            self.net.iter_mut().zip(joules).for_each(|(net, joules)| *net = net.wrapping_sub(*joules));
        }
    }

    /// Device to inverter.
    fn take(&mut self, device: usize, slot: usize, name: &str, joules: &[i64]) {
        if self.transfer(device, slot, (name, &self.roster.inverter), joules) {
            self.net.iter_mut().zip(joules).for_each(|(net, joules)| *net = net.wrapping_add(*joules));
        }
    }

    fn transfer(&mut self, device: usize, slot: usize, (from, to): (&str, &str), joules: &[i64]) -> bool {
        let all = joules.iter().fold(0, |all, joules| all | joules);
        if all < 0 {
            let tick = self.tick(joules.iter().position(|&joules| joules < 0).unwrap_or(0));
            panic!("a transfer is never negative: {from} to {to} in tick {tick}");
        }
        if all == 0 {
            return false;
        }
        let Some(piece) = Piece::of_ticks(joules) else { return false };
        let columns = &mut *self.columns;
        let index = *columns.indices[device * SLOTS + slot].get_or_insert_with(|| {
            columns.all.push(WindowColumn { from: from.to_owned(), to: to.to_owned(), ..Default::default() });
            columns.all.len() - 1
        });
        let column = &mut columns.all[index];
        column.runs.append(columns.ticks, &piece);
        column.sum += piece.sum;
        self.draft.pieces.push((index, piece));
        true
    }

    fn tick(&self, index: usize) -> i64 {
        self.roster.start + self.columns.ticks as i64 + index as i64
    }

    fn check(&self) {
        if let Some(index) = self.net.iter().position(|&net| net != 0) {
            let (account, tick, net) = (&self.roster.inverter, self.tick(index), self.net[index]);
            panic!("an account that only passes on moves by 0 in every tick: {account} moved by {net} in tick {tick}");
        }
    }
}

fn fill(out: &mut Vec<i64>, values: impl Iterator<Item = i64>) {
    let ticks = out.len();
    out.clear();
    out.extend(values.take(ticks));
}
