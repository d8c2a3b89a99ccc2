//! What the core did with one offer.

/// Sums over the committed ticks, and the memory at their end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Outcome {
    pub joules_in: i128,
    pub joules_out: i128,
    pub unserved_joules: i128,
    pub served_later_joules: i128,
    pub curtailed_joules: i128,
    /// Maximal runs of (count, joules), only where the grant differs from the want.
    pub granted: Option<Vec<(i64, i64)>>,
    pub carry: i64,
    pub level_microjoules: i64,
    pub standby_carry_microjoules: i64,
    pub heat_joules: i128,
    pub heat_microjoules: i64,
    pub on: bool,
    pub owed_joules: i64,
    pub driven_joules: i128,
    pub charged_joules: i64,
    pub discharged_joules: i64,
    pub session_joules: i64,
    pub carry_microjoules: i64,
    pub night_carry_microjoules: i64,
    pub import_cost_micro_euro: i128,
    pub export_income_micro_euro: i128,
    pub import_carry: i64,
    pub export_carry: i64,
}

/// The difference of two columns over a number of ticks, as maximal runs: what a device took minus what it gave.
pub fn difference(taken: &[(u64, u64)], given: &[(u64, u64)], ticks: i64) -> Vec<(i64, i64)> {
    let (mut taken, mut given) = (RunReader::new(taken), RunReader::new(given));
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let mut left = ticks;
    while left > 0 {
        let count = taken.count().min(given.count()).min(left);
        let joules = taken.take(count) - given.take(count);
        match runs.last_mut() {
            Some(run) if run.1 == joules => run.0 += count,
            _ => runs.push((count, joules)),
        }
        left -= count;
    }
    runs
}

/// Reads runs bit by bit; behind the last one everything is zero.
pub struct RunReader<'a> {
    runs: &'a [(u64, u64)],
    used: i64,
}

impl<'a> RunReader<'a> {
    /// A reader at the first run.
    pub fn new(runs: &'a [(u64, u64)]) -> RunReader<'a> {
        RunReader { runs, used: 0 }
    }

    /// Ticks left in the run at hand.
    pub fn count(&self) -> i64 {
        self.runs.first().map_or(i64::MAX, |run| run.0 as i64 - self.used)
    }

    /// Goes on by at most `count()` ticks and returns the joules in each of them.
    pub fn take(&mut self, count: i64) -> i64 {
        let Some(&(length, joules)) = self.runs.first() else { return 0 };
        self.used += count;
        if self.used == length as i64 {
            self.runs = &self.runs[1..];
            self.used = 0;
        }
        joules as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_maximal_runs() {
        assert_eq!(difference(&[(2, 5), (1, 3)], &[], 4), [(2, 5), (1, 3), (1, 0)]);
        assert_eq!(difference(&[(2, 5), (1, 8)], &[(2, 0), (2, 3)], 4), [(3, 5), (1, -3)]);
    }
}
