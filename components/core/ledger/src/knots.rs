//! Power that is linear between knots, integrated exactly to joules per tick.

/// What becomes of the part of a joule that a tick of knots leaves over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// It is carried to the next tick: no joule is lost.
    Carry,
    /// It is dropped: an upper bound that must not be passed, a lower bound of what a device takes.
    Down,
    /// It counts as a whole joule: an upper bound of what a device takes.
    Up,
}

/// Power in milliwatts at knots `grid_seconds` apart; the first is `lead_seconds` before the window's start.
#[derive(Clone, Debug)]
pub struct Knots {
    /// Seconds between two knots.
    pub grid_seconds: i64,
    /// Age of the first knot at the window's start.
    pub lead_seconds: i64,
    /// Power at the knots.
    pub milliwatts: Vec<i64>,
    /// What the window before left over, in units of 1/(2000 * grid_seconds) J.
    pub carry: i64,
}

impl Knots {
    /// One joule in the units of the carry.
    pub fn unit(&self) -> i64 {
        2000 * self.grid_seconds
    }

    /// Writes the joules of the ticks from `tick` on and returns the new carry.
    pub fn fill(&self, tick: i64, carry: i64, tick_seconds: i64, rounding: Rounding, out: &mut [i64]) -> i64 {
        let mut at_seconds = tick * tick_seconds + self.lead_seconds;
        let mut carry = carry;
        let mut done = 0;
        while done < out.len() {
            let left_seconds = self.grid_seconds - at_seconds % self.grid_seconds;
            let whole = ((left_seconds / tick_seconds) as usize).min(out.len() - done);
            let part = &mut out[done..done + whole.max(1)];
            match (rounding, whole) {
                (Rounding::Carry, 1..) => carry = self.along(at_seconds, tick_seconds, carry, part),
                _ => carry = self.across(at_seconds, tick_seconds, carry, rounding, &mut part[0]),
            }
            let ticks = if rounding == Rounding::Carry { whole.max(1) } else { 1 };
            done += ticks;
            at_seconds += ticks as i64 * tick_seconds;
        }
        carry
    }

    /// Ticks inside one segment: the integral grows by a constant from tick to tick, so no division is needed.
    fn along(&self, at_seconds: i64, tick_seconds: i64, carry: i64, out: &mut [i64]) -> i64 {
        let unit = self.unit();
        let (mut whole, mut rest) = split(self.integral(at_seconds, tick_seconds), unit);
        let rise = self.rise((at_seconds / self.grid_seconds) as usize);
        let (step_whole, step_rest) = split(2 * rise * i128::from(tick_seconds).pow(2), unit);
        if (whole, rest, step_whole, step_rest) == (0, 0, 0, 0) {
            out.fill(0);
            return carry;
        }
        let mut carry = carry;
        // Of checked knots nothing leaves its bounds here: whole joules below 10^12, rests and carries below the unit.
        for joules in out {
            let sum = carry.wrapping_add(rest);
            let over = i64::from(sum >= unit);
            *joules = whole.wrapping_add(over);
            carry = if over == 1 { sum.wrapping_sub(unit) } else { sum };
            let next = rest.wrapping_add(step_rest);
            let over = i64::from(next >= unit);
            whole = whole.wrapping_add(step_whole).wrapping_add(over);
            rest = if over == 1 { next.wrapping_sub(unit) } else { next };
        }
        carry
    }

    /// One tick that may lie across several knots.
    fn across(&self, at_seconds: i64, tick_seconds: i64, carry: i64, rounding: Rounding, out: &mut i64) -> i64 {
        let mut integral = 0;
        let (mut from, until) = (at_seconds, at_seconds + tick_seconds);
        while from < until {
            let end = until.min((from / self.grid_seconds + 1) * self.grid_seconds);
            integral += self.integral(from, end - from);
            from = end;
        }
        let added = match rounding {
            Rounding::Carry => integral + i128::from(carry),
            Rounding::Down => integral,
            Rounding::Up => integral + i128::from(self.unit() - 1),
        };
        let (joules, rest) = split(added, self.unit());
        *out = joules;
        rest
    }

    /// Integral over seconds inside one segment, in units of 1/(2000 * grid_seconds) J.
    fn integral(&self, at_seconds: i64, seconds: i64) -> i128 {
        let segment = (at_seconds / self.grid_seconds) as usize;
        let offset = at_seconds % self.grid_seconds;
        let level = 2 * i128::from(self.grid_seconds) * i128::from(self.milliwatts[segment]) * i128::from(seconds);
        level + self.rise(segment) * i128::from(seconds) * i128::from(2 * offset + seconds)
    }

    fn rise(&self, segment: usize) -> i128 {
        i128::from(self.milliwatts[segment + 1]) - i128::from(self.milliwatts[segment])
    }
}

fn split(amount: i128, unit: i64) -> (i64, i64) {
    let unit = i128::from(unit);
    (amount.div_euclid(unit) as i64, amount.rem_euclid(unit) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knots(grid_seconds: i64, lead_seconds: i64, milliwatts: &[i64]) -> Knots {
        Knots { grid_seconds, lead_seconds, milliwatts: milliwatts.to_vec(), carry: 0 }
    }

    #[test]
    fn a_constant_kilowatt_is_a_thousand_joules_a_second() {
        let mut out = [0; 4];
        assert_eq!(knots(3, 1, &[1_000_000, 1_000_000, 1_000_000]).fill(0, 0, 1, Rounding::Carry, &mut out), 0);
        assert_eq!(out, [1000; 4]);
    }

    #[test]
    fn a_ramp_loses_nothing_whether_ticks_lie_inside_or_across_segments() {
        let ramp = knots(7, 3, &[0, -1003, 50, 7_777, -9]);
        let mut seconds = [0; 24];
        let carry_of_seconds = ramp.fill(0, 0, 1, Rounding::Carry, &mut seconds);
        let mut fives = [0; 4];
        ramp.fill(0, 0, 5, Rounding::Carry, &mut fives);
        let mut twelves = [0; 2];
        let carry_of_twelves = ramp.fill(0, 0, 12, Rounding::Carry, &mut twelves);
        assert_eq!(seconds.iter().sum::<i64>(), twelves.iter().sum::<i64>());
        assert_eq!(carry_of_seconds, carry_of_twelves);
        assert_eq!(fives.iter().sum::<i64>(), seconds[..20].iter().sum::<i64>());
    }

    #[test]
    fn bounds_round_outwards_without_a_carry() {
        let slope = knots(10, 0, &[0, 999]);
        let (mut down, mut up) = ([0; 10], [0; 10]);
        slope.fill(0, 0, 1, Rounding::Down, &mut down);
        slope.fill(0, 0, 1, Rounding::Up, &mut up);
        assert_eq!((down, up), ([0; 10], [1; 10]));
    }
}
