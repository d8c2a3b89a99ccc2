//! A thermostat around a thermal mass, second by second: the exact solution of the linear equation, in integers.

use crate::lane::{Lane, State};
use crate::offer::{self, ThermalRun};
use crate::series::INTEGER_MAX;

/// A thermal mass in a window.
#[derive(Clone, Debug)]
pub struct Thermal {
    /// Its name, which is its account.
    pub name: String,
    /// At the block's start.
    pub state: State,
    /// Wanted and not granted in each tick of the block; empty when nothing was shed or owed.
    pub unserved: Vec<i64>,
    /// Granted later than it was wanted, in each tick of the block; empty when nothing was owed.
    pub served_later: Vec<i64>,
    /// What it was refused and still waits for.
    pub owed_joules: i64,
    /// It was granted less than it wanted in the window.
    pub was_shed: bool,
    offer: offer::Thermal,
    /// Seconds from the window's start to the end of each run.
    ends: Vec<i64>,
}

impl Thermal {
    /// A thermal mass at the window's start, from a checked offer.
    pub fn new(name: &str, offer: &offer::Thermal) -> Thermal {
        let mut ends: Vec<i64> = offer.surroundings.iter().map(|run| run.seconds).collect();
        for run in 1..ends.len() {
            ends[run] += ends[run - 1];
        }
        let state = State::new(offer.heat_microjoules, offer.on);
        Thermal {
            name: name.to_owned(),
            state,
            unserved: Vec::new(),
            served_later: Vec::new(),
            owed_joules: offer.owed_joules,
            was_shed: false,
            offer: offer.clone(),
            ends,
        }
    }

    /// The lowest is shed first.
    pub fn shedding_priority(&self) -> i64 {
        self.offer.shedding_priority
    }

    /// What it offered.
    pub fn offer(&self) -> &offer::Thermal {
        &self.offer
    }

    /// Puts a lane into the surroundings of a second, and returns until which second they hold.
    pub fn enter(&self, second: i64, lane: &mut Lane) -> i64 {
        let run = self.run(second);
        lane.enter(&self.offer.surroundings[run]);
        self.ends[run]
    }

    fn run(&self, second: i64) -> usize {
        self.ends.partition_point(|&end| end <= second)
    }

    /// The state after some seconds in which it gets at most a number of joules.
    pub fn after(&self, before: State, begins: i64, seconds: i64, joules: i64) -> State {
        let (mut heat, mut on, mut left) = (before.heat_microjoules(), before.on(), joules);
        for second in begins..begins + seconds {
            let run = &self.offer.surroundings[self.run(second)];
            on = run.enabled && self.switches_on(heat, on);
            let got = if on { self.offer.watts.min(left) } else { 0 };
            let rest = if on { equilibrium_on(run, got, self.offer.watts) } else { run.equilibrium_off_microjoules };
            heat = rest + ((i128::from(heat - rest) * i128::from(run.decay_q52)) >> 52) as i64;
            left -= got;
        }
        State::new(heat, on)
    }

    /// Counts a tick: a thermostat that is refused asks again each second, and each joule counts once.
    ///
    /// It is owed at most what its mass lacks to where it would go off: so much it will take when it can. It is owed
    /// nothing when it went off by itself.
    pub fn owe(&mut self, tick: usize, granted: i64, after: State, second: i64) {
        let refused = self.unserved[tick];
        let is_content =
            granted > 0 && refused == 0 && !after.on() && self.offer.surroundings[self.run(second)].enabled;
        let lacks = if is_content { 0 } else { self.lacks(after.heat_microjoules(), second) };
        let owed = (self.owed_joules + refused).min(lacks);
        self.unserved[tick] = (owed - self.owed_joules).max(0);
        self.served_later[tick] = (self.owed_joules - owed).clamp(0, granted);
        self.owed_joules = owed;
    }

    /// Joules of its heater from a heat to where it goes off, without what is lost on the way.
    fn lacks(&self, heat: i64, second: i64) -> i64 {
        let run = &self.offer.surroundings[self.run(second)];
        let missing = match self.offer.cools {
            true => heat - self.offer.low_microjoules,
            false => self.offer.high_microjoules - heat,
        };
        let apart = i128::from(run.equilibrium_on_microjoules) - i128::from(run.equilibrium_off_microjoules);
        let gained = (apart.abs() * i128::from((1i64 << 52) - run.decay_q52)) >> 52;
        let joules = i128::from(missing.max(0)) * i128::from(self.offer.watts) / gained.max(1);
        joules.min(i128::from(INTEGER_MAX)) as i64
    }

    fn switches_on(&self, heat: i64, on: bool) -> bool {
        match (self.offer.cools, on) {
            (false, true) => heat < self.offer.high_microjoules,
            (false, false) => heat <= self.offer.low_microjoules,
            (true, true) => heat > self.offer.low_microjoules,
            (true, false) => heat >= self.offer.high_microjoules,
        }
    }
}

fn equilibrium_on(run: &ThermalRun, got: i64, watts: i64) -> i64 {
    if got == watts {
        return run.equilibrium_on_microjoules;
    }
    let apart = i128::from(run.equilibrium_on_microjoules - run.equilibrium_off_microjoules) * i128::from(got);
    run.equilibrium_off_microjoules + apart.div_euclid(i128::from(watts)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;
    use crate::math::decay_q52;

    /// The oven of the physics notes: 2.4 kW, 12 kJ/K, 5.5 W/K, 195 to 205 degrees in a room of 20 degrees.
    fn oven() -> Thermal {
        let microjoules = |degrees: f64| (degrees * 12e9) as i64;
        let run = ThermalRun {
            seconds: 86_400,
            enabled: true,
            decay_q52: decay_q52(1, 12_000_000 * 10 / 55).unwrap(),
            equilibrium_off_microjoules: microjoules(20.0),
            equilibrium_on_microjoules: microjoules(20.0 + 2400.0 / 5.5),
        };
        let offer = offer::Thermal {
            heat_microjoules: microjoules(20.0),
            on: false,
            low_microjoules: microjoules(195.0),
            high_microjoules: microjoules(205.0),
            cools: false,
            watts: 2400,
            surroundings: vec![run],
            owed_joules: 0,
            shedding_priority: 5,
            fuel: None,
        };
        Thermal::new("oven", &offer)
    }

    fn wants(tick_seconds: i64, ticks: usize) -> Vec<i64> {
        let mut bank = Bank::new(vec![oven()], tick_seconds);
        bank.begin(ticks);
        (0..ticks).map(|tick| bank.want(tick)).collect()
    }

    #[test]
    fn an_oven_preheats_rests_and_reheats_as_the_formula_says() {
        let wants = wants(1, 3000);
        let lengths: Vec<usize> = wants.chunk_by(|before, after| before == after).map(<[i64]>::len).collect();
        // Switching times in seconds: 1203.437 to 205 degrees, 121.243 to 195, 85.117 back to 205; whole seconds overshoot.
        for (length, seconds) in lengths.iter().zip([1204, 122, 86, 122]) {
            assert!(length.abs_diff(seconds) <= 1, "{lengths:?}");
        }
    }

    #[test]
    fn minutes_and_seconds_want_the_same_joules() {
        let seconds: i64 = wants(1, 3600).iter().sum();
        assert_eq!(seconds, wants(60, 60).iter().sum::<i64>());
    }

    #[test]
    fn half_the_power_rests_half_way() {
        let oven = oven();
        let gained = oven.after(oven.state, 0, 1, 1200).heat_microjoules() - oven.state.heat_microjoules();
        assert!((gained - 1_200_000_000).abs() < 1_000_000, "{gained}");
    }

    #[test]
    fn whoever_gets_all_is_where_it_was_run_ahead_to() {
        for tick_seconds in [1, 7] {
            let (mut one, mut other) = (Bank::new(vec![oven()], tick_seconds), oven().state);
            one.begin(300);
            for tick in 0..300 {
                let want = one.want(tick);
                other = oven().after(other, tick as i64 * tick_seconds, tick_seconds, want);
            }
            one.end(300);
            assert_eq!(one.thermals()[0].state, other);
        }
    }
}
