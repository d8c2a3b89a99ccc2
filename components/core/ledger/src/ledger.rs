//! The accounts of one home from its first tick on.

use thiserror::Error;

use crate::books::Books;
use crate::check::roster;
use crate::dispatch::{Flows, dispatch};
use crate::journal::{self, JournalError, Raw};
use crate::offer::Offers;
use crate::outcome::Outcome;
use crate::post::WindowColumn;
use crate::quick;
use crate::refusal::{OfferError, TICKS_MAX};
use crate::seal::{Calendar, Seal};
use crate::series::INTEGER_MAX;
use crate::snapshot::{self, SnapshotError};

/// What must hold for a ledger.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum LedgerError {
    #[error("a home has a name of one line; {name:?} is none")]
    Home { name: String },
    #[error(
        "a tick has 1 to 86400 s and a home starts in the years 1970 to 9999; not {tick_seconds} s and {start_unix_seconds}"
    )]
    Time { start_unix_seconds: i64, tick_seconds: i64 },
    #[error("a window has 1 to {TICKS_MAX} ticks; this one has {ticks}")]
    Ticks { ticks: i64 },
    #[error("a window starts where the last one ended, at tick {expected}; this one starts at tick {actual}")]
    Start { expected: i64, actual: i64 },
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// What was committed for a window (or for its first ticks).
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Settlement {
    pub start: i64,
    pub ticks: i64,
    pub outcomes: Vec<(String, Outcome)>,
    pub flows: Flows,
    pub columns: Vec<u8>,
    pub seals: Vec<Seal>,
}

/// From, to, joules.
pub type PairSum = (String, String, u128);

/// The accounts of one home.
#[derive(Clone, Debug)]
pub struct Ledger {
    books: Books,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(home: &str, start_unix_seconds: i64, tick_seconds: i64) -> Result<Ledger, LedgerError> {
        if home.is_empty() || home.len() > 256 || home.chars().any(char::is_control) {
            return Err(LedgerError::Home { name: home.to_owned() });
        }
        let year_9999 = 253_402_300_800;
        if !(0..year_9999).contains(&start_unix_seconds) || !(1..=86_400).contains(&tick_seconds) {
            return Err(LedgerError::Time { start_unix_seconds, tick_seconds });
        }
        Ok(Ledger { books: Books::new(home, Calendar { start_unix_seconds, tick_seconds }) })
    }

    /// The ledger's memory, to be read.
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// Dispatches a window, posts it and seals what it completes. Nothing changes when it refuses.
    pub fn settle(&mut self, start: i64, ticks: i64, offers: &Offers) -> Result<Settlement, LedgerError> {
        self.check_window(start, ticks)?;
        let roster = roster(offers, start, ticks, self.books.calendar.tick_seconds)?;
        let mut draft = dispatch(roster, self.books.calendar)?;
        let columns = encode(&mut draft.columns.all, draft.ticks);
        let pairs: Vec<(&str, &str)> = draft.columns.all.iter().map(|column| (&*column.from, &*column.to)).collect();
        let (seals, _) = self.books.post(&pairs, &draft.blocks);
        Ok(Settlement { start, ticks: draft.ticks, outcomes: draft.outcomes, flows: draft.flows, columns, seals })
    }

    /// Posts what an earlier settlement put into the journal.
    pub fn post(&mut self, start: i64, ticks: i64, columns: &[u8]) -> Result<Vec<Seal>, LedgerError> {
        Ok(self.recount(start, ticks, columns)?.0)
    }

    /// The same, with the joules of each pair of accounts.
    pub fn recount(
        &mut self,
        start: i64,
        ticks: i64,
        columns: &[u8],
    ) -> Result<(Vec<Seal>, Vec<PairSum>), LedgerError> {
        self.check_window(start, ticks)?;
        let raws = journal::split(columns)?;
        let blocks = match quick::blocks(&raws, start, ticks, self.books.calendar) {
            Some(blocks) => blocks,
            None => journal::blocks(&journal::decode(columns)?, start, ticks, self.books.calendar)?,
        };
        let pairs: Vec<(&str, &str)> = raws.iter().map(|raw| (raw.from, raw.to)).collect();
        let (seals, sums) = self.books.post(&pairs, &blocks);
        let named = |(raw, sum): (&Raw<'_>, u128)| (raw.from.to_owned(), raw.to.to_owned(), sum);
        Ok((seals, raws.iter().zip(sums).map(named).collect()))
    }

    /// All of the ledger's memory.
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.books)
    }

    /// A ledger as it was when the snapshot was taken.
    pub fn restore(snapshot: &[u8]) -> Result<Ledger, LedgerError> {
        Ok(Ledger { books: snapshot::read(snapshot)? })
    }

    fn check_window(&self, start: i64, ticks: i64) -> Result<(), LedgerError> {
        if !(1..=TICKS_MAX).contains(&ticks) || self.books.next_tick > INTEGER_MAX / TICKS_MAX {
            return Err(LedgerError::Ticks { ticks });
        }
        if start != self.books.next_tick {
            return Err(LedgerError::Start { expected: self.books.next_tick, actual: start });
        }
        Ok(())
    }
}

fn encode(columns: &mut [WindowColumn], ticks: i64) -> Vec<u8> {
    let mut parts = Vec::with_capacity(columns.len());
    for column in columns {
        column.runs.prolong(ticks as u64);
        parts.push((column.from.as_str(), column.to.as_str(), column.runs.finish().to_vec()));
    }
    parts.sort_by_key(|&(from, to, _)| (from, to));
    journal::encode_parts(&parts)
}
