//! Following the sealed batches of a market from its birth, or from a snapshot: every hash and signature is computed again.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::asset::NO_HASH;
use crate::batch::{self, Batch};
use crate::blob::{self, Content};
use crate::document::Names;
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::merkle::Hash;
use crate::signer::is_signed;

/// Where a chain of seals stands.
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
        for (&epoch, book) in market.books.iter().filter(|(_, book)| !book.seals().is_empty()) {
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
        let content = blob::decode(bytes)?;
        self.check_place(&content)?;
        if public_key.is_some_and(|key| *key != content.public_key) {
            return self.broken(&content, "it is signed with another key than the one asked for");
        }
        if !is_signed(&content.public_key, &content.head.text(), &content.signature) {
            return self.broken(&content, "its signature is not that of its seal");
        }
        let known = self.table.0.len();
        self.learn(&content);
        match self.recompute(&content) {
            Ok(mut batch) => {
                batch.blob = bytes.to_vec();
                self.keep(&content, &batch);
                Ok(batch)
            }
            Err(error) => {
                self.forget(known);
                Err(error)
            }
        }
    }

    fn broken<T>(&self, content: &Content, why: &str) -> Result<T> {
        let (number, epoch) = (content.head.number, content.head.epoch);
        refuse("damage", format!("sealed batch {number} (epoch {epoch}) was tampered with, or does not follow: {why}"))
    }

    fn check_place(&self, content: &Content) -> Result<()> {
        let head = &content.head;
        if head.market != self.market || head.epoch_seconds != self.epoch_seconds {
            let why = format!("it is of market {:?} with epochs of {} s", head.market, head.epoch_seconds);
            return self.broken(content, &why);
        }
        if head.number != self.number + 1 || head.previous != self.head {
            return self.broken(content, &format!("after batch {} comes the one that names its hash", self.number));
        }
        if content.names_told != self.table.0.len() as u64 || head.count != content.assets.len() as u64 {
            return self.broken(content, "it counts other assets");
        }
        let known = content.names_told as usize + content.new_names.len();
        let sides = content.lines.iter().flat_map(|line| [line.from, line.to]);
        if sides.chain(content.assets.iter().copied()).any(|side| side as usize >= known) {
            return self.broken(content, "it names assets that nobody knows");
        }
        Ok(())
    }

    fn learn(&mut self, content: &Content) {
        if content.new_names.is_empty() {
            return;
        }
        self.table.0.extend(content.new_names.iter().map(|&name| Arc::from(name)));
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

    fn recompute(&self, content: &Content) -> Result<Batch> {
        let table = &self.table;
        if self.by_name.windows(2).any(|pair| table.name(pair[0]) == table.name(pair[1])) {
            return self.broken(content, "two assets have one name");
        }
        let head = &content.head;
        let sealed = self.sealed.get(&head.epoch);
        let is_sealed = |side: u32| sealed.is_some_and(|sealed| sealed.contains(&side));
        if content.assets.iter().any(|&asset| is_sealed(asset)) {
            return self.broken(content, "it seals an asset a second time");
        }
        if content.lines.iter().any(|line| line.again != (is_sealed(line.from) || is_sealed(line.to))) {
            return self.broken(content, "it says of a posting wrongly whether an earlier batch has it");
        }
        let mut own = content.assets.iter().copied().peekable();
        let mut is_own = vec![false; table.0.len()];
        own.by_ref().for_each(|asset| is_own[asset as usize] = true);
        if content.lines.iter().any(|line| !is_own[line.from as usize] && !is_own[line.to as usize]) {
            return self.broken(content, "it has a posting that touches nobody it seals");
        }
        let assets: Vec<u32> = self.by_name.iter().copied().filter(|&asset| is_own[asset as usize]).collect();
        let previous: Vec<Hash> = assets.iter().map(|&asset| self.heads[asset as usize]).collect();
        let leaves = batch::leaves(&content.lines, table, (&assets, head.epoch), &previous);
        if batch::root(&leaves) != head.root {
            return self.broken(content, "its postings do not lead to the root that was signed");
        }
        let (head, public_key, signature) = (head.clone(), content.public_key, content.signature);
        Ok(Batch { hash: head.hash(), head, public_key, signature, assets, leaves, previous, blob: Vec::new() })
    }

    fn keep(&mut self, content: &Content, batch: &Batch) {
        for (&asset, &leaf) in batch.assets.iter().zip(&batch.leaves) {
            self.heads[asset as usize] = leaf;
        }
        if content.head.closed {
            self.sealed.remove(&content.head.epoch);
        } else {
            self.sealed.entry(content.head.epoch).or_default().extend(&batch.assets);
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
        crate::certificate::certificate(batch, self.assets.known(asset)?, &self.assets)
    }
}
