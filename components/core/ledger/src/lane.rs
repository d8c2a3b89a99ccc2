//! Four thermal masses side by side, second by second: their chains of products overlap in the processor.

use crate::offer::{self, ThermalRun};

/// Heat content and whether it is on, in one number, of which there is one per tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State(i64);

impl State {
    /// A state; heats are below 2^54.
    #[inline(always)]
    pub fn new(heat_microjoules: i64, on: bool) -> State {
        State((heat_microjoules << 1) | i64::from(on))
    }

    /// Heat content.
    pub fn heat_microjoules(self) -> i64 {
        self.0 >> 1
    }

    /// Whether it is on.
    pub fn on(self) -> bool {
        self.0 & 1 == 1
    }
}

/// How many masses go on at once.
pub const LANES: usize = 4;

/// A thermal mass in surroundings that do not change, ready to be run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lane {
    /// Joules that it took since they were last set to 0.
    pub taken: i64,
    heat: i64,
    on: bool,
    watts: i64,
    /// All ones for a fridge: its order of temperatures is turned round.
    turned: i64,
    /// Below this it stays on.
    stays: i64,
    /// Below this it turns on.
    starts: i64,
    enabled: bool,
    decay_q52: i64,
    equilibrium_off: i64,
    equilibrium_on: i64,
}

impl Lane {
    /// A mass with its thermostat.
    pub fn new(offer: &offer::Thermal, state: State) -> Lane {
        let turned = -i64::from(offer.cools);
        // A heater stays on below high and turns on at low; a fridge stays on above low and turns on at high.
        let (stays, starts) = match offer.cools {
            true => (!offer.low_microjoules, !offer.high_microjoules + 1),
            false => (offer.high_microjoules, offer.low_microjoules + 1),
        };
        Lane {
            heat: state.heat_microjoules(),
            on: state.on(),
            watts: offer.watts,
            turned,
            stays,
            starts,
            ..Lane::default()
        }
    }

    /// Enters other surroundings.
    pub fn enter(&mut self, run: &ThermalRun) {
        self.enabled = run.enabled;
        self.decay_q52 = run.decay_q52;
        (self.equilibrium_off, self.equilibrium_on) = (run.equilibrium_off_microjoules, run.equilibrium_on_microjoules);
    }

    /// Its memory.
    #[inline(always)]
    pub fn state(&self) -> State {
        State::new(self.heat, self.on)
    }

    /// Goes on by a second in which it gets all that it wants.
    #[inline(always)]
    fn second(&mut self) {
        let limit = if self.on { self.stays } else { self.starts };
        self.on = self.enabled & ((self.heat ^ self.turned) < limit);
        let (rest, watts) = if self.on { (self.equilibrium_on, self.watts) } else { (self.equilibrium_off, 0) };
        // Of a checked offer nothing leaves its bounds here: heats below 2^54, a decay of at most 2^52.
        self.taken = self.taken.wrapping_add(watts);
        let apart = i128::from(self.heat.wrapping_sub(rest)) * i128::from(self.decay_q52);
        self.heat = rest.wrapping_add((apart >> 52) as i64);
    }
}

/// Advances by a number of seconds and looks at the lanes after each of them.
#[inline(always)]
pub fn seconds(lanes: &mut [Lane; LANES], count: usize, mut look: impl FnMut(&mut [Lane; LANES])) {
    let mut all = *lanes;
    for _ in 0..count {
        all.iter_mut().for_each(Lane::second);
        look(&mut all);
    }
    *lanes = all;
}
