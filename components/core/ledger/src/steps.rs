//! Power that steps from level to level, as whole joules along ticks.
//!
//! A device of 90.5 W draws 90 J in some seconds and 91 J in others: within each minute of the clock the whole joules
//! come as one more per second at the start, and the remainder of a minute goes to the next. As this depends on the minute
//! alone, nothing has to be remembered, and no cutting of time into windows or ticks changes a joule.

use thiserror::Error;

const MINUTE_SECONDS: i64 = 60;

/// What must hold for steps.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum StepError {
    #[error("a span has 1 to 2^53 ticks of 1 to 86400 s; not {ticks} of {tick_seconds} s")]
    Span { ticks: i64, tick_seconds: i64 },
    #[error("steps are sorted and do not overlap; one begins at {begins}, and the one before ends at {ends}")]
    Order { begins: i64, ends: i64 },
    #[error("the level of a step lies between -10^15 and 10^15; one is {level}")]
    Level { level: i64 },
}

/// Half-open interval in unix seconds, and what holds in each of its seconds.
pub type Step = (i64, i64, i64);

/// Ticks along the calendar.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Span {
    pub unix_seconds: i64,
    pub ticks: i64,
    pub tick_seconds: i64,
}

/// Runs of ticks with the sum of the steps over the seconds of each tick; where there is no step, the sum is 0.
pub fn integrate(steps: &[Step], span: Span) -> Result<Vec<(i64, i64)>, StepError> {
    let mut runs = Along::new(span)?;
    check(steps)?;
    steps.iter().for_each(|&(begins, ends, value)| runs.add(begins, ends, value));
    Ok(runs.finish())
}

/// Joules in each tick of power in milliwatts.
pub fn joules(steps: &[Step], span: Span) -> Result<Vec<(i64, i64)>, StepError> {
    let mut runs = Along::new(span)?;
    check(steps)?;
    for &(begins, ends, milliwatts) in steps {
        let (begins, ends) = runs.clip(begins, ends);
        if begins < ends {
            whole_watts(begins, ends, milliwatts, |begins, ends, watts| runs.add(begins, ends, watts));
        }
    }
    Ok(runs.finish())
}

fn check(steps: &[Step]) -> Result<(), StepError> {
    let mut last = i64::MIN;
    for &(begins, ends, level) in steps {
        if begins < last || ends < begins {
            return Err(StepError::Order { begins, ends: last });
        }
        if level.abs() > 1_000_000_000_000_000 {
            return Err(StepError::Level { level });
        }
        last = ends;
    }
    Ok(())
}

/// A level in milliwatts as steps of whole watts.
fn whole_watts(begins: i64, ends: i64, milliwatts: i64, mut add: impl FnMut(i64, i64, i64)) {
    let (watts, fraction) = (milliwatts.div_euclid(1000), milliwatts.rem_euclid(1000));
    if fraction == 0 {
        return add(begins, ends, watts);
    }
    for minute in begins.div_euclid(MINUTE_SECONDS)..=(ends - 1).div_euclid(MINUTE_SECONDS) {
        let start = minute * MINUTE_SECONDS;
        let turn = start + minute_joules(fraction, minute + 1) - minute_joules(fraction, minute);
        add(start.max(begins), turn.min(ends), watts + 1);
        add(turn.max(begins), (start + MINUTE_SECONDS).min(ends), watts);
    }
}

/// Whole joules of a fraction of a watt from 1970 to the start of a minute.
fn minute_joules(fraction_milliwatts: i64, minute: i64) -> i64 {
    (fraction_milliwatts * MINUTE_SECONDS * minute).div_euclid(1000)
}

/// Runs under construction; the last one stays open, and so does a tick that is not over.
struct Along {
    span: Span,
    runs: Vec<(i64, i64)>,
    /// Ticks that are in runs.
    ticks: i64,
    /// Sum of the tick after them so far.
    open: i64,
}

impl Along {
    fn new(span: Span) -> Result<Along, StepError> {
        if !(1..=1 << 53).contains(&span.ticks) || !(1..=86_400).contains(&span.tick_seconds) {
            return Err(StepError::Span { ticks: span.ticks, tick_seconds: span.tick_seconds });
        }
        Ok(Along { span, runs: Vec::new(), ticks: 0, open: 0 })
    }

    fn clip(&self, begins: i64, ends: i64) -> (i64, i64) {
        let first = self.span.unix_seconds;
        (begins.max(first), ends.min(first.saturating_add(self.span.ticks.saturating_mul(self.span.tick_seconds))))
    }

    fn add(&mut self, begins: i64, ends: i64, value: i64) {
        let (begins, ends) = self.clip(begins, ends);
        if begins >= ends {
            return;
        }
        let tick = self.span.tick_seconds;
        let (begins, ends) = (begins - self.span.unix_seconds, ends - self.span.unix_seconds);
        self.close_until(begins / tick);
        let first_end = (self.ticks + 1) * tick;
        if begins > self.ticks * tick || ends < first_end || self.open != 0 {
            self.open += (ends.min(first_end) - begins) * value;
            if ends < first_end {
                return;
            }
            self.close_until(self.ticks + 1);
        }
        let whole = ends / tick - self.ticks;
        self.push(whole, value * tick);
        self.open = (ends % tick) * value;
    }

    /// Closes the open tick, and ticks in which nothing was, up to (not with) a tick.
    fn close_until(&mut self, tick: i64) {
        if tick > self.ticks {
            let open = std::mem::take(&mut self.open);
            self.push(1, open);
            self.push(tick - self.ticks, 0);
        }
    }

    fn push(&mut self, count: i64, value: i64) {
        if count <= 0 {
            return;
        }
        self.ticks += count;
        match self.runs.last_mut() {
            Some(run) if run.1 == value => run.0 += count,
            _ => self.runs.push((count, value)),
        }
    }

    fn finish(mut self) -> Vec<(i64, i64)> {
        self.close_until(self.span.ticks);
        self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(ticks: i64, tick_seconds: i64) -> Span {
        Span { unix_seconds: 0, ticks, tick_seconds }
    }

    #[test]
    fn steps_become_runs_that_cover_all_ticks() {
        let steps = [(-5, 2, 7), (2, 3, 7), (4, 6, 1)];
        assert_eq!(integrate(&steps, span(8, 1)).unwrap(), [(3, 7), (1, 0), (2, 1), (2, 0)]);
        assert_eq!(integrate(&steps, span(2, 4)).unwrap(), [(1, 21), (1, 2)]);
        assert_eq!(integrate(&[], span(3, 60)).unwrap(), [(3, 0)]);
        assert_eq!(integrate(&[(0, 9, 2)], span(2, 4)).unwrap(), [(2, 8)]);
    }

    #[test]
    fn half_a_watt_is_thirty_joules_a_minute_in_any_ticks() {
        let step = [(0, 600, 500)];
        assert_eq!(joules(&step, span(10, 60)).unwrap(), [(10, 30)]);
        assert_eq!(joules(&step, span(120, 1)).unwrap(), [(30, 1), (30, 0), (30, 1), (30, 0)]);
    }

    #[test]
    fn steps_out_of_order_are_refused() {
        let refused = integrate(&[(5, 6, 1), (4, 5, 1)], span(9, 1)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "steps are sorted and do not overlap; one begins at 4, and the one before ends at 6"
        );
    }
}
