//! Balancing an asset: what is open becomes one residual, and contracts move parts of it by merit order.

use crate::contract::Direction;
use crate::market::Market;
use crate::posting::{Kind, Posting};
use crate::share::shares;

/// What prevents a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The upstream that the residual would go to is sealed.
    Upstream(u32),
    /// The partner of a contract that would serve is sealed: contract, partner.
    Partner(u32, u32),
}

/// What to do with a contract that would serve a sealed partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerSealed {
    /// The seal is refused.
    Refuse,
    /// The contract is left out, and named.
    Skip,
}

/// What closes an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// Residual, then each contract with its counterpart.
    pub postings: Vec<Posting>,
    /// Contracts that were left out because their partner is sealed.
    pub skipped: Vec<u32>,
}

/// What an asset has to balance, by direction; its own metered values are not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Gross {
    in_wh: u64,
    in_co2_mg: u64,
    out_wh: u64,
    out_co2_mg: u64,
}

impl Market {
    /// What would close an asset in an open epoch.
    pub fn closing(&self, asset: u32, epoch: i64, partner_sealed: PartnerSealed) -> Result<Closing, Obstacle> {
        let book = self.state.books.get(&epoch);
        self.closing_among((asset, epoch), partner_sealed, |side| book.is_some_and(|book| book.is_sealed(side)))
    }

    /// The same when more assets are done with than those that are sealed already.
    pub(crate) fn closing_among(
        &self,
        (asset, epoch): (u32, i64),
        partner_sealed: PartnerSealed,
        is_done: impl Fn(u32) -> bool,
    ) -> Result<Closing, Obstacle> {
        let (Some(book), Some((bought_from, sold_to))) =
            (self.state.books.get(&epoch), self.state.assets.upstream_in(asset, epoch))
        else {
            return Ok(Closing::default());
        };
        let open_wh = book.open_wh(asset);
        if open_wh == 0 {
            return Ok(Closing::default());
        }
        let upstream = if open_wh > 0 { sold_to } else { bought_from };
        if is_done(upstream) {
            return Err(Obstacle::Upstream(upstream));
        }
        let (served, skipped) = self.served((asset, epoch), open_wh, partner_sealed, is_done)?;
        let residual_wh = open_wh.unsigned_abs();
        let co2_mg = self.residual_co2(asset, epoch, open_wh);
        let mut weights: Vec<u64> = served.iter().map(|&(_, wh)| wh).collect();
        weights.push(residual_wh - weights.iter().sum::<u64>());
        let co2_shares = shares(co2_mg, &weights);
        let mut postings = Vec::with_capacity(1 + 2 * served.len());
        let surplus = open_wh > 0;
        postings.push(Posting { co2_mg, ..between(Kind::Residual, asset, upstream, residual_wh, surplus) });
        for (&(contract, wh), &co2_mg) in served.iter().zip(&co2_shares) {
            let partner = self.state.contracts.get(contract).partner;
            postings.push(Posting { co2_mg, contract, ..between(Kind::Contract, asset, partner, wh, surplus) });
            postings.push(Posting { co2_mg, contract, ..between(Kind::Counter, asset, upstream, wh, !surplus) });
        }
        Ok(Closing { postings, skipped })
    }

    /// Contracts by merit order, each with what it takes of what the ones before left; and those left out.
    #[allow(clippy::type_complexity)]
    fn served(
        &self,
        (asset, epoch): (u32, i64),
        open_wh: i64,
        partner_sealed: PartnerSealed,
        is_done: impl Fn(u32) -> bool,
    ) -> Result<(Vec<(u32, u64)>, Vec<u32>), Obstacle> {
        let direction = if open_wh > 0 { Direction::To } else { Direction::From };
        let (mut served, mut skipped, mut left) = (Vec::new(), Vec::new(), open_wh.unsigned_abs());
        for &handle in self.state.contracts.of_in(asset, epoch).iter() {
            let contract = self.state.contracts.get(handle);
            if contract.direction != direction || !contract.serves(epoch) {
                continue;
            }
            let wh = contract.quantity(left, epoch, self.state.calendar.epoch_seconds);
            if wh == 0 {
                continue;
            }
            if is_done(contract.partner) {
                match partner_sealed {
                    PartnerSealed::Refuse => return Err(Obstacle::Partner(handle, contract.partner)),
                    PartnerSealed::Skip => skipped.push(handle),
                }
                continue;
            }
            served.push((handle, wh));
            left -= wh;
        }
        Ok((served, skipped))
    }

    /// The residual's part of the CO2 that came with the gross energy on its side, pro rata.
    fn residual_co2(&self, asset: u32, epoch: i64, open_wh: i64) -> u64 {
        let mut gross = Gross::default();
        for posting in self.state.books[&epoch].touching(asset).filter(|posting| posting.is_open_for(asset)) {
            if posting.to == asset {
                gross.in_wh += posting.wh;
                gross.in_co2_mg += posting.co2_mg;
            } else {
                gross.out_wh += posting.wh;
                gross.out_co2_mg += posting.co2_mg;
            }
        }
        let (wh, co2_mg) = if open_wh > 0 { (gross.in_wh, gross.in_co2_mg) } else { (gross.out_wh, gross.out_co2_mg) };
        let residual_wh = open_wh.unsigned_abs();
        shares(co2_mg, &[residual_wh, wh - residual_wh])[0]
    }
}

/// A posting of an asset's own, outwards or inwards.
fn between(kind: Kind, asset: u32, other: u32, wh: u64, outwards: bool) -> Posting {
    if outwards { Posting::new(kind, asset, other, wh, false) } else { Posting::new(kind, other, asset, wh, true) }
}
