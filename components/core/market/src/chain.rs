//! Following the sealed batches of a market from its birth, or from a snapshot: every hash and signature is computed again.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::asset::NO_HASH;
use crate::batch::{self, Batch};
use crate::blob::{self, Frame};
use crate::document::{Line, Names};
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::merkle::Hash;
use crate::signer::is_signed;

/// The state of a chain of seals.
#[derive(Debug)]
pub struct SealChain {
    market: String,
    epoch_seconds: i64,
    number: u64,
    head: Hash,
    table: Table,
    heads: Vec<Hash>,
    /// Handles by name.
    by_name: Vec<u32>,
    /// Who is sealed in epochs that are not closed.
    sealed: BTreeMap<i64, HashSet<u32>>,
}

#[derive(Clone, Debug, Default)]
struct Table(Vec<Arc<str>>);

impl Names for Table {
    fn name(&self, handle: u32) -> &str {
        &self.0[handle as usize]
    }
}

impl SealChain {
    /// The chain of a market before its first seal.
    pub fn new(market: &str, epoch_seconds: i64) -> SealChain {
        SealChain {
            market: market.to_owned(),
            epoch_seconds,
            number: 0,
            head: NO_HASH,
            table: Table::default(),
            heads: Vec::new(),
            by_name: Vec::new(),
            sealed: BTreeMap::new(),
        }
    }

    /// The chain as a market has it.
    pub fn of(market: &Market) -> SealChain {
        let counters = market.counters();
        let told = counters.names_told as usize;
        let names = market.assets().iter().take(told).map(|asset| asset.name.clone());
        let mut chain = SealChain {
            number: counters.seal_number,
            head: counters.head,
            table: Table(names.collect()),
            heads: market.assets().heads[..told].to_vec(),
            ..SealChain::new(market.name(), market.calendar().epoch_seconds)
        };
        for (&epoch, book) in market.state.books.iter().filter(|(_, book)| !book.seals().is_empty()) {
            chain.sealed.insert(epoch, book.seals().iter().map(|&(asset, _)| asset).collect());
        }
        chain.sort();
        chain
    }

    /// Number of the last batch.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Hash of the last batch.
    pub fn head(&self) -> &Hash {
        &self.head
    }

    /// The handle of a name.
    pub fn find(&self, name: &str) -> Option<u32> {
        let at = self.by_name.binary_search_by(|&handle| self.table.name(handle).cmp(name)).ok()?;
        Some(self.by_name[at])
    }

    /// Follows the next batch, or says what of it is not so. Nothing has changed when it refuses.
    pub fn follow(&mut self, bytes: &[u8], public_key: Option<&[u8; 32]>) -> Result<Batch> {
        let (frame, lines) = blob::decode(bytes)?;
        self.check_place(&frame, &lines)?;
        if public_key.is_some_and(|key| *key != frame.public_key) {
            return self.broken(&frame, "it is signed with another key than the one asked for");
        }
        if !is_signed(&frame.public_key, &frame.head.text(), &frame.signature) {
            return self.broken(&frame, "its signature is not that of its seal");
        }
        let known = self.table.0.len();
        self.learn(&frame);
        match self.recompute(&frame, &lines) {
            Ok(mut batch) => {
                batch.blob = bytes.to_vec();
                self.keep(&frame, &batch);
                Ok(batch)
            }
            Err(error) => {
                self.forget(known);
                Err(error)
            }
        }
    }

    fn broken<T>(&self, frame: &Frame, why: &str) -> Result<T> {
        let (number, epoch) = (frame.head.number, frame.head.epoch);
        refuse("damage", format!("sealed batch {number} (epoch {epoch}) was tampered with, or does not follow: {why}"))
    }

    fn check_place(&self, frame: &Frame, lines: &[Line]) -> Result<()> {
        let head = &frame.head;
        if head.market != self.market || head.epoch_seconds != self.epoch_seconds {
            let why = format!("it is of market {:?} with epochs of {} s", head.market, head.epoch_seconds);
            return self.broken(frame, &why);
        }
        if head.number != self.number + 1 || head.previous != self.head {
            return self.broken(frame, &format!("after batch {} comes the one that names its hash", self.number));
        }
        if frame.names_told != self.table.0.len() as u64 || head.count != frame.assets.len() as u64 {
            return self.broken(frame, "it counts other assets");
        }
        let known = frame.names_told as usize + frame.new_names.len();
        let sides = lines.iter().flat_map(|line| [line.from, line.to]);
        if sides.chain(frame.assets.iter().copied()).any(|side| side as usize >= known) {
            return self.broken(frame, "it names assets that nobody knows");
        }
        Ok(())
    }

    fn learn(&mut self, frame: &Frame) {
        if frame.new_names.is_empty() {
            return;
        }
        self.table.0.extend(frame.new_names.iter().map(|&name| Arc::from(name)));
        self.heads.resize(self.table.0.len(), NO_HASH);
        self.sort();
    }

    fn forget(&mut self, known: usize) {
        self.table.0.truncate(known);
        self.heads.truncate(known);
        self.by_name.retain(|&handle| (handle as usize) < known);
    }

    fn sort(&mut self) {
        let table = &self.table;
        self.by_name = (0..table.0.len() as u32).collect();
        self.by_name.sort_unstable_by(|&left, &right| table.name(left).cmp(table.name(right)));
    }

    fn recompute(&self, frame: &Frame, lines: &Vec<Line>) -> Result<Batch> {
        let table = &self.table;
        if self.by_name.windows(2).any(|pair| table.name(pair[0]) == table.name(pair[1])) {
            return self.broken(frame, "two assets have one name");
        }
        let head = &frame.head;
        let sealed = self.sealed.get(&head.epoch);
        let is_sealed = |side: u32| sealed.is_some_and(|sealed| sealed.contains(&side));
        if frame.assets.iter().any(|&asset| is_sealed(asset)) {
            return self.broken(frame, "it seals an asset a second time");
        }
        if lines.iter().any(|line| line.again != (is_sealed(line.from) || is_sealed(line.to))) {
            return self.broken(frame, "it says of a posting wrongly whether an earlier batch has it");
        }
        let mut own = frame.assets.iter().copied().peekable();
        let mut is_own = vec![false; table.0.len()];
        own.by_ref().for_each(|asset| is_own[asset as usize] = true);
        if lines.iter().any(|line| !is_own[line.from as usize] && !is_own[line.to as usize]) {
            return self.broken(frame, "it has a posting that touches nobody it seals");
        }
        let assets: Vec<u32> = self.by_name.iter().copied().filter(|&asset| is_own[asset as usize]).collect();
        let previous: Vec<Hash> = assets.iter().map(|&asset| self.heads[asset as usize]).collect();
        let order: Vec<u32> = (0..lines.len() as u32).collect();
        let leaves = batch::leaves((lines, &order), table, (&assets, head.epoch), &previous);
        if batch::root(&leaves) != head.root {
            return self.broken(frame, "its postings do not lead to the root that was signed");
        }
        let (head, public_key, signature) = (head.clone(), frame.public_key, frame.signature);
        Ok(Batch { hash: head.hash(), head, public_key, signature, assets, leaves, previous, blob: Vec::new() })
    }

    fn keep(&mut self, frame: &Frame, batch: &Batch) {
        for (&asset, &leaf) in batch.assets.iter().zip(&batch.leaves) {
            self.heads[asset as usize] = leaf;
        }
        if frame.head.closed {
            self.sealed.remove(&frame.head.epoch);
        } else {
            self.sealed.entry(frame.head.epoch).or_default().extend(&batch.assets);
        }
        (self.number, self.head) = (batch.head.number, batch.hash);
    }

    /// The certificate of an asset out of the batch that was followed.
    pub fn certificate(&self, batch: &Batch, asset: &str) -> Result<Vec<u8>> {
        match self.find(asset) {
            Some(asset) => crate::certificate::certificate(batch, asset, &self.table),
            None => refuse("unknown_asset", format!("nobody named {asset:?} was ever sealed here")),
        }
    }

    /// The names of a batch's assets.
    pub fn names(&self, batch: &Batch) -> Vec<&str> {
        batch.assets.iter().map(|&asset| self.table.name(asset)).collect()
    }
}

impl Market {
    /// The certificate of an asset out of a batch of this market.
    pub fn certificate(&self, batch: &Batch, asset: &str) -> Result<Vec<u8>> {
        crate::certificate::certificate(batch, self.state.assets.known(asset)?, &self.state.assets)
    }
}
