//! How to take back what was done: each entry restores what one step changed.

use crate::asset::{Asset, Standing};
use crate::book::Book;
use crate::contract::{PastTerms, Terms};
use crate::metered::{Late, ReadingChain, ReadingKey};
use crate::money::MoneyUndo;
use crate::state::{Counters, State};

/// One step back.
#[derive(Debug)]
pub(crate) enum Undo {
    AssetAdded,
    Asset(u32, Box<Asset>),
    /// Where an asset stood until an epoch.
    Past(u32, i64, Option<Box<Standing>>),
    BookMade(i64),
    /// The epoch's number of postings before.
    Posted(i64, usize),
    /// The epoch's number of seals before.
    Sealed(i64, usize),
    /// The heads that assets had before.
    Heads(Vec<(u32, [u8; 32])>),
    /// An epoch was closed; its book, if it had one.
    Closed(i64, Option<Box<Book>>),
    ContractAdded,
    Terms(u32, Box<(Terms, PastTerms)>),
    Delivered(u32, u64),
    Counters(Counters),
    Late(u64, Option<Box<Late>>),
    Reading(ReadingKey, Option<ReadingChain>),
    Money(MoneyUndo),
}

impl Undo {
    /// Takes the step back.
    pub(crate) fn apply(self, state: &mut State) {
        match self {
            Undo::AssetAdded => state.assets.pop(),
            Undo::Asset(handle, asset) => drop(state.assets.replace(handle, *asset)),
            Undo::Past(handle, until, standing) => {
                drop(state.assets.put_past(handle, until, standing.map(|standing| *standing)))
            }
            Undo::BookMade(epoch) => drop(state.books.remove(&epoch)),
            Undo::Posted(epoch, count) => book(state, epoch).truncate(count),
            Undo::Sealed(epoch, count) => book(state, epoch).truncate_seals(count),
            Undo::Heads(heads) => heads.iter().for_each(|&(asset, head)| state.assets.heads[asset as usize] = head),
            Undo::Closed(epoch, kept) => reopen(state, epoch, kept),
            Undo::ContractAdded => state.contracts.pop(),
            Undo::Terms(handle, terms) => drop(state.contracts.replace_terms(handle, *terms)),
            Undo::Delivered(handle, wh) => drop(state.contracts.set_delivered(handle, wh)),
            Undo::Counters(counters) => state.counters = counters,
            Undo::Late(number, Some(late)) => drop(state.lates.insert(number, *late)),
            Undo::Late(number, None) => drop(state.lates.remove(&number)),
            Undo::Reading(key, Some(chain)) => drop(state.readings.insert(key, chain)),
            Undo::Reading(key, None) => drop(state.readings.remove(&key)),
            Undo::Money(undo) => state.money.undo(undo),
        }
    }
}

fn book(state: &mut State, epoch: i64) -> &mut Book {
    state.books.get_mut(&epoch).expect("an epoch that was booked in has a book")
}

fn reopen(state: &mut State, epoch: i64, book: Option<Box<Book>>) {
    let (&start, &end) = state.closed.range(..=epoch).next_back().expect("a closed epoch lies in a range");
    state.closed.remove(&start);
    if start < epoch {
        state.closed.insert(start, epoch);
    }
    if epoch + 1 < end {
        state.closed.insert(epoch + 1, end);
    }
    if let Some(book) = book {
        state.books.insert(epoch, *book);
    }
}
