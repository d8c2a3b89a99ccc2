//! Charging power that depends on how full a store is.

/// (microjoules inside, watts), rising in level; linear between, constant before the first and after the last.
#[derive(Clone, Debug, Default)]
pub struct Taper {
    corners: Vec<(i64, i64)>,
}

impl Taper {
    /// A taper from checked corners of (joules inside, watts).
    pub fn new(corners: &[(i64, i64)]) -> Taper {
        let microjoules = |joules: i64| joules.saturating_mul(1_000_000);
        Taper { corners: corners.iter().map(|&(level, watts)| (microjoules(level), watts)).collect() }
    }

    /// Watts at most at a level; without corners any.
    pub fn watts_at(&self, level_microjoules: i64) -> i64 {
        let after = self.corners.partition_point(|corner| corner.0 <= level_microjoules);
        let (Some(&last), Some(&first)) = (self.corners.last(), self.corners.first()) else { return i64::MAX };
        if after == 0 || after == self.corners.len() {
            return if after == 0 { first.1 } else { last.1 };
        }
        let ((low, from), (high, to)) = (self.corners[after - 1], self.corners[after]);
        let part = i128::from(to - from) * i128::from(level_microjoules - low);
        from + part.div_euclid(i128::from(high - low)) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watts_follow_the_corners_and_stay_beyond_them() {
        let taper = Taper::new(&[(90, 11_000), (100, 1_000)]);
        for (joules, watts) in [(0, 11_000), (90, 11_000), (95, 6_000), (99, 2_000), (100, 1_000), (200, 1_000)] {
            assert_eq!(taper.watts_at(joules * 1_000_000), watts, "{joules} J");
        }
        assert_eq!(Taper::default().watts_at(5), i64::MAX);
    }
}
