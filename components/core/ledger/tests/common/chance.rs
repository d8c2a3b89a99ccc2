//! Chance out of a seed.

/// Splitmix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as i64
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below(most - least + 1)
    }

    pub fn one_in(&mut self, count: i64) -> bool {
        self.below(count) == 0
    }

    /// Values that stay for a while.
    pub fn steps(&mut self, ticks: i64, mut value: impl FnMut(&mut Chance) -> i64) -> Vec<i64> {
        let mut all = Vec::new();
        while (all.len() as i64) < ticks {
            let count = self.between(1, 40);
            let step = value(self);
            all.extend(std::iter::repeat_n(step, count as usize));
        }
        all.truncate(ticks as usize);
        all
    }
}
