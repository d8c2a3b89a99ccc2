//! The book of an open epoch: its postings, threaded by asset, what is still open, and who is sealed.

use crate::error::{Result, refuse};
use crate::posting::Posting;
use crate::time::INTEGER_MAX;

const PAGE: usize = 256;
/// So many assets are searched one by one, before there are pages.
const FEW: usize = 8;

/// What an epoch knows of an asset.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Newest posting, plus one.
    newest: u32,
    /// Place among the seals, plus one.
    seal: u32,
    /// In minus out of what must be balanced.
    open_wh: i64,
}

#[derive(Debug)]
struct Entry {
    posting: Posting,
    /// The posting before it that touches `from`, plus one.
    before_from: u32,
    /// The posting before it that touches `to`, plus one.
    before_to: u32,
}

/// An open epoch.
#[derive(Debug, Default)]
pub struct Book {
    entries: Vec<Entry>,
    /// Slots of the first assets that were touched, as long as they are few: of quarters of an hour there are millions.
    few: Vec<(u32, Slot)>,
    /// Slots of 256 assets each, made when one of them is touched.
    pages: Vec<Option<Box<[Slot; PAGE]>>>,
    seals: Vec<(u32, [u8; 32])>,
    metered_wh: u64,
    metered_co2_mg: u64,
}

impl Book {
    /// Number of postings.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// In the order in which they were booked.
    pub fn postings(&self) -> impl ExactSizeIterator<Item = &Posting> {
        self.entries.iter().map(|entry| &entry.posting)
    }

    /// A posting by its place.
    pub fn posting(&self, at: u32) -> &Posting {
        &self.entries[at as usize].posting
    }

    /// What an asset has still to balance: in minus out.
    pub fn open_wh(&self, asset: u32) -> i64 {
        self.slot(asset).open_wh
    }

    /// The hash of an asset's seal.
    pub fn seal(&self, asset: u32) -> Option<&[u8; 32]> {
        let seal = self.slot(asset).seal;
        if seal == 0 { None } else { Some(&self.seals[seal as usize - 1].1) }
    }

    /// Whether the asset is sealed.
    pub fn is_sealed(&self, asset: u32) -> bool {
        self.slot(asset).seal > 0
    }

    /// All seals, in the order in which they were made.
    pub fn seals(&self) -> &[(u32, [u8; 32])] {
        &self.seals
    }

    /// Postings that touch an asset, the newest first.
    pub fn touching(&self, asset: u32) -> impl Iterator<Item = &Posting> {
        let mut next = self.slot(asset).newest;
        std::iter::from_fn(move || {
            let entry = self.entries.get((next as usize).wrapping_sub(1))?;
            next = if entry.posting.from == asset { entry.before_from } else { entry.before_to };
            Some(&entry.posting)
        })
    }

    /// Whether the epoch can hold that much more: all its sums stay integers that every JSON reader keeps.
    pub fn check_room(&self, wh: u64, co2_mg: u64) -> Result<()> {
        let most = INTEGER_MAX as u64;
        if wh > most - self.metered_wh || co2_mg > most - self.metered_co2_mg {
            return refuse(
                "range",
                format!(
                    "an epoch's metered energy and CO2 stay below 2^53; {wh} Wh and {co2_mg} mg more than its {} Wh and {} mg do not fit",
                    self.metered_wh, self.metered_co2_mg
                ),
            );
        }
        Ok(())
    }

    /// Books a posting for which there is room.
    pub fn push(&mut self, posting: Posting) {
        assert!(posting.from != posting.to && posting.wh > 0, "a posting moves energy between two assets: {posting:?}");
        if posting.kind.is_metered() {
            self.metered_wh += posting.wh;
            self.metered_co2_mg += posting.co2_mg;
        }
        self.weigh(&posting, 1);
        let number = u32::try_from(self.entries.len() + 1).expect("an epoch has fewer than 2^32 postings");
        let before_from = std::mem::replace(&mut self.slot_mut(posting.from).newest, number);
        let before_to = std::mem::replace(&mut self.slot_mut(posting.to).newest, number);
        if self.entries.is_empty() {
            self.entries.reserve_exact(1);
        }
        self.entries.push(Entry { posting, before_from, before_to });
    }

    /// Makes room for many more.
    pub fn reserve(&mut self, count: usize) {
        self.entries.reserve(count);
    }

    /// Takes the newest postings back until `count` are left.
    pub fn truncate(&mut self, count: usize) {
        while self.entries.len() > count {
            let Entry { posting, before_from, before_to } =
                self.entries.pop().expect("there are more than are to stay");
            self.slot_mut(posting.from).newest = before_from;
            self.slot_mut(posting.to).newest = before_to;
            self.weigh(&posting, -1);
            if posting.kind.is_metered() {
                self.metered_wh -= posting.wh;
                self.metered_co2_mg -= posting.co2_mg;
            }
        }
    }

    fn weigh(&mut self, posting: &Posting, sign: i64) {
        for side in [posting.from, posting.to] {
            if posting.is_open_for(side) {
                self.slot_mut(side).open_wh += sign * posting.into(side);
            }
        }
    }

    /// Marks an asset as sealed.
    pub fn push_seal(&mut self, asset: u32, hash: [u8; 32]) {
        self.seals.push((asset, hash));
        self.slot_mut(asset).seal = self.seals.len() as u32;
    }

    /// Takes the newest seals back until `count` are left.
    pub fn truncate_seals(&mut self, count: usize) {
        while self.seals.len() > count {
            let (asset, _) = self.seals.pop().expect("there are more than are to stay");
            self.slot_mut(asset).seal = 0;
        }
    }

    fn slot(&self, asset: u32) -> Slot {
        if self.pages.is_empty() {
            let found = self.few.iter().find(|&&(other, _)| other == asset);
            return found.map_or_else(Slot::default, |&(_, slot)| slot);
        }
        match self.pages.get(asset as usize / PAGE) {
            Some(Some(page)) => page[asset as usize % PAGE],
            _ => Slot::default(),
        }
    }

    fn slot_mut(&mut self, asset: u32) -> &mut Slot {
        if self.pages.is_empty() {
            if let Some(at) = self.few.iter().position(|&(other, _)| other == asset) {
                return &mut self.few[at].1;
            }
            if self.few.len() < FEW {
                let more = if self.few.is_empty() { 2 } else { 1 };
                self.few.reserve_exact(more);
                self.few.push((asset, Slot::default()));
                return &mut self.few.last_mut().expect("it was pushed").1;
            }
            for (other, slot) in std::mem::take(&mut self.few) {
                *self.paged(other) = slot;
            }
        }
        self.paged(asset)
    }

    fn paged(&mut self, asset: u32) -> &mut Slot {
        let page = asset as usize / PAGE;
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        let page = self.pages[page].get_or_insert_with(|| Box::new([Slot::default(); PAGE]));
        &mut page[asset as usize % PAGE]
    }
}
