//! Joules without memory: what flows want in a block of ticks, and what they are granted.

use crate::knots::Rounding;
use crate::offer::{self, Side};
use crate::series::{Cursor, Series};

/// A flow in a window.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name, which is its account.
    pub name: String,
    /// The side of the inverter that it is on.
    pub side: Side,
    /// The lowest is shed first.
    pub shedding_priority: i64,
    /// The window ends with the first tick in which its grant differs from its want.
    pub reacts: bool,
    /// The account its joules come from.
    pub origin: Option<String>,
    /// It gets all that it wants in a tick, or nothing.
    pub all_or_nothing: bool,
    /// What it would draw had nothing come in between.
    due: Option<Due>,
    /// Joules wanted in each tick of the block, unless `runs` say it.
    want: Vec<i64>,
    /// The same as runs, where the series has this form: what holds for a while is summed and posted as a whole.
    runs: Vec<(i64, i64)>,
    /// True when the ticks are written out.
    is_ticks: bool,
    /// Joules it could take beyond its want, when it is flexible.
    pub flexible: Option<Vec<i64>>,
    /// Joules granted, when they differ from the want somewhere in the block.
    granted: Vec<i64>,
    /// True when the grant differs in the block.
    pub is_changed: bool,
    /// True when the grant differed in the window.
    pub was_changed: bool,
    is_load: bool,
    /// True when nothing is wanted in the block.
    is_idle: bool,
    want_series: Series,
    want_cursor: Cursor,
    least: Option<(Series, Cursor)>,
    most: Option<(Series, Cursor)>,
}

/// A demand that waits has its own course, which goes on while it waits.
#[derive(Clone, Debug)]
struct Due {
    series: Series,
    cursor: Cursor,
    /// In each tick of the block.
    joules: Vec<i64>,
}

/// A bound that is passed: least, want and most of a tick of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Outside {
    pub index: usize,
    pub least: i64,
    pub want: i64,
    pub most: i64,
}

impl Flow {
    /// A flow at the window's start, from a checked offer.
    pub fn new(name: &str, offer: &offer::Flow) -> Flow {
        let bound =
            |series: &Option<Series>, rounding| series.as_ref().map(|series| (series.clone(), series.cursor(rounding)));
        Flow {
            name: name.to_owned(),
            side: offer.side,
            shedding_priority: offer.shedding_priority,
            reacts: offer.reacts,
            origin: offer.origin.clone(),
            all_or_nothing: offer.all_or_nothing,
            due: offer.due.as_ref().map(|series| Due {
                series: series.clone(),
                cursor: series.cursor(Rounding::Down),
                joules: Vec::new(),
            }),
            want: Vec::new(),
            runs: Vec::new(),
            is_ticks: true,
            flexible: None,
            granted: Vec::new(),
            is_load: offer.side == Side::Ac && offer.want.is_never_negative(),
            is_idle: false,
            is_changed: false,
            was_changed: false,
            want_cursor: offer.want.cursor(Rounding::Carry),
            want_series: offer.want.clone(),
            least: bound(&offer.least, Rounding::Down),
            most: bound(&offer.most, Rounding::Up),
        }
    }

    /// True when it may take more than it wants.
    pub fn is_flexible(&self) -> bool {
        self.most.is_some()
    }

    /// True when it never produces: its grants are transfers as they stand.
    pub fn is_load(&self) -> bool {
        self.is_load
    }

    /// True when it wants nothing in the block and is granted nothing: there is nothing to sum or to post.
    pub fn is_idle(&self) -> bool {
        self.is_idle && !self.is_changed
    }

    /// Reads the next block.
    pub fn fill(&mut self, ticks: usize, tick_seconds: i64) -> Result<(), Outside> {
        self.is_changed = false;
        self.read(ticks, tick_seconds);
        if let Some(due) = &mut self.due {
            due.joules.resize(ticks, 0);
            due.series.fill(&mut due.cursor, tick_seconds, &mut due.joules);
            self.is_idle &= due.joules.iter().all(|&joules| joules == 0);
        }
        if self.least.is_some() || self.most.is_some() {
            self.write_out();
            let least = read(&mut self.least, ticks, tick_seconds);
            let most = read(&mut self.most, ticks, tick_seconds);
            self.check(least.as_deref(), most.as_deref())?;
            self.flexible = most.map(|most| spare(&self.want, most));
        }
        Ok(())
    }

    fn read(&mut self, ticks: usize, tick_seconds: i64) {
        self.is_ticks = !self.want_series.next_runs(&mut self.want_cursor, ticks, &mut self.runs);
        if self.is_ticks {
            self.want.resize(ticks, 0);
            self.want_series.fill(&mut self.want_cursor, tick_seconds, &mut self.want);
            self.is_idle = self.want.iter().fold(0, |all, want| all | want) == 0;
        } else {
            self.is_idle = self.runs.iter().all(|run| run.1 == 0);
        }
    }

    /// Writes the ticks of runs out.
    fn write_out(&mut self) {
        if !self.is_ticks {
            self.want.clear();
            self.runs.iter().for_each(|&(count, want)| self.want.resize(self.want.len() + count as usize, want));
            self.is_ticks = true;
        }
    }

    /// Goes back to where the block began and reads only its first ticks.
    pub fn rewind(&mut self, before: Cursor, ticks: usize, tick_seconds: i64) {
        self.want_cursor = before;
        self.read(ticks, tick_seconds);
        if self.is_changed {
            self.write_out();
            self.granted.truncate(ticks);
        }
    }

    /// Where the want has been read to.
    pub fn cursor(&self) -> Cursor {
        self.want_cursor
    }

    fn check(&self, least: Option<&[i64]>, most: Option<&[i64]>) -> Result<(), Outside> {
        if least.is_none() && most.is_none() {
            return Ok(());
        }
        for (index, &want) in self.want.iter().enumerate() {
            let least = least.map_or(want.min(0), |least| least[index]);
            let most = most.map_or(want.max(0), |most| most[index]);
            if least > 0 || most < 0 || want < least || want > most {
                return Err(Outside { index, least, want, most });
            }
        }
        Ok(())
    }

    /// Joules that were due in each tick of the block.
    pub fn due(&self) -> Option<&[i64]> {
        self.due.as_ref().map(|due| due.joules.as_slice())
    }

    /// Joules wanted in the block.
    pub fn want(&self) -> Joules<'_> {
        if self.is_ticks { Joules::Ticks(&self.want) } else { Joules::RunLengths(&self.runs) }
    }

    /// Joules granted in the block.
    pub fn granted(&self) -> Joules<'_> {
        if self.is_changed { Joules::Ticks(&self.granted) } else { self.want() }
    }

    /// What is wanted and what is granted in each tick, where they differ.
    pub fn differences(&self) -> impl Iterator<Item = (&i64, &i64)> {
        assert!(self.is_changed && self.is_ticks, "ticks are written out before one of them is changed");
        self.want.iter().zip(&self.granted)
    }

    /// Joules granted in a tick.
    pub fn granted_in(&mut self, tick: usize) -> i64 {
        self.write_out();
        if self.is_changed { self.granted[tick] } else { self.want[tick] }
    }

    /// Joules granted in each tick of the block, to be changed.
    pub fn change(&mut self) -> &mut [i64] {
        self.write_out();
        if !self.is_changed {
            self.granted.clone_from(&self.want);
            (self.is_changed, self.was_changed) = (true, true);
        }
        &mut self.granted
    }
}

/// Joules along the ticks of a block.
#[derive(Clone, Copy, Debug)]
pub enum Joules<'a> {
    /// Tick by tick.
    Ticks(&'a [i64]),
    /// (number of ticks, joules in each of them).
    RunLengths(&'a [(i64, i64)]),
}

fn read(bound: &mut Option<(Series, Cursor)>, ticks: usize, tick_seconds: i64) -> Option<Vec<i64>> {
    let (series, cursor) = bound.as_mut()?;
    let mut out = vec![0; ticks];
    series.fill(cursor, tick_seconds, &mut out);
    Some(out)
}

// A flow that produces takes nothing in the same tick.
fn spare(want: &[i64], mut most: Vec<i64>) -> Vec<i64> {
    for (most, &want) in most.iter_mut().zip(want) {
        *most = if want < 0 { 0 } else { *most - want };
    }
    most
}
