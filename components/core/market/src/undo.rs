//! How to take back what was done: each entry restores what one step changed.

use crate::asset::Asset;
use crate::book::Book;
use crate::contract::Terms;
use crate::late::Late;
use crate::market::{Counters, Market};
use crate::money::MoneyUndo;
use crate::reading::{ReadingChain, ReadingKey};

/// One step back.
#[derive(Debug)]
pub(crate) enum Undo {
    AssetAdded,
    Asset(u32, Box<Asset>),
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
    Terms(u32, Box<Terms>),
    Delivered(u32, u64),
    Counters(Counters),
    Late(u64, Option<Box<Late>>),
    Reading(ReadingKey, Option<ReadingChain>),
    Money(MoneyUndo),
}

impl Undo {
    /// Takes the step back.
    pub(crate) fn apply(self, market: &mut Market) {
        match self {
            Undo::AssetAdded => market.assets.pop(),
            Undo::Asset(handle, asset) => drop(market.assets.replace(handle, *asset)),
            Undo::BookMade(epoch) => drop(market.books.remove(&epoch)),
            Undo::Posted(epoch, count) => book(market, epoch).truncate(count),
            Undo::Sealed(epoch, count) => book(market, epoch).truncate_seals(count),
            Undo::Heads(heads) => heads.iter().for_each(|&(asset, head)| market.assets.heads[asset as usize] = head),
            Undo::Closed(epoch, kept) => reopen(market, epoch, kept),
            Undo::ContractAdded => market.contracts.pop(),
            Undo::Terms(handle, terms) => drop(market.contracts.replace_terms(handle, *terms)),
            Undo::Delivered(handle, wh) => drop(market.contracts.set_delivered(handle, wh)),
            Undo::Counters(counters) => market.counters = counters,
            Undo::Late(number, Some(late)) => drop(market.lates.insert(number, *late)),
            Undo::Late(number, None) => drop(market.lates.remove(&number)),
            Undo::Reading(key, Some(chain)) => drop(market.readings.insert(key, chain)),
            Undo::Reading(key, None) => drop(market.readings.remove(&key)),
            Undo::Money(undo) => market.money.undo(undo),
        }
    }
}

fn book(market: &mut Market, epoch: i64) -> &mut Book {
    market.books.get_mut(&epoch).expect("an epoch that was booked in has a book")
}

fn reopen(market: &mut Market, epoch: i64, book: Option<Box<Book>>) {
    let (&start, &end) = market.closed.range(..=epoch).next_back().expect("a closed epoch lies in a range");
    market.closed.remove(&start);
    if start < epoch {
        market.closed.insert(start, epoch);
    }
    if epoch + 1 < end {
        market.closed.insert(epoch + 1, end);
    }
    if let Some(book) = book {
        market.books.insert(epoch, *book);
    }
}
