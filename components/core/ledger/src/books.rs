//! The books of a home: balances, the open epoch and the head of the chain. Posting a draft cannot fail.

use std::collections::BTreeMap;

use crate::column::{Piece, RunLengths};
use crate::post::DraftBlock;
use crate::seal::{Calendar, NO_HASH, Seal, SealedColumn, column_hash, seal_hash};

/// One pair of accounts in the open epoch.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct OpenColumn {
    pub from: String,
    pub to: String,
    pub runs: RunLengths,
    pub sum: u128,
    pub moment: u128,
}

/// All of a ledger's memory.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Books {
    pub home: String,
    pub calendar: Calendar,
    pub next_tick: i64,
    pub head: [u8; 32],
    pub balances: BTreeMap<String, i128>,
    /// Ticks of the open epoch so far.
    pub open_ticks: i64,
    /// Sorted by (from, to).
    pub open: Vec<OpenColumn>,
}

impl Books {
    /// Empty books.
    pub fn new(home: &str, calendar: Calendar) -> Books {
        Books {
            home: home.to_owned(),
            calendar,
            next_tick: 0,
            head: NO_HASH,
            balances: BTreeMap::new(),
            open_ticks: 0,
            open: Vec::new(),
        }
    }

    /// Posts blocks of which each lies in one epoch; returns the seals of the epochs that they complete, and the sum of each pair.
    pub fn post(&mut self, pairs: &[(&str, &str)], blocks: &[DraftBlock]) -> (Vec<Seal>, Vec<u128>) {
        let places = self.open_columns(pairs);
        let mut sums = vec![0u128; pairs.len()];
        let mut seals = Vec::new();
        for block in blocks {
            for (column, piece) in &block.pieces {
                self.open[places[*column]].append(self.open_ticks as u64, piece);
                sums[*column] += piece.sum;
            }
            self.open_ticks += block.ticks as i64;
            self.next_tick += block.ticks as i64;
            if self.calendar.epoch(self.next_tick) != self.calendar.epoch(self.next_tick - 1) {
                seals.push(self.seal());
            }
        }
        pairs.iter().zip(&sums).for_each(|(pair, &sum)| self.transfer(pair, sum));
        (seals, sums)
    }

    /// Opens columns and says where each of them lies.
    fn open_columns(&mut self, pairs: &[(&str, &str)]) -> Vec<usize> {
        self.open.retain(|column| column.sum > 0);
        for &(from, to) in pairs {
            if let Err(place) = self.place(from, to) {
                let (from, to) = (from.to_owned(), to.to_owned());
                self.open.insert(place, OpenColumn { from, to, runs: RunLengths::default(), sum: 0, moment: 0 });
            }
        }
        pairs.iter().map(|&(from, to)| self.place(from, to).expect("the column is open")).collect()
    }

    fn place(&self, from: &str, to: &str) -> Result<usize, usize> {
        self.open.binary_search_by(|column| (column.from.as_str(), column.to.as_str()).cmp(&(from, to)))
    }

    fn transfer(&mut self, (from, to): &(&str, &str), joules: u128) {
        if joules > 0 {
            *self.balance(from) -= joules as i128;
            *self.balance(to) += joules as i128;
        }
    }

    fn balance(&mut self, account: &str) -> &mut i128 {
        if !self.balances.contains_key(account) {
            self.balances.insert(account.to_owned(), 0);
        }
        self.balances.get_mut(account).expect("the account was just opened")
    }

    fn seal(&mut self) -> Seal {
        let ticks = self.open_ticks;
        let moved = self.open.iter_mut().filter(|column| column.sum > 0);
        let mut seal = Seal {
            epoch: self.calendar.epoch(self.next_tick - 1),
            first_tick: self.next_tick - ticks,
            ticks,
            previous: self.head,
            hash: NO_HASH,
            columns: moved.map(|column| column.seal(ticks as u64)).collect(),
        };
        seal.hash = seal_hash(&self.home, self.calendar, &seal);
        self.head = seal.hash;
        self.open_ticks = 0;
        seal
    }
}

impl OpenColumn {
    fn append(&mut self, start: u64, piece: &Piece) {
        self.runs.append(start, piece);
        self.sum += piece.sum;
        self.moment += piece.moment + u128::from(start) * piece.sum;
    }

    /// Seals the column over a number of ticks and empties it for the next epoch.
    fn seal(&mut self, ticks: u64) -> SealedColumn {
        self.runs.prolong(ticks);
        let hash = column_hash(&self.from, &self.to, self.runs.finish());
        let sealed =
            SealedColumn { from: self.from.clone(), to: self.to.clone(), sum: self.sum, moment: self.moment, hash };
        self.runs.clear();
        (self.sum, self.moment) = (0, 0);
        sealed
    }
}
