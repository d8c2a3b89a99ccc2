//! Sealing a whole epoch, bottom-up, with one signature; then it leaves the engine.

use std::collections::HashSet;

use crate::asset::AssetKind;
use crate::balance::PartnerSealed;
use crate::batch::{Batch, sorted_by_place};
use crate::book::Book;
use crate::document::{Line, Lines};
use crate::error::Result;
use crate::market::Market;
use crate::order::Order;
use crate::posting::Posting;
use crate::seal::SealStatus;
use crate::signer::Signer;
use crate::undo::Undo;

/// What became of an epoch.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct EpochSealing {
    /// Assets that could not be sealed, and why.
    pub refused: Vec<(u32, SealStatus, String)>,
    /// Contracts that were left out because their partner was sealed before.
    pub skipped: Vec<u32>,
    /// None when the epoch was closed before.
    pub batch: Option<Batch>,
    /// Whether everything is sealed, so that nothing can be booked any more.
    pub closed: bool,
}

impl Market {
    /// Seals all that is not sealed yet.
    pub fn seal_epoch(&mut self, epoch: i64, signer: &Signer) -> Result<EpochSealing> {
        self.state.calendar.check_epoch(epoch)?;
        if self.is_closed(epoch) {
            return Ok(EpochSealing { closed: true, ..EpochSealing::default() });
        }
        let old = self.order.take();
        let order = match old {
            Some(order) if order.holds(&self.state.assets, &self.state.contracts, epoch) => order,
            old => Box::new(Order::new(&self.state.assets, &self.state.contracts, epoch, old.map(|order| *order))),
        };
        let done = self.change(|market| {
            let mut sealing = market.balance_epoch(epoch, &order)?;
            sealing.closed = sealing.refused.is_empty();
            let sealed = market.sign_epoch(epoch, signer, &order, &sealing);
            if sealing.closed {
                market.keep_heads(&sealed);
                market.close(epoch);
            } else {
                market.keep_seals(epoch, &sealed);
            }
            sealing.batch = Some(sealed);
            Ok(sealing)
        });
        self.order = Some(order);
        done
    }

    /// Closes all assets, in order.
    fn balance_epoch(&mut self, epoch: i64, order: &Order) -> Result<EpochSealing> {
        let mut sealing = EpochSealing::default();
        for &asset in &order.sealing {
            let Some(book) = self.state.books.get(&epoch) else { break };
            if book.open_wh(asset) == 0 || book.is_sealed(asset) {
                continue;
            }
            // Who had its turn is done with, though it is sealed at the end, together with all others.
            let is_done = |side: u32| book.is_sealed(side) || order.turn[side as usize] < order.turn[asset as usize];
            match self.closing_among((asset, epoch), PartnerSealed::Skip, is_done) {
                Ok(closing) => {
                    self.post_closing(epoch, &closing.postings)?;
                    sealing.skipped.extend(closing.skipped);
                }
                Err(obstacle) => {
                    let (status, reason) = self.explain(asset, epoch, &obstacle);
                    sealing.refused.push((asset, status, reason));
                }
            }
        }
        Ok(sealing)
    }

    fn sign_epoch(&self, epoch: i64, signer: &Signer, order: &Order, sealing: &EpochSealing) -> Batch {
        let book = self.state.books.get(&epoch);
        let refused: HashSet<u32> = sealing.refused.iter().map(|&(asset, _, _)| asset).collect();
        let is_told = |side: u32| book.is_some_and(|book| !book.seals().is_empty() && book.is_sealed(side));
        let is_left = |side: u32| !is_told(side) && !refused.contains(&side);
        let is_sealable = |asset: u32| self.state.assets.get(asset).kind != AssetKind::Sum && is_left(asset);
        let assets: Vec<u32> = order.by_name.iter().copied().filter(|&asset| is_sealable(asset)).collect();
        let lines = BookLines { market: self, book };
        let count = book.map_or(0, |book| book.count() as u32);
        let touches = |&number: &u32| {
            let (from, to) = lines.sides(number);
            is_left(from) || is_left(to)
        };
        let numbers = sorted_by_place(&lines, (0..count).filter(touches), &order.place);
        self.sign(signer, (epoch, sealing.closed), assets, (&lines, &numbers))
    }

    fn close(&mut self, epoch: i64) {
        let book = self.state.books.remove(&epoch).map(Box::new);
        self.remember(Undo::Closed(epoch, book));
        let start = match self.state.closed.range(..=epoch).next_back() {
            Some((&start, &end)) if end == epoch => start,
            _ => epoch,
        };
        let end = self.state.closed.remove(&(epoch + 1)).unwrap_or(epoch + 1);
        self.state.closed.insert(start, end);
    }
}

/// The postings of a book, as lines.
struct BookLines<'a> {
    market: &'a Market,
    book: Option<&'a Book>,
}

impl BookLines<'_> {
    fn posting(&self, at: u32) -> &Posting {
        self.book.expect("an epoch with lines has a book").posting(at)
    }
}

impl Lines for BookLines<'_> {
    fn line(&self, at: u32) -> Line<'_> {
        self.market.line(self.book, self.posting(at))
    }

    fn sides(&self, at: u32) -> (u32, u32) {
        let posting = self.posting(at);
        (posting.from, posting.to)
    }
}
