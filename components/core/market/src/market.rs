//! The market: all of its memory, and operations that apply whole or not at all.

use crate::asset::Assets;
use crate::book::Book;
use crate::contract::Contracts;
use crate::error::{Result, refuse};
use crate::names::check_name;
use crate::order::Order;
use crate::posting::Posting;
use crate::state::{Counters, State};
use crate::time::Calendar;
use crate::undo::Undo;

/// The predecessor's name of the group where everything ends.
pub const ROOT_NAME: &str = "eaf_generic_balancegroup";

/// A market and everything it remembers.
#[derive(Debug)]
pub struct Market {
    pub(crate) state: State,
    /// Derived from the state, and rebuilt when it is out of date.
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
        Ok(Market {
            state: State::new(name, epoch_seconds, root)?,
            order: None,
            undo: Vec::new(),
            undo_floor: 0,
            in_transaction: false,
        })
    }

    /// The market's name.
    pub fn name(&self) -> &str {
        &self.state.name
    }

    /// Length of its epochs.
    pub fn calendar(&self) -> Calendar {
        self.state.calendar
    }

    /// Its assets.
    pub fn assets(&self) -> &Assets {
        &self.state.assets
    }

    /// Its contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.state.contracts
    }

    /// What counts up.
    pub fn counters(&self) -> &Counters {
        &self.state.counters
    }

    /// Epochs with postings that are not closed.
    pub fn open_epochs(&self) -> Vec<i64> {
        self.state.books.keys().copied().collect()
    }

    /// How many epochs have left the engine.
    pub fn closed_epochs(&self) -> u64 {
        self.state.closed.iter().map(|(&start, &end)| (end - start) as u64).sum()
    }

    /// Whether an epoch has left the engine.
    pub fn is_closed(&self, epoch: i64) -> bool {
        self.state.closed.range(..=epoch).next_back().is_some_and(|(_, &end)| epoch < end)
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
            self.count(Counters { revision: self.state.counters.revision + 1, ..self.state.counters });
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
        self.undo.push(Undo::Counters(self.state.counters));
        self.state.counters = counters;
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let undo = self.undo.pop().expect("there are more than are to stay");
            undo.apply(&mut self.state);
        }
    }

    /// The book of an open epoch, made when it is not there yet.
    pub(crate) fn open_book(&mut self, epoch: i64) -> &mut Book {
        if !self.state.books.contains_key(&epoch) {
            self.undo.push(Undo::BookMade(epoch));
            self.state.books.insert(epoch, Book::default());
        }
        self.state.books.get_mut(&epoch).expect("the book was made")
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
        self.state.books.get_mut(&epoch).expect("the book is open").push(posting);
        Ok(())
    }
}
