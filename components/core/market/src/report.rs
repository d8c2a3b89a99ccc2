//! Balances as people read them: what was served inside, what was bought from or sold to whom.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::asset::AssetKind;
use crate::balance::PartnerSealed;
use crate::batch::compare_lines;
use crate::blob::{self, Frame};
use crate::document::Line;
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::posting::{Kind, NOBODY, Posting};

/// An asset's balance in an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Balance {
    pub in_wh: u64,
    pub out_wh: u64,
    pub in_co2_mg: u64,
    pub out_co2_mg: u64,
    /// Its own meter: what it consumed and what it generated.
    pub metered_in_wh: u64,
    pub metered_out_wh: u64,
    /// From and to those below it.
    pub supplied_wh: u64,
    pub drawn_wh: u64,
    /// What it has still to balance: a surplus, or less than 0 a shortage.
    pub open_wh: i64,
    /// From and to its upstreams, contracts deducted.
    pub bought_wh: BTreeMap<u32, u64>,
    pub sold_wh: BTreeMap<u32, u64>,
    /// What each contract brought to it, or less than 0 took from it.
    pub contracts: BTreeMap<u32, i64>,
    pub is_sealed: bool,
    /// With whom its own postings were: who delivered, and who took.
    pub bought_from: Option<u32>,
    pub sold_to: Option<u32>,
}

impl Balance {
    /// Of an asset, out of the postings that touch it: the only place where they are counted, open or sealed.
    fn of<'a>(asset: u32, postings: impl Iterator<Item = &'a Posting> + Clone, is_sealed: bool) -> Balance {
        let mut balance = Balance { is_sealed, ..Balance::default() };
        postings.clone().for_each(|posting| balance.add(asset, posting));
        // A counter takes back what others have put: they come first.
        let counters = postings.filter(|posting| posting.kind == Kind::Counter);
        counters.for_each(|posting| balance.deduct(asset, posting));
        balance
    }

    /// In minus out.
    pub fn net_wh(&self) -> i64 {
        self.in_wh as i64 - self.out_wh as i64
    }

    /// What those below it served each other.
    pub fn internal_wh(&self) -> u64 {
        self.supplied_wh.min(self.drawn_wh)
    }

    fn add(&mut self, asset: u32, posting: &Posting) {
        let (wh, is_in, owns) = (posting.wh, posting.to == asset, posting.owner() == asset);
        *(if is_in { &mut self.in_wh } else { &mut self.out_wh }) += wh;
        *(if is_in { &mut self.in_co2_mg } else { &mut self.out_co2_mg }) += posting.co2_mg;
        if owns && matches!(posting.kind, Kind::Meter | Kind::Correction | Kind::Residual) {
            *(if is_in { &mut self.bought_from } else { &mut self.sold_to }) = Some(posting.other(asset));
        }
        match (posting.kind, owns) {
            (Kind::Meter | Kind::Correction, true) => {
                *(if is_in { &mut self.metered_in_wh } else { &mut self.metered_out_wh }) += wh;
            }
            (Kind::Meter | Kind::Correction | Kind::Residual, false) => {
                *(if is_in { &mut self.supplied_wh } else { &mut self.drawn_wh }) += wh;
            }
            (Kind::Residual, true) => {
                let side = if is_in { &mut self.bought_wh } else { &mut self.sold_wh };
                *side.entry(posting.other(asset)).or_default() += wh;
            }
            (Kind::Contract, _) => *self.contracts.entry(posting.contract).or_default() += posting.into(asset),
            (Kind::Counter, _) => {}
        }
    }

    /// A counter takes back from the residual what a contract moved.
    fn deduct(&mut self, asset: u32, posting: &Posting) {
        let is_in = posting.to == asset;
        if posting.owner() != asset {
            *(if is_in { &mut self.drawn_wh } else { &mut self.supplied_wh }) -= posting.wh;
            return;
        }
        let side = if is_in { &mut self.sold_wh } else { &mut self.bought_wh };
        let left = side.entry(posting.other(asset)).or_default();
        *left -= posting.wh;
        if *left == 0 {
            side.remove(&posting.other(asset));
        }
    }

    fn join(&mut self, other: Balance) {
        for (mine, others) in [
            (&mut self.in_wh, other.in_wh),
            (&mut self.out_wh, other.out_wh),
            (&mut self.in_co2_mg, other.in_co2_mg),
            (&mut self.out_co2_mg, other.out_co2_mg),
            (&mut self.metered_in_wh, other.metered_in_wh),
            (&mut self.metered_out_wh, other.metered_out_wh),
            (&mut self.supplied_wh, other.supplied_wh),
            (&mut self.drawn_wh, other.drawn_wh),
        ] {
            *mine += others;
        }
        self.open_wh += other.open_wh;
        self.is_sealed &= other.is_sealed;
        other.bought_wh.into_iter().for_each(|(upstream, wh)| *self.bought_wh.entry(upstream).or_default() += wh);
        other.sold_wh.into_iter().for_each(|(upstream, wh)| *self.sold_wh.entry(upstream).or_default() += wh);
        other.contracts.into_iter().for_each(|(contract, wh)| *self.contracts.entry(contract).or_default() += wh);
    }
}

impl Market {
    /// An asset's balance in an open epoch; of a sum, that of its members together.
    pub fn balance(&self, asset: u32, epoch: i64) -> Result<Balance> {
        self.check_open(epoch)?;
        if self.state.assets.get(asset).kind != AssetKind::Sum {
            return Ok(self.own_balance(asset, epoch));
        }
        Ok(self.sum(asset, epoch, |member| self.own_balance(member, epoch)))
    }

    /// Of the members that a sum has in an epoch; it is sealed when they all are.
    fn sum(&self, asset: u32, epoch: i64, balance_of: impl Fn(u32) -> Balance) -> Balance {
        let members = self.summed(asset, epoch);
        let mut sum = Balance { is_sealed: !members.is_empty(), ..Balance::default() };
        members.into_iter().for_each(|member| sum.join(balance_of(member)));
        sum
    }

    /// What the batches of a closed epoch say of an asset: its balance, and the postings of it in canonical order.
    pub fn sealed_balance(&self, asset: u32, epoch: i64, blobs: &[&[u8]]) -> Result<(Balance, Vec<Posting>)> {
        let (mut sealed, mut postings) = (HashSet::new(), Vec::new());
        for blob in blobs {
            let (frame, lines) = self.read_batch(blob)?;
            sealed.extend(frame.assets);
            postings.extend(lines.iter().filter(|line| !line.again).map(|line| self.posting(line)));
        }
        let of = |asset: u32| {
            let touching = postings.iter().filter(move |posting| posting.from == asset || posting.to == asset);
            Balance::of(asset, touching, sealed.contains(&asset))
        };
        let is_sum = self.state.assets.get(asset).kind == AssetKind::Sum;
        let balance = if is_sum { self.sum(asset, epoch, of) } else { of(asset) };
        let members = self.summed(asset, epoch);
        postings.retain(|posting| members.contains(&posting.from) || members.contains(&posting.to));
        self.sort(&mut postings);
        Ok((balance, postings))
    }

    /// A stored batch of this market.
    pub fn read_batch<'a>(&self, blob: &'a [u8]) -> Result<(Frame<'a>, Vec<Line<'a>>)> {
        let (frame, lines) = blob::decode(blob)?;
        let known = self.state.assets.count() as u32;
        let sides = lines.iter().flat_map(|line| [line.from, line.to]);
        if frame.head.market != self.state.name || sides.chain(frame.assets.iter().copied()).any(|side| side >= known) {
            return refuse("damage", format!("this batch is of another market than {:?}", self.state.name));
        }
        Ok((frame, lines))
    }

    fn posting(&self, line: &Line) -> Posting {
        Posting {
            co2_mg: line.co2_mg,
            contract: line.contract.and_then(|id| self.state.contracts.find(id)).unwrap_or(NOBODY),
            source: line.source.map(Arc::from),
            original_epoch: line.original_epoch,
            ..Posting::new(line.kind, line.from, line.to, line.wh, line.owner_is_to)
        }
    }

    fn sort(&self, postings: &mut [Posting]) {
        postings
            .sort_by(|left, right| compare_lines(&self.line(None, left), &self.line(None, right), &self.state.assets));
    }

    fn own_balance(&self, asset: u32, epoch: i64) -> Balance {
        let Some(book) = self.state.books.get(&epoch) else { return Balance::default() };
        let touching: Vec<&Posting> = book.touching(asset).collect();
        let balance = Balance::of(asset, touching.iter().copied(), book.is_sealed(asset));
        Balance { open_wh: book.open_wh(asset), ..balance }
    }

    /// What a seal would add now.
    pub fn proposed(&self, asset: u32, epoch: i64) -> Vec<Posting> {
        if self.is_sealed(asset, epoch) || self.state.assets.get(asset).kind == AssetKind::Sum {
            return Vec::new();
        }
        self.closing(asset, epoch, PartnerSealed::Skip).map(|closing| closing.postings).unwrap_or_default()
    }

    /// The postings of an asset in an open epoch, or of all, in canonical order.
    pub fn postings(&self, asset: Option<u32>, epoch: i64) -> Result<Vec<Posting>> {
        self.check_open(epoch)?;
        let Some(book) = self.state.books.get(&epoch) else { return Ok(Vec::new()) };
        let mut postings: Vec<Posting> = match asset {
            Some(asset) => book.touching(asset).cloned().collect(),
            None => book.postings().cloned().collect(),
        };
        self.sort(&mut postings);
        Ok(postings)
    }

    /// In minus out of each asset that was touched in an open epoch.
    pub fn balances(&self, epoch: i64) -> Result<BTreeMap<u32, i64>> {
        self.check_open(epoch)?;
        let mut nets = BTreeMap::new();
        for posting in self.state.books.get(&epoch).into_iter().flat_map(|book| book.postings()) {
            *nets.entry(posting.from).or_default() -= posting.wh as i64;
            *nets.entry(posting.to).or_default() += posting.wh as i64;
        }
        Ok(nets)
    }

    fn check_open(&self, epoch: i64) -> Result<()> {
        self.state.calendar.check_epoch(epoch)?;
        if !self.is_closed(epoch) {
            return Ok(());
        }
        refuse(
            "closed",
            format!("epoch {epoch} is sealed whole and has left the engine: read the batch that was stored"),
        )
    }
}
