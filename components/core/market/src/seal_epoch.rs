//! Sealing a whole epoch, bottom-up, with one signature; then it leaves the engine.

use crate::asset::AssetKind;
use crate::balance::PartnerSealed;
use crate::batch::{Batch, sort_lines};
use crate::error::Result;
use crate::market::Market;
use crate::order::Order;
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
        self.calendar.check_epoch(epoch)?;
        if self.is_closed(epoch) {
            return Ok(EpochSealing { closed: true, ..EpochSealing::default() });
        }
        let old = self.order.take();
        let order = match old {
            Some(order) if order.holds(&self.assets, &self.contracts, epoch) => order,
            old => Box::new(Order::new(&self.assets, &self.contracts, epoch, old.map(|order| *order))),
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
            let Some(book) = self.books.get(&epoch) else { break };
            if book.open_wh(asset) == 0 || book.is_sealed(asset) {
                continue;
            }
            match self.closing(asset, epoch, PartnerSealed::Skip) {
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
        let book = self.books.get(&epoch);
        let is_refused = |asset| sealing.refused.iter().any(|&(other, _, _)| other == asset);
        let is_left = |asset: u32| {
            self.assets.get(asset).kind != AssetKind::Sum
                && !book.is_some_and(|book| book.is_sealed(asset))
                && !is_refused(asset)
        };
        let assets: Vec<u32> = order.by_name.iter().copied().filter(|&asset| is_left(asset)).collect();
        let postings = book.into_iter().flat_map(|book| book.postings());
        let is_told = |side: u32| book.is_some_and(|book| book.is_sealed(side));
        let is_wanted = |side: u32| !is_told(side) && !is_refused(side);
        let touches = postings.filter(|posting| is_wanted(posting.from) || is_wanted(posting.to));
        let mut lines: Vec<_> = touches.map(|posting| self.line(epoch, posting)).collect();
        sort_lines(&mut lines, &self.assets, Some(&order.place));
        self.sign(signer, epoch, assets, &lines, sealing.closed)
    }

    fn close(&mut self, epoch: i64) {
        let book = self.books.remove(&epoch).map(Box::new);
        self.remember(Undo::Closed(epoch, book));
        let start = match self.closed.range(..=epoch).next_back() {
            Some((&start, &end)) if end == epoch => start,
            _ => epoch,
        };
        let end = self.closed.remove(&(epoch + 1)).unwrap_or(epoch + 1);
        self.closed.insert(start, end);
    }
}
