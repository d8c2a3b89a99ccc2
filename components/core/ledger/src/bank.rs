//! All thermal masses of a window, run ahead of the dispatch as if everything were granted; what is shed is run again.

use crate::lane::{LANES, Lane, State, seconds};
use crate::thermal::Thermal;

/// Four masses along the ticks of a block.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Wanted, and then granted.
    joules: Vec<[i64; LANES]>,
    /// After each tick.
    states: Vec<[State; LANES]>,
}

/// The thermal masses of a window.
#[derive(Clone, Debug)]
pub struct Bank {
    thermals: Vec<Thermal>,
    groups: Vec<Group>,
    tick_seconds: i64,
    /// The block's first tick, counted from the window's start.
    first: i64,
    ticks: usize,
    /// Sum of what they want in each tick.
    load: Vec<i64>,
    /// Ticks of the block that are run.
    known: usize,
    /// Ticks to run next: few after a device was shed, and increasingly many while none is.
    stride: usize,
    is_shed: bool,
}

impl Bank {
    /// Masses at the window's start.
    pub fn new(thermals: Vec<Thermal>, tick_seconds: i64) -> Bank {
        let groups = vec![Group::default(); thermals.len().div_ceil(LANES)];
        let (load, stride) = (Vec::new(), usize::MAX / 2);
        Bank { thermals, groups, tick_seconds, first: 0, ticks: 0, load, known: 0, stride, is_shed: false }
    }

    /// All masses.
    pub fn thermals(&self) -> &[Thermal] {
        &self.thermals
    }

    /// Begins a block.
    pub fn begin(&mut self, ticks: usize) {
        (self.ticks, self.known) = (ticks, 0);
        self.load.clear();
        self.load.resize(ticks, 0);
        for group in &mut self.groups {
            group.joules.resize(ticks, [0; LANES]);
            group.states.resize(ticks, [State::default(); LANES]);
        }
        for thermal in &mut self.thermals {
            thermal.unserved.clear();
            thermal.served_later.clear();
        }
    }

    /// What all of them want in a tick of the block.
    #[inline]
    pub fn want(&mut self, tick: usize) -> i64 {
        if tick >= self.known {
            self.run_ahead(tick);
        }
        self.load[tick]
    }

    /// Takes up to a number of joules from a mass in the current tick; returns what it could give.
    pub fn shed(&mut self, index: usize, tick: usize, joules: i64) -> i64 {
        let granted = &mut self.groups[index / LANES].joules[tick][index % LANES];
        let taken = joules.min(*granted);
        *granted -= taken;
        if taken > 0 {
            let unserved = &mut self.thermals[index].unserved;
            unserved.resize(self.ticks, 0);
            unserved[tick] += taken;
            self.thermals[index].was_shed = true;
            self.is_shed = true;
        }
        taken
    }

    /// Ends a tick: a device that was shed continues from what it got, and nothing beyond the tick is known.
    #[inline]
    pub fn close(&mut self, tick: usize) {
        if self.is_shed {
            self.run_again(tick);
        }
    }

    /// Ends the block after a number of ticks.
    pub fn end(&mut self, ticks: usize) {
        self.owe(ticks);
        if ticks > 0 {
            for (index, thermal) in self.thermals.iter_mut().enumerate() {
                thermal.state = self.groups[index / LANES].states[ticks - 1][index % LANES];
            }
        }
        self.first += ticks as i64;
        self.is_shed = false;
    }

    /// Turns what was shed into what each mass came to lack, and what it got of that later.
    fn owe(&mut self, ticks: usize) {
        for (index, thermal) in self.thermals.iter_mut().enumerate() {
            if thermal.owed_joules == 0 && thermal.unserved.is_empty() {
                continue;
            }
            thermal.unserved.resize(self.ticks, 0);
            thermal.served_later.resize(self.ticks, 0);
            let group = &self.groups[index / LANES];
            for tick in 0..ticks {
                let (granted, state) = (group.joules[tick][index % LANES], group.states[tick][index % LANES]);
                let ends = (self.first + tick as i64 + 1) * self.tick_seconds;
                thermal.owe(tick, granted, state, ends - 1);
            }
        }
    }

    /// What a mass is granted in a tick, as far as it is known.
    pub fn granted_in(&self, index: usize, tick: usize) -> i64 {
        self.groups[index / LANES].joules[tick][index % LANES]
    }

    /// What a mass was granted in each tick of the block.
    pub fn granted(&self, index: usize) -> impl Iterator<Item = i64> {
        self.groups[index / LANES].joules.iter().map(move |joules| joules[index % LANES])
    }

    fn before(&self, index: usize, tick: usize) -> State {
        match tick {
            0 => self.thermals[index].state,
            _ => self.groups[index / LANES].states[tick - 1][index % LANES],
        }
    }

    fn run_again(&mut self, tick: usize) {
        let begins = (self.first + tick as i64) * self.tick_seconds;
        for index in 0..self.thermals.len() {
            let thermal = &self.thermals[index];
            if thermal.unserved.get(tick).is_some_and(|&joules| joules > 0) {
                let granted = self.groups[index / LANES].joules[tick][index % LANES];
                let state = thermal.after(self.before(index, tick), begins, self.tick_seconds, granted);
                self.groups[index / LANES].states[tick][index % LANES] = state;
            }
        }
        (self.known, self.stride, self.is_shed) = (tick + 1, 1, false);
    }

    fn run_ahead(&mut self, tick: usize) {
        let ends = tick.saturating_add(self.stride).min(self.ticks);
        self.stride = self.stride.saturating_mul(2);
        self.load[tick..ends].fill(0);
        for number in 0..self.groups.len() {
            let masses = number * LANES..self.thermals.len().min((number + 1) * LANES);
            let before: Vec<State> = masses.clone().map(|index| self.before(index, tick)).collect();
            let ticks = Ticks { first: self.first, tick_seconds: self.tick_seconds, begins: tick, ends };
            run(&mut self.groups[number], &self.thermals[masses], &before, ticks, &mut self.load);
        }
        self.known = ends;
    }
}

/// A part of a block.
#[derive(Clone, Copy)]
struct Ticks {
    first: i64,
    tick_seconds: i64,
    begins: usize,
    ends: usize,
}

/// Runs a group in which no device is shed, from one change of surroundings to the next.
fn run(group: &mut Group, thermals: &[Thermal], before: &[State], ticks: Ticks, load: &mut [i64]) {
    let mut lanes = [Lane::default(); LANES];
    for ((lane, thermal), state) in lanes.iter_mut().zip(thermals).zip(before) {
        *lane = Lane::new(thermal.offer(), *state);
    }
    let mut at = (ticks.first + ticks.begins as i64) * ticks.tick_seconds;
    let (mut tick, until) = (ticks.begins, (ticks.first + ticks.ends as i64) * ticks.tick_seconds);
    let mut tick_end = at + ticks.tick_seconds;
    while at < until {
        let mut reach = until;
        for (lane, thermal) in lanes.iter_mut().zip(thermals) {
            reach = reach.min(thermal.enter(at, lane));
        }
        if ticks.tick_seconds == 1 {
            let count = (reach - at) as usize;
            let rows = tick..tick + count;
            let mut out =
                group.joules[rows.clone()].iter_mut().zip(&mut group.states[rows.clone()]).zip(&mut load[rows]);
            seconds(&mut lanes, count, |lanes| {
                let ((joules, states), load) = out.next().expect("a row a second");
                *load += note(lanes, joules, states);
            });
            (at, tick) = (reach, tick + count);
            continue;
        }
        reach = reach.min(tick_end);
        seconds(&mut lanes, (reach - at) as usize, |_| ());
        at = reach;
        if at == tick_end {
            load[tick] += note(&mut lanes, &mut group.joules[tick], &mut group.states[tick]);
            (tick, tick_end) = (tick + 1, tick_end + ticks.tick_seconds);
        }
    }
}

/// Writes down what the lanes took since the last note, and returns its sum.
#[inline(always)]
fn note(lanes: &mut [Lane; LANES], joules: &mut [i64; LANES], states: &mut [State; LANES]) -> i64 {
    let mut sum = 0;
    for ((lane, joules), state) in lanes.iter_mut().zip(joules).zip(states) {
        *joules = std::mem::take(&mut lane.taken);
        *state = lane.state();
        sum += *joules;
    }
    sum
}
