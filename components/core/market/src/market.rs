//! The market: all of its memory, and operations that apply whole or not at all.

use std::collections::BTreeMap;

use crate::asset::{Asset, AssetKind, Assets, NO_HASH, Rule};
use crate::book::Book;
use crate::contract::Contracts;
use crate::error::{Result, refuse};
use crate::late::Late;
use crate::money::Money;
use crate::names::check_name;
use crate::order::Order;
use crate::posting::Posting;
use crate::reading::Readings;
use crate::time::Calendar;
use crate::undo::Undo;

/// The predecessor's name of the group where everything ends.
pub const ROOT_NAME: &str = "eaf_generic_balancegroup";

/// What counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counters {
    /// Changing operations since birth.
    pub revision: u64,
    pub contracts_named: u64,
    pub late_next: u64,
    /// Sealing operations since birth.
    pub seal_number: u64,
    /// The hash of the last sealing operation.
    pub head: [u8; 32],
    /// Assets whose names earlier blobs carry.
    pub names_told: u64,
}

/// A market and everything it remembers.
#[derive(Debug)]
pub struct Market {
    pub(crate) name: String,
    pub(crate) calendar: Calendar,
    pub(crate) assets: Assets,
    pub(crate) contracts: Contracts,
    pub(crate) books: BTreeMap<i64, Book>,
    /// Epochs that have left the engine, as half-open ranges: start to end.
    pub(crate) closed: BTreeMap<i64, i64>,
    pub(crate) lates: BTreeMap<u64, Late>,
    pub(crate) readings: Readings,
    pub(crate) money: Money,
    pub(crate) counters: Counters,
    pub(crate) order: Option<Box<Order>>,
    undo: Vec<Undo>,
    /// Entries below this one must not be merged with: somebody may roll back to here.
    undo_floor: usize,
    in_transaction: bool,
}

impl Market {
    /// A market that knows its root only.
    pub fn new(name: &str, epoch_seconds: i64, root: &str) -> Result<Market> {
        check_name("a market's name", name)?;
        check_name("the root's name", root)?;
        let mut assets = Assets::default();
        let kind = AssetKind::Balance;
        assets.push(Asset { name: root.into(), kind, rule: Rule::default(), members: Box::default(), metadata: None });
        Ok(Market {
            name: name.to_owned(),
            calendar: Calendar::new(epoch_seconds)?,
            assets,
            contracts: Contracts::default(),
            books: BTreeMap::new(),
            closed: BTreeMap::new(),
            lates: BTreeMap::new(),
            readings: Readings::new(),
            money: Money::default(),
            counters: Counters {
                revision: 0,
                contracts_named: 0,
                late_next: 1,
                seal_number: 0,
                head: NO_HASH,
                names_told: 0,
            },
            order: None,
            undo: Vec::new(),
            undo_floor: 0,
            in_transaction: false,
        })
    }

    /// The market's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Length of its epochs.
    pub fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// Its assets.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// Its contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// What counts up.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Epochs with postings that are not closed.
    pub fn open_epochs(&self) -> Vec<i64> {
        self.books.keys().copied().collect()
    }

    /// Whether an epoch has left the engine.
    pub fn is_closed(&self, epoch: i64) -> bool {
        self.closed.range(..=epoch).next_back().is_some_and(|(_, &end)| epoch < end)
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<()> {
        if self.in_transaction {
            return refuse("transaction", "a transaction is open already: commit it or roll it back first");
        }
        self.in_transaction = true;
        Ok(())
    }

    /// Keeps what was done since `begin`.
    pub fn commit(&mut self) -> Result<()> {
        self.end()
    }

    /// Undoes what was done since `begin`.
    pub fn rollback(&mut self) -> Result<()> {
        self.undo_to(0);
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if !self.in_transaction {
            return refuse("transaction", "no transaction is open: begin one first");
        }
        (self.in_transaction, self.undo_floor) = (false, 0);
        self.undo.clear();
        Ok(())
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// A place in the transaction to which one can roll back.
    pub fn mark(&mut self) -> Result<usize> {
        if !self.in_transaction {
            return refuse("transaction", "a mark is a place in a transaction: begin one first");
        }
        self.undo_floor = self.undo.len();
        Ok(self.undo.len())
    }

    /// Undoes what was done since a mark.
    pub fn rollback_to(&mut self, mark: usize) -> Result<()> {
        if !self.in_transaction || mark > self.undo.len() {
            return refuse(
                "transaction",
                "one can roll back to a mark of the open transaction only; this mark is none",
            );
        }
        self.undo_to(mark);
        self.undo_floor = mark;
        Ok(())
    }

    /// Does an operation, whole or not at all.
    pub(crate) fn change<T>(&mut self, operation: impl FnOnce(&mut Market) -> Result<T>) -> Result<T> {
        let start = self.undo.len();
        self.undo_floor = start;
        let done = operation(self);
        if done.is_err() {
            self.undo_to(start);
        } else if self.undo.len() > start {
            self.count(Counters { revision: self.counters.revision + 1, ..self.counters });
        }
        if !self.in_transaction {
            self.undo.clear();
        }
        done
    }

    /// Remembers how to undo what is about to be done.
    pub(crate) fn remember(&mut self, undo: Undo) {
        self.undo.push(undo);
    }

    /// Changes what counts up.
    pub(crate) fn count(&mut self, counters: Counters) {
        self.undo.push(Undo::Counters(self.counters));
        self.counters = counters;
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let undo = self.undo.pop().expect("there are more than are to stay");
            undo.apply(self);
        }
    }

    /// The book of an open epoch, made when it is not there yet.
    pub(crate) fn open_book(&mut self, epoch: i64) -> &mut Book {
        if !self.books.contains_key(&epoch) {
            self.undo.push(Undo::BookMade(epoch));
            self.books.insert(epoch, Book::default());
        }
        self.books.get_mut(&epoch).expect("the book was made")
    }

    /// Books a posting in an open epoch.
    pub(crate) fn post(&mut self, epoch: i64, posting: Posting) -> Result<()> {
        let book = self.open_book(epoch);
        if posting.kind.is_metered() {
            book.check_room(posting.wh, posting.co2_mg)?;
        }
        let count = book.count();
        let is_covered = self.undo.len() > self.undo_floor
            && matches!(self.undo.last(), Some(Undo::Posted(other, _)) if *other == epoch);
        if !is_covered {
            self.undo.push(Undo::Posted(epoch, count));
        }
        self.books.get_mut(&epoch).expect("the book is open").push(posting);
        Ok(())
    }
}
