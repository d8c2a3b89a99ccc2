//! A thermostat around a thermal mass, second by second: the exact solution of the linear equation, in integers.

use crate::offer::{self, ThermalRun};

/// A thermal mass in a window.
#[derive(Clone, Debug)]
pub struct Thermal {
    /// Its name, which is its account.
    pub name: String,
    offer: offer::Thermal,
    state: State,
    /// The state after this tick when all of the want is granted.
    served: State,
    tick_seconds: i64,
    /// What it wants in this tick.
    pub want: i64,
}

#[derive(Clone, Copy, Debug)]
struct State {
    heat_microjoules: i64,
    on: bool,
    run: usize,
    used_seconds: i64,
}

impl Thermal {
    /// A thermal mass at the window's start, from a checked offer.
    pub fn new(name: &str, offer: &offer::Thermal, tick_seconds: i64) -> Thermal {
        let state = State { heat_microjoules: offer.heat_microjoules, on: offer.on, run: 0, used_seconds: 0 };
        Thermal { name: name.to_owned(), offer: offer.clone(), state, served: state, tick_seconds, want: 0 }
    }

    /// The rank by which it bends.
    pub fn rank(&self) -> i64 {
        self.offer.rank
    }

    /// Its heat content and whether it is on.
    pub fn memory(&self) -> (i64, bool) {
        (self.state.heat_microjoules, self.state.on)
    }

    /// Looks one tick ahead and returns what it wants.
    #[inline]
    pub fn look_ahead(&mut self) -> i64 {
        self.want = if self.tick_seconds == 1 { self.want_of_second() } else { self.want_of_seconds() };
        self.want
    }

    // The switch is set by the heat at the second's start, so the want of one second is known without running it.
    fn want_of_second(&self) -> i64 {
        if self.state.switch(&self.offer) { self.offer.watts } else { 0 }
    }

    fn want_of_seconds(&mut self) -> i64 {
        let all = self.offer.watts * self.tick_seconds;
        let (served, left) = self.run(all);
        self.served = served;
        all - left
    }

    /// Ends the tick with what was granted.
    #[inline]
    pub fn close(&mut self, granted: i64) {
        if self.tick_seconds == 1 {
            self.state.second(&self.offer, granted);
        } else {
            self.state = if granted == self.want { self.served } else { self.run(granted).0 };
        }
    }

    fn run(&self, joules: i64) -> (State, i64) {
        let (mut state, mut left) = (self.state, joules);
        for _ in 0..self.tick_seconds {
            left -= state.second(&self.offer, left);
        }
        (state, left)
    }
}

impl State {
    /// Goes on by a second with up to `joules`, and returns what it took.
    #[inline]
    fn second(&mut self, offer: &offer::Thermal, joules: i64) -> i64 {
        let run = &offer.runs[self.run];
        self.on = self.switch(offer);
        let (got, rest) = if self.on {
            let got = offer.watts.min(joules);
            (got, rest_on(run, got, offer.watts))
        } else {
            (0, run.rest_off_microjoules)
        };
        let apart = i128::from(self.heat_microjoules - rest) * i128::from(run.decay_q52);
        self.heat_microjoules = rest + (apart >> 52) as i64;
        self.used_seconds += 1;
        if self.used_seconds == run.seconds {
            self.run += 1;
            self.used_seconds = 0;
        }
        got
    }

    #[inline]
    fn switch(&self, offer: &offer::Thermal) -> bool {
        let (low, high, heat) = (offer.low_microjoules, offer.high_microjoules, self.heat_microjoules);
        let is_on = match (offer.cools, self.on) {
            (false, true) => heat < high,
            (false, false) => heat <= low,
            (true, true) => heat > low,
            (true, false) => heat >= high,
        };
        offer.runs[self.run].enabled && is_on
    }
}

fn rest_on(run: &ThermalRun, got: i64, watts: i64) -> i64 {
    if got == watts {
        return run.rest_on_microjoules;
    }
    let apart = i128::from(run.rest_on_microjoules - run.rest_off_microjoules) * i128::from(got);
    run.rest_off_microjoules + apart.div_euclid(i128::from(watts)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::decay_q52;

    /// The oven of the physics notes: 2.4 kW, 12 kJ/K, 5.5 W/K, 195 to 205 degrees in a room of 20 degrees.
    fn oven(tick_seconds: i64) -> Thermal {
        let microjoules = |degrees: f64| (degrees * 12e9) as i64;
        let run = ThermalRun {
            seconds: 86_400,
            enabled: true,
            decay_q52: decay_q52(1, 12_000_000 * 10 / 55).unwrap(),
            rest_off_microjoules: microjoules(20.0),
            rest_on_microjoules: microjoules(20.0 + 2400.0 / 5.5),
        };
        let offer = offer::Thermal {
            heat_microjoules: microjoules(20.0),
            on: false,
            low_microjoules: microjoules(195.0),
            high_microjoules: microjoules(205.0),
            cools: false,
            watts: 2400,
            runs: vec![run],
            rank: 5,
        };
        Thermal::new("oven", &offer, tick_seconds)
    }

    fn wants(oven: &mut Thermal, ticks: usize) -> Vec<i64> {
        (0..ticks)
            .map(|_| {
                let want = oven.look_ahead();
                oven.close(want);
                want
            })
            .collect()
    }

    #[test]
    fn an_oven_preheats_rests_and_reheats_as_the_formula_says() {
        let wants = wants(&mut oven(1), 3000);
        let lengths: Vec<usize> = wants.chunk_by(|before, after| before == after).map(<[i64]>::len).collect();
        // Switching times in seconds: 1203.437 to 205 degrees, 121.243 to 195, 85.117 back to 205; whole seconds overshoot.
        for (length, seconds) in lengths.iter().zip([1204, 122, 86, 122]) {
            assert!(length.abs_diff(seconds) <= 1, "{lengths:?}");
        }
    }

    #[test]
    fn minutes_and_seconds_want_the_same_joules() {
        let seconds: i64 = wants(&mut oven(1), 3600).iter().sum();
        assert_eq!(seconds, wants(&mut oven(60), 60).iter().sum::<i64>());
    }

    #[test]
    fn half_the_power_rests_half_way() {
        let mut oven = oven(1);
        let (cold, _) = oven.memory();
        oven.look_ahead();
        oven.close(1200);
        let gained = oven.memory().0 - cold;
        assert!((gained - 1_200_000_000).abs() < 1_000_000, "{gained}");
    }
}
