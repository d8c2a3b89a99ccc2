//! The inverter's way from the DC to the AC side: a piecewise linear curve and the carry of a part of a joule.

use thiserror::Error;

use crate::math::Divisor;
use crate::series::JOULES_MAX;

/// What must hold for a curve.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CurveError {
    /// Points of different number.
    #[error("a curve has as many DC as AC points, at least 2; this one has {dc} and {ac}")]
    Points { dc: usize, ac: usize },
    /// DC must rise, AC must not fall.
    #[error("a curve rises: point {index} does not")]
    Falls { index: usize },
    /// Energy from nothing.
    #[error(
        "a curve gives at most what it takes, and nothing at its first point: point {index} gives {ac} mW of {dc} mW"
    )]
    Creates { index: usize, dc: i64, ac: i64 },
    /// Too much power to count.
    #[error("an inverter converts at most 10^12 J in a tick; this one has {joules}")]
    Power { joules: i128 },
}

/// The curve scaled to the length of a tick: DC in millijoules, AC in microjoules.
#[derive(Clone, Debug)]
pub struct Curve {
    segments: Vec<Segment>,
    /// Its end.
    dc_max: i64,
    ac_max: i64,
    /// True when no product of two differences leaves an i64.
    is_small: bool,
    /// Where the last questions of each sort were answered.
    near: [usize; 3],
}

/// A line of the curve from (dc, ac) on.
#[derive(Clone, Copy, Debug)]
struct Segment {
    dc: i64,
    ac: i64,
    run: Divisor,
    rise: Divisor,
}

/// Who asks: questions of the same sort have similar answers from tick to tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// For the first conversion of a tick.
    First = 0,
    /// For more of it.
    More = 1,
}
const OUT: usize = 2;

impl Curve {
    /// Scales a curve of milliwatts to ticks.
    pub fn new(dc_milliwatts: &[i64], ac_milliwatts: &[i64], tick_seconds: i64) -> Result<Curve, CurveError> {
        check(dc_milliwatts, ac_milliwatts, tick_seconds)?;
        let dc: Vec<i64> = dc_milliwatts.iter().map(|power| power * tick_seconds).collect();
        let ac: Vec<i64> = ac_milliwatts.iter().map(|power| power * tick_seconds * 1000).collect();
        let (dc_max, ac_max) = (dc[dc.len() - 1], ac[ac.len() - 1]);
        let is_small = i128::from(dc_max) * i128::from(ac_max) < i128::from(i64::MAX) / 2;
        let segment = |point: usize| Segment {
            dc: dc[point],
            ac: ac[point],
            run: Divisor::new(dc[point + 1] - dc[point]),
            // Nobody asks for an AC on a level line.
            rise: Divisor::new((ac[point + 1] - ac[point]).max(1)),
        };
        let segments = (0..dc.len() - 1).map(segment).collect();
        Ok(Curve { segments, dc_max, ac_max, is_small, near: [0; 3] })
    }

    /// AC microjoules for a number of DC joules.
    pub fn out(&mut self, dc_joules: i64) -> i64 {
        let dc = dc_joules * 1000;
        if dc >= self.dc_max {
            return self.ac_max;
        }
        if dc <= self.segments[0].dc {
            return 0;
        }
        let segment = self.segment(OUT, |segment| segment.dc < dc);
        let (amount, rise) = (dc - segment.dc, self.rise(&segment));
        let above = match self.is_small {
            true => segment.run.floor(amount * rise),
            false => (i128::from(amount) * i128::from(rise) / i128::from(segment.run.by())) as i64,
        };
        segment.ac + above
    }

    /// The fewest DC joules that give a number of AC microjoules; None if the curve never reaches it.
    pub fn need(&mut self, ask: Ask, ac_microjoules: i64) -> Option<i64> {
        if ac_microjoules <= 0 {
            return Some(0);
        }
        if ac_microjoules > self.ac_max {
            return None;
        }
        let segment = self.segment(ask as usize, |segment| segment.ac < ac_microjoules);
        let (amount, run) = (ac_microjoules - segment.ac, segment.run.by());
        let above = match self.is_small {
            true => segment.rise.ceil(amount * run),
            false => (i128::from(amount) * i128::from(run) + i128::from(segment.rise.by() - 1))
                .div_euclid(i128::from(segment.rise.by())) as i64,
        };
        Some((segment.dc + above + 999) / 1000)
    }

    /// The end of the curve.
    pub fn ac_microjoules_max(&self) -> i64 {
        self.ac_max
    }

    // The divisor of a level line is 1, its rise 0.
    fn rise(&self, segment: &Segment) -> i64 {
        let next = self.near[OUT] + 1;
        self.segments.get(next).map_or(self.ac_max, |next| next.ac) - segment.ac
    }

    /// The last segment that begins below. Power seldom jumps, so that of the tick before is mostly the right one.
    fn segment(&mut self, sort: usize, begins_below: impl Fn(&Segment) -> bool) -> Segment {
        let near = self.near[sort];
        let is_right =
            begins_below(&self.segments[near]) && self.segments.get(near + 1).is_none_or(|next| !begins_below(next));
        if !is_right {
            self.near[sort] = self.segments.partition_point(begins_below) - 1;
        }
        self.segments[self.near[sort]]
    }
}

fn check(dc: &[i64], ac: &[i64], tick_seconds: i64) -> Result<(), CurveError> {
    if dc.len() != ac.len() || dc.len() < 2 {
        return Err(CurveError::Points { dc: dc.len(), ac: ac.len() });
    }
    for index in 0..dc.len() {
        if index > 0 && (dc[index] <= dc[index - 1] || ac[index] < ac[index - 1]) {
            return Err(CurveError::Falls { index });
        }
        if dc[index] < 0 || ac[index] < 0 || ac[index] > dc[index] || (index == 0 && ac[index] > 0) {
            return Err(CurveError::Creates { index, dc: dc[index], ac: ac[index] });
        }
    }
    let joules = i128::from(dc[dc.len() - 1]) * i128::from(tick_seconds) / 1000;
    if joules > i128::from(JOULES_MAX) { Err(CurveError::Power { joules }) } else { Ok(()) }
}

/// An inverter in a window: its curve, its rating and what it converted but could not yet give as a whole joule.
#[derive(Clone, Debug)]
pub struct Converter {
    /// None for a switchboard.
    pub curve: Option<Curve>,
    /// AC joules per tick at most.
    pub rating_joules: i64,
    /// Converted, not yet a whole joule.
    pub carry_microjoules: i64,
}

/// What has been converted in a tick so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// DC joules taken.
    pub dc: i64,
    /// AC joules given.
    pub ac: i64,
}

impl Converter {
    /// Adds up to `ac` joules to what is converted in this tick, with up to `sun` and then `pool` more joules of DC.
    ///
    /// When these do not suffice, all of the sun is converted: what is less than a joule of AC is carried.
    pub fn add(&mut self, so_far: Converted, ac: i64, sun: i64, pool: i64) -> Converted {
        let Some(curve) = &mut self.curve else { return so_far };
        let limit = (curve.ac_microjoules_max() + self.carry_microjoules) / 1_000_000;
        let wanted = (so_far.ac + ac).min(self.rating_joules).min(limit);
        let all = so_far.dc + sun + pool;
        if wanted <= so_far.ac || all == so_far.dc {
            return so_far;
        }
        let ask = if so_far.dc == 0 { Ask::First } else { Ask::More };
        let needed = need(curve, ask, self.carry_microjoules, wanted);
        if needed <= all {
            return Converted { dc: needed, ac: wanted };
        }
        let out = curve.out(all);
        if out == 0 {
            return so_far;
        }
        let most = ((out + self.carry_microjoules) / 1_000_000).min(all).max(so_far.ac);
        let dc = if pool == 0 { all } else { need(curve, ask, self.carry_microjoules, most).max(so_far.dc + sun) };
        Converted { dc, ac: most }
    }

    /// Ends the tick: what was converted beyond whole joules is carried.
    pub fn close(&mut self, converted: Converted) {
        if let (Some(curve), true) = (&mut self.curve, converted.dc > 0) {
            self.carry_microjoules += curve.out(converted.dc) - converted.ac * 1_000_000;
        }
    }
}

/// The fewest DC joules for a number of AC joules: never fewer than the AC joules, or the conversion would gain energy.
fn need(curve: &mut Curve, ask: Ask, carry_microjoules: i64, ac: i64) -> i64 {
    curve.need(ask, ac * 1_000_000 - carry_microjoules).expect("the wanted AC lies on the curve").max(ac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_need_is_the_fewest_joules_that_suffice() {
        let dc = [0, 20_000, 500_000, 5_240_000];
        let ac = [0, 0, 461_000, 5_000_000];
        for tick_seconds in [1, 7, 3600] {
            let mut curve = Curve::new(&dc, &ac, tick_seconds).unwrap();
            for ac in [1, 999_999, 1_000_000, 460_999_999, 5_000_000_000] {
                let need = curve.need(Ask::First, ac).unwrap();
                assert!(curve.out(need) >= ac && curve.out(need - 1) < ac);
            }
        }
    }

    #[test]
    fn five_percent_are_lost_to_the_joule() {
        let curve = Curve::new(&[0, 10_000_000], &[0, 9_500_000], 1).unwrap();
        let mut converter = Converter { curve: Some(curve), rating_joules: 5000, carry_microjoules: 0 };
        let mut dc = 0;
        for _ in 0..600 {
            let converted = converter.add(Converted::default(), 2000, 0, 1_000_000);
            converter.close(converted);
            dc += converted.dc;
        }
        assert_eq!(dc, 1_263_158);
    }

    #[test]
    fn a_sun_that_does_not_suffice_is_converted_to_the_last_joule() {
        let curve = Curve::new(&[0, 10_000_000], &[0, 9_700_000], 1).unwrap();
        let mut converter = Converter { curve: Some(curve), rating_joules: 5000, carry_microjoules: 0 };
        let mut ac = 0;
        for _ in 0..100 {
            let converted = converter.add(Converted::default(), 2000, 999, 0);
            converter.close(converted);
            assert_eq!(converted.dc, 999);
            ac += converted.ac;
        }
        assert_eq!(ac, 999 * 97);
    }

    #[test]
    fn a_sleeping_inverter_takes_nothing() {
        let curve = Curve::new(&[0, 20_000, 30_000], &[0, 0, 10_000], 1).unwrap();
        let mut converter = Converter { curve: Some(curve), rating_joules: 5000, carry_microjoules: 0 };
        assert_eq!(converter.add(Converted::default(), 100, 20, 0), Converted::default());
        assert_eq!(converter.add(Converted::default(), 100, 20, 10), Converted { dc: 30, ac: 10 });
    }

    #[test]
    fn a_curve_that_makes_energy_is_refused() {
        assert!(matches!(Curve::new(&[0, 10], &[0, 11], 1), Err(CurveError::Creates { index: 1, dc: 10, ac: 11 })));
        assert!(matches!(Curve::new(&[0, 0], &[0, 0], 1), Err(CurveError::Falls { index: 1 })));
    }
}
