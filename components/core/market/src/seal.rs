//! Sealing one asset in an epoch: proposed first, so that somebody may veto, then done.

use sha2::{Digest, Sha256};

use crate::asset::AssetKind;
use crate::balance::{Closing, Obstacle, PartnerSealed};
use crate::batch::{self, Batch, sorted};
use crate::blob::{self, Frame};
use crate::book::Book;
use crate::document::{Line, Lines, SealHead};
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::merkle::Hash;
use crate::posting::{NOBODY, Posting};
use crate::signer::Signer;
use crate::state::Counters;
use crate::undo::Undo;

/// Whether an asset is sealed, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SealStatus {
    Sealed,
    AlreadySealed,
    UpstreamSealed,
    PartnerSealed,
}

impl SealStatus {
    /// Its name.
    pub fn name(self) -> &'static str {
        ["sealed", "already_sealed", "upstream_sealed", "partner_sealed"][self as usize]
    }
}

/// What a seal would be, or was.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Sealing {
    pub status: SealStatus,
    /// Why it is not sealed, in a sentence.
    pub reason: Option<String>,
    pub asset: u32,
    pub epoch: i64,
    /// Canonical JSON of all its postings; empty when it is not sealed.
    pub document: Vec<u8>,
    /// The hash of its seal, if it has one and the epoch is still open.
    pub hash: Option<Hash>,
    /// What closes it.
    pub postings: Vec<Posting>,
    /// A warning: children that are not sealed; what they do later comes too late for this seal.
    pub open_children: Vec<u32>,
    /// Contracts that were left out because their partner is sealed.
    pub skipped: Vec<u32>,
    /// None as long as it is a proposal.
    pub batch: Option<Batch>,
}

/// What a seal is asked with.
#[derive(Clone, Copy, Debug)]
pub struct SealOptions {
    #[allow(missing_docs)]
    pub partner_sealed: PartnerSealed,
    /// The hash that was proposed: anything else is refused.
    pub expected_hash: Option<Hash>,
}

impl Market {
    /// What the seal of an asset would be. Changes nothing.
    pub fn propose_seal(&self, asset: u32, epoch: i64, partner_sealed: PartnerSealed) -> Result<Sealing> {
        self.state.calendar.check_epoch(epoch)?;
        if self.state.assets.get(asset).kind == AssetKind::Sum {
            return refuse("sum", format!("{:?} is a sum of its members: seal these", self.state.assets.name(asset)));
        }
        let mut sealing = self.not_sealed(asset, epoch, SealStatus::AlreadySealed);
        if self.is_sealed(asset, epoch) {
            sealing.hash = self.seal_hash(asset, epoch).copied();
            sealing.reason = Some(format!("{:?} is sealed in epoch {epoch} already", self.state.assets.name(asset)));
            return Ok(sealing);
        }
        let Closing { postings, skipped } = match self.closing(asset, epoch, partner_sealed) {
            Ok(closing) => closing,
            Err(obstacle) => {
                let (status, reason) = self.explain(asset, epoch, &obstacle);
                return Ok(Sealing { reason: Some(reason), ..self.not_sealed(asset, epoch, status) });
            }
        };
        let previous = self.state.assets.heads[asset as usize];
        let (lines, order) = self.lines_of(asset, epoch, &postings);
        sealing.document = batch::document((&lines, &order), &self.state.assets, (asset, epoch), &previous);
        sealing.hash = Some(Sha256::digest(&sealing.document).into());
        sealing.open_children = self.open_children(asset, epoch);
        Ok(Sealing { status: SealStatus::Sealed, postings, skipped, ..sealing })
    }

    /// Seals an asset, if nothing prevents it.
    pub fn seal(&mut self, asset: u32, epoch: i64, signer: &Signer, options: SealOptions) -> Result<Sealing> {
        let mut sealing = self.propose_seal(asset, epoch, options.partner_sealed)?;
        if sealing.status != SealStatus::Sealed {
            return Ok(sealing);
        }
        if options.expected_hash.is_some() && options.expected_hash != sealing.hash {
            return refuse(
                "changed",
                format!("{:?} is not what was proposed any more: propose it anew", self.state.assets.name(asset)),
            );
        }
        self.change(|market| {
            market.post_closing(epoch, &sealing.postings)?;
            let (lines, order) = market.lines_of(asset, epoch, &[]);
            let sealed = market.sign(signer, (epoch, false), vec![asset], (&lines, &order));
            market.keep_seals(epoch, &sealed);
            sealing.batch = Some(sealed);
            Ok(sealing)
        })
    }

    /// Whether an asset is sealed in an epoch.
    pub fn is_sealed(&self, asset: u32, epoch: i64) -> bool {
        self.is_closed(epoch) || self.state.books.get(&epoch).is_some_and(|book| book.is_sealed(asset))
    }

    /// The hash of an asset's seal in an epoch that is still open.
    pub fn seal_hash(&self, asset: u32, epoch: i64) -> Option<&Hash> {
        self.state.books.get(&epoch)?.seal(asset)
    }

    /// Why an asset cannot be sealed.
    pub(crate) fn explain(&self, asset: u32, epoch: i64, obstacle: &Obstacle) -> (SealStatus, String) {
        let name = self.state.assets.name(asset);
        let open_wh = self.state.books.get(&epoch).map_or(0, |book| book.open_wh(asset));
        match *obstacle {
            Obstacle::Upstream(upstream) => {
                let upstream = self.state.assets.name(upstream);
                let sentence = format!(
                    "{name:?} has {open_wh} Wh open in epoch {epoch}, and its upstream {upstream:?} is sealed: children are sealed first"
                );
                (SealStatus::UpstreamSealed, sentence)
            }
            Obstacle::Partner(contract, partner) => {
                let (id, partner) = (&self.state.contracts.get(contract).id, self.state.assets.name(partner));
                let sentence = format!(
                    "contract {id:?} of {name:?} would serve in epoch {epoch}, and its partner {partner:?} is sealed: \
                     holders are sealed first, or the contract is skipped"
                );
                (SealStatus::PartnerSealed, sentence)
            }
        }
    }

    fn not_sealed(&self, asset: u32, epoch: i64, status: SealStatus) -> Sealing {
        let (document, postings, open_children, skipped) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (reason, hash, batch) = (None, None, None);
        Sealing { status, reason, asset, epoch, document, hash, postings, open_children, skipped, batch }
    }

    fn open_children(&self, asset: u32, epoch: i64) -> Vec<u32> {
        let children = self.state.assets.children_in(asset, epoch).into_iter();
        let mut open: Vec<u32> = children.filter(|&child| !self.is_sealed(child, epoch)).collect();
        open.sort_unstable_by(|&left, &right| self.state.assets.name(left).cmp(self.state.assets.name(right)));
        open
    }

    /// The asset's postings in an epoch and some more, as lines and their order.
    fn lines_of<'a>(&'a self, asset: u32, epoch: i64, more: &'a [Posting]) -> (Vec<Line<'a>>, Vec<u32>) {
        let book = self.state.books.get(&epoch);
        let booked = book.into_iter().flat_map(|book| book.touching(asset));
        let lines: Vec<Line> = booked.chain(more).map(|posting| self.line(book, posting)).collect();
        let order = sorted(&lines, (0..lines.len() as u32).collect(), &self.state.assets);
        (lines, order)
    }

    /// A posting as documents and blobs have it.
    pub(crate) fn line<'a>(&'a self, book: Option<&Book>, posting: &'a Posting) -> Line<'a> {
        // Most epochs are sealed whole: then no asset is sealed before.
        let book = book.filter(|book| !book.seals().is_empty());
        let is_sealed = |side| book.is_some_and(|book| book.is_sealed(side));
        Line {
            from: posting.from,
            to: posting.to,
            wh: posting.wh,
            kind: posting.kind,
            contract: if posting.contract == NOBODY {
                None
            } else {
                Some(&self.state.contracts.get(posting.contract).id)
            },
            co2_mg: posting.co2_mg,
            source: posting.source.as_deref(),
            original_epoch: posting.original_epoch,
            owner_is_to: posting.owner_is_to,
            again: is_sealed(posting.from) || is_sealed(posting.to),
        }
    }

    /// Books what closes an asset.
    pub(crate) fn post_closing(&mut self, epoch: i64, postings: &[Posting]) -> Result<()> {
        for posting in postings {
            if posting.kind == crate::posting::Kind::Contract {
                let delivered = self.state.contracts.get(posting.contract).delivered_wh + posting.wh;
                let old = self.state.contracts.set_delivered(posting.contract, delivered);
                self.remember(Undo::Delivered(posting.contract, old));
            }
            self.post(epoch, posting.clone())?;
        }
        Ok(())
    }

    /// Hashes the documents of some assets and signs their root. Changes nothing.
    pub(crate) fn sign(
        &self,
        signer: &Signer,
        (epoch, closed): (i64, bool),
        assets: Vec<u32>,
        (lines, order): (&impl Lines, &[u32]),
    ) -> Batch {
        let previous: Vec<Hash> = assets.iter().map(|&asset| self.state.assets.heads[asset as usize]).collect();
        let leaves = batch::leaves((lines, order), &self.state.assets, (&assets, epoch), &previous);
        let head = SealHead {
            market: self.state.name.clone(),
            epoch_seconds: self.state.calendar.epoch_seconds,
            number: self.state.counters.seal_number + 1,
            epoch,
            closed,
            count: assets.len() as u64,
            root: batch::root(&leaves),
            previous: self.state.counters.head,
        };
        let (public_key, signature) = (signer.public_key(), signer.sign(&head.text()));
        let told = self.state.counters.names_told;
        let new_names =
            (told as u32..self.state.assets.count() as u32).map(|handle| self.state.assets.name(handle)).collect();
        let mut handles: Vec<u32> = assets.clone();
        handles.sort_unstable();
        let frame = Frame { head, public_key, signature, names_told: told, new_names, assets: handles };
        let blob = blob::encode(&frame, lines, order);
        let hash = frame.head.hash();
        Batch { hash, head: frame.head, public_key, signature, assets, leaves, previous, blob }
    }

    /// Chains the seals of a batch and the batch itself.
    pub(crate) fn keep_seals(&mut self, epoch: i64, sealed: &Batch) {
        let book = self.open_book(epoch);
        let count = book.seals().len();
        self.remember(Undo::Sealed(epoch, count));
        let book = self.state.books.get_mut(&epoch).expect("the book was opened");
        for (&asset, &leaf) in sealed.assets.iter().zip(&sealed.leaves) {
            book.push_seal(asset, leaf);
        }
        self.keep_heads(sealed);
    }

    /// Moves the heads of assets and market to a batch.
    pub(crate) fn keep_heads(&mut self, sealed: &Batch) {
        let before = sealed.assets.iter().copied().zip(sealed.previous.iter().copied()).collect();
        self.remember(Undo::Heads(before));
        for (&asset, &leaf) in sealed.assets.iter().zip(&sealed.leaves) {
            self.state.assets.heads[asset as usize] = leaf;
        }
        self.count(Counters {
            seal_number: sealed.head.number,
            head: sealed.hash,
            names_told: self.state.assets.count() as u64,
            ..self.state.counters
        });
    }
}
