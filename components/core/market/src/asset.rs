//! Assets: meters and balancing points, who stands below whom, and the hash of each one's last seal.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::error::{Result, refuse};

/// The root's handle.
pub const ROOT: u32 = 0;
/// The hash before the first seal.
pub const NO_HASH: [u8; 32] = [0; 32];

/// What an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AssetKind {
    Meter,
    Balance,
    Debit,
    Enwg14a,
    Virtual,
    /// Has no postings of its own: its balance is the sum of its members.
    Sum,
}

/// All kinds, in the order of their codes.
pub const KINDS: [(&str, AssetKind); 6] = [
    ("meter", AssetKind::Meter),
    ("balance", AssetKind::Balance),
    ("debit", AssetKind::Debit),
    ("enwg14a", AssetKind::Enwg14a),
    ("virtual", AssetKind::Virtual),
    ("sum", AssetKind::Sum),
];

impl AssetKind {
    /// The kind of that name.
    pub fn parse(text: &str) -> Result<AssetKind> {
        match KINDS.iter().find(|(name, _)| *name == text) {
            Some(&(_, kind)) => Ok(kind),
            None => refuse(
                "type",
                format!("an asset's type is meter, balance, debit, enwg14a, virtual or sum; {text:?} is none"),
            ),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        KINDS[self as usize].0
    }
}

/// Where a deficit is bought and where a surplus goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Rule {
    pub from: Option<u32>,
    pub to: Option<u32>,
}

impl Rule {
    /// (bought from, sold to): a single side serves both, no side is the root.
    pub fn sides(self) -> (u32, u32) {
        let from = self.from.or(self.to).unwrap_or(ROOT);
        (from, self.to.unwrap_or(from))
    }
}

/// A meter, a balancing point, or a sum of such.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Asset {
    pub name: Arc<str>,
    pub kind: AssetKind,
    pub rule: Rule,
    /// Of a sum; empty otherwise.
    pub members: Box<[u32]>,
    /// The caller's own text.
    pub metadata: Option<Box<str>>,
}

/// All assets by handle: their number in the order of creation.
#[derive(Debug, Default)]
pub struct Assets {
    all: Vec<Asset>,
    index: HashMap<Arc<str>, u32>,
    children: Vec<Vec<u32>>,
    /// By handle: the hash of the last seal.
    pub heads: Vec<[u8; 32]>,
    /// Grows with every change of names or rules, also when it is undone.
    pub version: u64,
}

impl Assets {
    /// Number of assets.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// In the order of creation.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Asset> {
        self.all.iter()
    }

    /// The asset of a handle.
    pub fn get(&self, handle: u32) -> &Asset {
        &self.all[handle as usize]
    }

    /// The name of a handle.
    pub fn name(&self, handle: u32) -> &str {
        &self.all[handle as usize].name
    }

    /// The handle of a name.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// The handle of a name that must be known.
    pub fn known(&self, name: &str) -> Result<u32> {
        match self.find(name) {
            Some(handle) => Ok(handle),
            None => refuse("unknown_asset", format!("there is no asset {name:?}: upsert it first")),
        }
    }

    /// (bought from, sold to); the root has neither.
    pub fn upstream(&self, handle: u32) -> Option<(u32, u32)> {
        if handle == ROOT { None } else { Some(self.get(handle).rule.sides()) }
    }

    /// Who stands below, in no order.
    pub fn children(&self, handle: u32) -> &[u32] {
        &self.children[handle as usize]
    }

    /// Adds a new asset whose name is not taken.
    pub fn push(&mut self, asset: Asset) -> u32 {
        let handle = self.all.len() as u32;
        self.index.insert(asset.name.clone(), handle);
        self.children.push(Vec::new());
        self.heads.push(NO_HASH);
        self.all.push(asset);
        self.join(handle);
        self.version += 1;
        handle
    }

    /// Takes the newest asset away again.
    pub fn pop(&mut self) {
        self.leave(self.all.len() as u32 - 1);
        let asset = self.all.pop().expect("an asset was added");
        self.index.remove(&asset.name);
        self.children.pop();
        self.heads.pop();
        self.version += 1;
    }

    /// Puts another in its place and gives the old one back.
    pub fn replace(&mut self, handle: u32, asset: Asset) -> Asset {
        self.leave(handle);
        let old = std::mem::replace(&mut self.all[handle as usize], asset);
        self.join(handle);
        self.version += 1;
        old
    }

    fn join(&mut self, handle: u32) {
        if let Some((from, to)) = self.upstream(handle) {
            self.children[from as usize].push(handle);
            if to != from {
                self.children[to as usize].push(handle);
            }
        }
    }

    fn leave(&mut self, handle: u32) {
        if let Some((from, to)) = self.upstream(handle) {
            for side in [from, to] {
                // The newest stands last: taking back what was just added is quick.
                if let Some(at) = self.children[side as usize].iter().rposition(|&child| child == handle) {
                    self.children[side as usize].swap_remove(at);
                }
            }
        }
    }

    /// The way from `start` up to `goal` along the rules, both included, if there is one.
    pub fn way_up(&self, start: u32, goal: u32) -> Option<Vec<u32>> {
        way(start, goal, |at, next| next.extend(self.upstream(at).into_iter().flat_map(|(from, to)| [from, to])))
    }

    /// The way from `start` down to `goal` from sums to their members, both included, if there is one.
    pub fn way_into(&self, start: u32, goal: u32) -> Option<Vec<u32>> {
        way(start, goal, |at, next| next.extend(self.get(at).members.iter()))
    }
}

fn way(start: u32, goal: u32, nexts: impl Fn(u32, &mut Vec<u32>)) -> Option<Vec<u32>> {
    let mut came_from: HashMap<u32, u32> = HashMap::from([(start, start)]);
    let (mut open, mut next) = (vec![start], Vec::new());
    while let Some(at) = open.pop() {
        if at == goal {
            return Some(trace(&came_from, start, goal));
        }
        nexts(at, &mut next);
        for other in next.drain(..) {
            if let Entry::Vacant(entry) = came_from.entry(other) {
                entry.insert(at);
                open.push(other);
            }
        }
    }
    None
}

fn trace(came_from: &HashMap<u32, u32>, start: u32, goal: u32) -> Vec<u32> {
    let mut path = vec![goal];
    while path[path.len() - 1] != start {
        path.push(came_from[&path[path.len() - 1]]);
    }
    path.reverse();
    path
}
