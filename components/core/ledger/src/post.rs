//! Posting: the transfers of a block, device by device, and the check that every tick sums to zero.

use crate::bank::Bank;
use crate::block::Block;
use crate::check::Roster;
use crate::column::{Piece, RunLengths};
use crate::flows::{Flow, Joules};
use crate::numbers::{Numbers, numbers};
use crate::offer::Side;

/// One pair of accounts along the ticks of a window.
#[derive(Clone, Debug, Default)]
pub struct WindowColumn {
    /// The giving account.
    pub from: String,
    /// The taking account.
    pub to: String,
    /// Joules in each tick of the window so far.
    pub runs: RunLengths,
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
const SLOTS: usize = 6;
/// The place of what was unserved and is served later.
pub const LATER: usize = 5;

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

/// Posts the first ticks of a block.
pub fn post(roster: &Roster, block: &Block, ticks: usize, columns: &mut Columns) -> DraftBlock {
    let numbers = numbers(roster);
    columns.indices.resize(numbers.all * SLOTS, None);
    let mut poster = Poster {
        roster,
        columns,
        draft: DraftBlock { ticks: ticks as u64, pieces: Vec::new() },
        net: vec![0; ticks],
        steps: vec![0; ticks + 1],
        spare: vec![0; ticks],
        spare_runs: Vec::new(),
    };
    for (index, flow) in roster.flows.iter().enumerate() {
        if !flow.is_idle() {
            poster.flow(numbers.flows + index, flow);
        }
    }
    poster.thermals(numbers.thermals, &roster.thermals, None);
    poster.stores(numbers.stores, block);
    poster.garage(numbers.garage);
    poster.fuels(numbers.burners);
    poster.inverter(numbers, block);
    poster.check();
    let draft = poster.draft;
    columns.ticks += ticks as u64;
    draft
}

/// Sum and moment of a column: together they tell one changed amount from another.
type Weight = (u128, u128);

struct Poster<'a> {
    roster: &'a Roster,
    columns: &'a mut Columns,
    draft: DraftBlock,
    /// What the inverter's account moved in each tick; must be zero in the end.
    net: Vec<i64>,
    /// Where runs begin and end that it moved; summed up they belong to `net`.
    steps: Vec<i64>,
    spare: Vec<i64>,
    spare_runs: Vec<(i64, i64)>,
}

impl Poster<'_> {
    fn flow(&mut self, device: usize, flow: &Flow) {
        let granted = flow.granted();
        if flow.is_load() {
            self.give(device, 0, &flow.name, granted);
            match flow.due() {
                Some(due) => self.flow_due(device, flow, due),
                None if flow.is_changed => drop(self.flow_differences(device, flow)),
                None => {}
            }
            return;
        }
        if flow.side == Side::Ac {
            self.part(granted, |joules| joules.max(0), |poster, taken| poster.give(device, 0, &flow.name, taken));
        }
        let used = self.part(granted, negative, |poster, given| poster.take(device, 1, &flow.name, given));
        let curtailed = if flow.is_changed { self.flow_differences(device, flow) } else { (0, 0) };
        if let Some(origin) = &flow.origin {
            let pair = (origin.as_str(), flow.name.as_str());
            let all = match self.draft.pieces.last() {
                // Nothing was curtailed: all that it made is what was used.
                Some((_, piece)) if used.0 > 0 && !flow.is_changed => {
                    self.transfer_again(device, 4, pair, piece.clone())
                }
                _ => self.part(flow.want(), negative, |poster, all| poster.transfer(device, 4, pair, all)),
            };
            self.check_passing(&flow.name, all, (used.0 + curtailed.0, used.1 + curtailed.1));
        }
    }

    fn flow_differences(&mut self, device: usize, flow: &Flow) -> Weight {
        let mut joules = std::mem::take(&mut self.spare);
        fill(&mut joules, flow.differences().map(|(want, granted)| (want.max(&0) - granted.max(&0)).max(0)));
        self.unmet(device, &flow.name, &joules);
        fill(&mut joules, flow.differences().map(|(want, granted)| granted.min(&0) - want.min(&0)));
        let curtailed = self.transfer(device, 2, (&flow.name, "curtailed"), Joules::Ticks(&joules));
        self.spare = joules;
        curtailed
    }

    /// A demand that waits lacks what was due and is not there, and gets later what is there and was not due.
    fn flow_due(&mut self, device: usize, flow: &Flow, due: &[i64]) {
        let ticks = self.net.len();
        let granted: Vec<i64> = match flow.granted() {
            Joules::Ticks(joules) => joules[..ticks].to_vec(),
            Joules::RunLengths(runs) => {
                runs.iter().flat_map(|&(count, joules)| std::iter::repeat_n(joules, count as usize)).collect()
            }
        };
        let pairs = || due.iter().zip(&granted);
        let unserved: Vec<i64> = pairs().map(|(due, granted)| (due - granted).max(0)).collect();
        let later: Vec<i64> = pairs().map(|(due, granted)| (granted - due).max(0)).collect();
        self.unmet(device, &flow.name, &unserved);
        self.later(device, &flow.name, &later);
    }

    /// An account with an origin keeps nothing: sums and moments agree only when every tick does.
    fn check_passing(&self, account: &str, taken: Weight, given: Weight) {
        if taken != given {
            let apart = (taken.0.abs_diff(given.0).max(1), taken.1.abs_diff(given.1));
            let tick = self.tick((apart.1 / apart.0) as usize) - 1;
            panic!(
                "an account that only passes on moves by 0 in every tick: {account} took {taken:?} and gave {given:?} about tick {tick}"
            );
        }
    }

    fn unmet(&mut self, device: usize, name: &str, joules: &[i64]) {
        let joules = &joules[..joules.len().min(self.net.len())];
        if joules.iter().any(|&joules| joules > 0) {
            self.transfer(device, 3, ("unserved", &format!("{name}.unmet")), Joules::Ticks(joules));
        }
    }

    /// What was unserved and is served after all leaves the memo account again.
    fn later(&mut self, device: usize, name: &str, joules: &[i64]) {
        let joules = &joules[..joules.len().min(self.net.len())];
        if joules.iter().any(|&joules| joules > 0) {
            self.transfer(device, LATER, (&format!("{name}.unmet"), "unserved"), Joules::Ticks(joules));
        }
    }

    /// Thermal masses that take from the busbar, or from the supply of a fuel.
    fn thermals(&mut self, first: usize, bank: &Bank, fuel: Option<&str>) {
        let mut joules = std::mem::take(&mut self.spare);
        for (index, thermal) in bank.thermals().iter().enumerate() {
            fill(&mut joules, bank.granted(index));
            match fuel {
                None => self.give(first + index, 0, &thermal.name, Joules::Ticks(&joules)),
                Some(fuel) => self.transfer(first + index, 0, (fuel, &thermal.name), Joules::Ticks(&joules)),
            };
            self.unmet(first + index, &thermal.name, &thermal.unserved);
            self.later(first + index, &thermal.name, &thermal.served_later);
        }
        self.spare = joules;
    }

    fn fuels(&mut self, first: usize) {
        let (roster, mut first) = (self.roster, first);
        for fuel in &roster.fuels {
            self.thermals(first, &fuel.burners, Some(&fuel.name));
            first += fuel.burners.thermals().len();
        }
    }

    fn stores(&mut self, first: usize, block: &Block) {
        let ticks = self.net.len();
        for (index, [charged, discharged, heat]) in block.stores.iter().enumerate() {
            let store = &self.roster.machine.stores[index];
            let taken = self.give(first + index, 0, &store.name, Joules::Ticks(&charged[..ticks])).0;
            let given = self.take(first + index, 1, &store.name, Joules::Ticks(&discharged[..ticks])).0;
            let lost = self.transfer(first + index, 2, (&store.name, "heat"), Joules::Ticks(&heat[..ticks])).0;
            let change = i128::from(store.level_joules() - block.level_joules[index]);
            self.check_level(&store.name, taken as i128 - given as i128 - lost as i128, change);
        }
    }

    fn check_level(&self, name: &str, moved: i128, change: i128) {
        let tick = self.tick(0);
        assert_eq!(moved, change, "a store moves by its level: {name} does not from tick {tick} on");
    }

    fn garage(&mut self, first: usize) {
        let (roster, ticks) = (self.roster, self.net.len());
        for (index, parked) in roster.garage.stores.iter().enumerate() {
            let (device, name) = (first + index, parked.name());
            let [taken, given, heat, unmet, driven] = &parked.moved;
            let taken = self.give(device, 0, name, Joules::Ticks(&taken[..ticks])).0;
            let given = self.take(device, 1, name, Joules::Ticks(&given[..ticks])).0;
            let lost = self.transfer(device, 2, (name, "heat"), Joules::Ticks(&heat[..ticks])).0;
            self.unmet(device, name, unmet);
            let driven = self.transfer(device, 4, (name, "driving"), Joules::Ticks(&driven[..ticks])).0;
            let change = i128::from(parked.store.level_joules() - parked.level_joules);
            self.check_level(name, taken as i128 - (given + lost + driven) as i128, change);
        }
    }

    fn inverter(&mut self, numbers: Numbers, block: &Block) {
        let ticks = self.net.len();
        if let Some(grid) = &self.roster.grid {
            self.take(numbers.grid, 1, &grid.name, Joules::Ticks(&block.import[..ticks]));
            self.give(numbers.grid, 0, &grid.name, Joules::Ticks(&block.export[..ticks]));
        }
        self.give(numbers.inverter, 2, "heat", Joules::Ticks(&block.heat[..ticks]));
    }

    /// Posts a part of the joules of each tick.
    fn part(
        &mut self,
        joules: Joules<'_>,
        part: impl Fn(i64) -> i64,
        post: impl FnOnce(&mut Self, Joules<'_>) -> Weight,
    ) -> Weight {
        let (mut ticks, mut runs) = (std::mem::take(&mut self.spare), std::mem::take(&mut self.spare_runs));
        let parts = match joules {
            Joules::Ticks(joules) => {
                fill(&mut ticks, joules[..self.net.len()].iter().map(|&joules| part(joules)));
                Joules::Ticks(&ticks)
            }
            Joules::RunLengths(joules) => {
                runs.clear();
                runs.extend(joules.iter().map(|&(count, joules)| (count, part(joules))));
                Joules::RunLengths(&runs)
            }
        };
        let weight = post(self, parts);
        (self.spare, self.spare_runs) = (ticks, runs);
        weight
    }

    /// Inverter to device.
    fn give(&mut self, device: usize, slot: usize, name: &str, joules: Joules<'_>) -> Weight {
        let weight = self.transfer(device, slot, (&self.roster.inverter, name), joules);
        if weight.0 > 0 {
            self.move_net(joules, i64::wrapping_neg);
        }
        weight
    }

    /// Device to inverter.
    fn take(&mut self, device: usize, slot: usize, name: &str, joules: Joules<'_>) -> Weight {
        let weight = self.transfer(device, slot, (name, &self.roster.inverter), joules);
        if weight.0 > 0 {
            self.move_net(joules, |joules| joules);
        }
        weight
    }

    fn move_net(&mut self, joules: Joules<'_>, signed: impl Fn(i64) -> i64) {
        match joules {
            Joules::Ticks(joules) => {
                self.net.iter_mut().zip(joules).for_each(|(net, &joules)| *net = net.wrapping_add(signed(joules)));
            }
            Joules::RunLengths(runs) => {
                let mut tick = 0;
                for &(count, joules) in runs {
                    self.steps[tick] += signed(joules);
                    tick += count as usize;
                    self.steps[tick] -= signed(joules);
                }
            }
        }
    }

    /// Posts a column and returns its sum and its moment.
    fn transfer(&mut self, device: usize, slot: usize, (from, to): (&str, &str), joules: Joules<'_>) -> Weight {
        let all = all_bits(joules);
        if all == 0 {
            return (0, 0);
        }
        if all < 0 {
            let tick = self.tick(first_negative(joules));
            panic!("a transfer is never negative: {from} to {to} in tick {tick}");
        }
        let piece = match joules {
            Joules::Ticks(joules) => Piece::of_ticks(joules),
            Joules::RunLengths(runs) => {
                Piece::of_runs(runs.iter().map(|&(count, joules)| (count as u64, joules as u64)))
            }
        };
        piece.map_or((0, 0), |piece| self.transfer_again(device, slot, (from, to), piece))
    }

    /// Posts a column that is counted already.
    fn transfer_again(&mut self, device: usize, slot: usize, (from, to): (&str, &str), piece: Piece) -> Weight {
        let columns = &mut *self.columns;
        let index = *columns.indices[device * SLOTS + slot].get_or_insert_with(|| {
            columns.all.push(WindowColumn { from: from.to_owned(), to: to.to_owned(), ..Default::default() });
            columns.all.len() - 1
        });
        let column = &mut columns.all[index];
        column.runs.append(columns.ticks, &piece);
        column.sum += piece.sum;
        let weight = (piece.sum, piece.moment);
        self.draft.pieces.push((index, piece));
        weight
    }

    fn tick(&self, index: usize) -> i64 {
        self.roster.start + self.columns.ticks as i64 + index as i64
    }

    fn check(&mut self) {
        let mut level = 0;
        for (net, step) in self.net.iter_mut().zip(&self.steps) {
            level += step;
            *net += level;
        }
        if let Some(index) = self.net.iter().position(|&net| net != 0) {
            let (account, tick, net) = (&self.roster.inverter, self.tick(index), self.net[index]);
            panic!("an account that only passes on moves by 0 in every tick: {account} moved by {net} in tick {tick}");
        }
    }
}

/// Below zero when any is, zero when all are.
fn all_bits(joules: Joules<'_>) -> i64 {
    match joules {
        Joules::Ticks(joules) => joules.iter().fold(0, |all, joules| all | joules),
        Joules::RunLengths(runs) => runs.iter().fold(0, |all, run| all | run.1),
    }
}

fn first_negative(joules: Joules<'_>) -> usize {
    match joules {
        Joules::Ticks(joules) => joules.iter().take_while(|&&joules| joules >= 0).count(),
        Joules::RunLengths(runs) => runs.iter().take_while(|run| run.1 >= 0).map(|run| run.0 as usize).sum(),
    }
}

/// What is produced, as a transfer.
fn negative(joules: i64) -> i64 {
    joules.wrapping_neg().max(0)
}

fn fill(out: &mut Vec<i64>, values: impl Iterator<Item = i64>) {
    let ticks = out.len();
    out.clear();
    out.extend(values.take(ticks));
}
