//! Assets: meters and balancing points, who stands below whom, and the hash of each one's last seal.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// Where an asset stood until an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Standing {
    pub rule: Rule,
    pub members: Box<[u32]>,
}

/// All assets by handle: their number in the order of creation.
#[derive(Debug, Default)]
pub struct Assets {
    all: Vec<Asset>,
    index: HashMap<Arc<str>, u32>,
    /// By handle, also of what held once; each child as often as one of its rules names it.
    children: Vec<Vec<u32>>,
    /// What held before what holds now, by asset and the epoch until which it held.
    past: BTreeMap<(u32, i64), Standing>,
    /// In how many of these an epoch is the end.
    ends: BTreeMap<i64, u32>,
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

    /// (bought from, sold to), as it holds after all changes; the root has neither.
    pub fn upstream(&self, handle: u32) -> Option<(u32, u32)> {
        if handle == ROOT { None } else { Some(self.get(handle).rule.sides()) }
    }

    /// The same in an epoch.
    pub fn upstream_in(&self, handle: u32, epoch: i64) -> Option<(u32, u32)> {
        if handle == ROOT { None } else { Some(self.rule_in(handle, epoch).sides()) }
    }

    /// The rule that holds in an epoch.
    pub fn rule_in(&self, handle: u32, epoch: i64) -> Rule {
        self.before(handle, epoch).map_or_else(|| self.get(handle).rule, |standing| standing.rule)
    }

    /// The members that a sum has in an epoch.
    pub fn members_in(&self, handle: u32, epoch: i64) -> &[u32] {
        self.before(handle, epoch).map_or(&self.get(handle).members, |standing| &standing.members)
    }

    /// What held in an epoch, unless it is what holds now.
    fn before(&self, handle: u32, epoch: i64) -> Option<&Standing> {
        if self.past.is_empty() {
            return None;
        }
        self.past.range((handle, epoch + 1)..=(handle, i64::MAX)).next().map(|(_, standing)| standing)
    }

    /// Where an asset stood, oldest first, with the epoch until which it did.
    pub fn past_of(&self, handle: u32) -> impl Iterator<Item = (i64, &Standing)> {
        self.past.range((handle, i64::MIN)..=(handle, i64::MAX)).map(|(&(_, until), standing)| (until, standing))
    }

    /// All that held once, by asset and end.
    pub fn past(&self) -> impl ExactSizeIterator<Item = (&(u32, i64), &Standing)> {
        self.past.iter()
    }

    /// Epochs from one on in which a rule begins to hold that did not hold before.
    pub fn changes_from(&self, epoch: i64) -> impl Iterator<Item = i64> {
        self.ends.range(epoch..).map(|(&end, _)| end)
    }

    /// The epochs around one in which the same rules hold: the last change up to it and the next one after it.
    pub fn unchanged_around(&self, epoch: i64) -> (i64, i64) {
        let from = self.ends.range(..=epoch).next_back().map_or(i64::MIN, |(&end, _)| end);
        (from, self.ends.range(epoch + 1..).next().map_or(i64::MAX, |(&end, _)| end))
    }

    /// Puts what held until an epoch, or takes it away; what was there before.
    pub fn put_past(&mut self, handle: u32, until: i64, standing: Option<Standing>) -> Option<Standing> {
        let old = self.past.remove(&(handle, until));
        if let Some(old) = &old {
            self.leave(handle, old.rule);
            self.count_end(until, false);
        }
        if let Some(standing) = standing {
            self.join(handle, standing.rule);
            self.count_end(until, true);
            self.past.insert((handle, until), standing);
        }
        self.version += 1;
        old
    }

    fn count_end(&mut self, until: i64, is_more: bool) {
        let count = self.ends.entry(until).or_default();
        *count = if is_more { *count + 1 } else { *count - 1 };
        if *count == 0 {
            self.ends.remove(&until);
        }
    }

    /// Who stands below after all changes, in no order.
    pub fn children(&self, handle: u32) -> BTreeSet<u32> {
        self.below(handle, |child| self.upstream(child))
    }

    /// Who stands below in an epoch.
    pub fn children_in(&self, handle: u32, epoch: i64) -> BTreeSet<u32> {
        self.below(handle, |child| self.upstream_in(child, epoch))
    }

    fn below(&self, handle: u32, upstream: impl Fn(u32) -> Option<(u32, u32)>) -> BTreeSet<u32> {
        let is_below = |child: u32| upstream(child).is_some_and(|(from, to)| from == handle || to == handle);
        self.children[handle as usize].iter().copied().filter(|&child| is_below(child)).collect()
    }

    /// Whether anybody ever stood below.
    pub fn has_children(&self, handle: u32) -> bool {
        !self.children[handle as usize].is_empty()
    }

    /// By handle: how many stand below in an epoch.
    pub fn child_counts(&self, epoch: i64) -> Vec<u32> {
        if self.past.is_empty() {
            return self.children.iter().map(|children| children.len() as u32).collect();
        }
        let mut counts = vec![0; self.count()];
        for (from, to) in (0..self.count() as u32).filter_map(|handle| self.upstream_in(handle, epoch)) {
            counts[from as usize] += 1;
            counts[to as usize] += u32::from(from != to);
        }
        counts
    }

    /// Adds a new asset whose name is not taken.
    pub fn push(&mut self, asset: Asset) -> u32 {
        let handle = self.all.len() as u32;
        self.index.insert(asset.name.clone(), handle);
        self.children.push(Vec::new());
        self.heads.push(NO_HASH);
        let rule = asset.rule;
        self.all.push(asset);
        self.join(handle, rule);
        self.version += 1;
        handle
    }

    /// Takes the newest asset away again.
    pub fn pop(&mut self) {
        let handle = self.all.len() as u32 - 1;
        self.leave(handle, self.get(handle).rule);
        let asset = self.all.pop().expect("an asset was added");
        self.index.remove(&asset.name);
        self.children.pop();
        self.heads.pop();
        self.version += 1;
    }

    /// Puts another in its place and gives the old one back.
    pub fn replace(&mut self, handle: u32, asset: Asset) -> Asset {
        self.leave(handle, self.get(handle).rule);
        self.join(handle, asset.rule);
        let old = std::mem::replace(&mut self.all[handle as usize], asset);
        self.version += 1;
        old
    }

    fn join(&mut self, handle: u32, rule: Rule) {
        if handle != ROOT {
            let (from, to) = rule.sides();
            self.children[from as usize].push(handle);
            if to != from {
                self.children[to as usize].push(handle);
            }
        }
    }

    fn leave(&mut self, handle: u32, rule: Rule) {
        if handle != ROOT {
            let (from, to) = rule.sides();
            for side in if from == to { vec![from] } else { vec![from, to] } {
                // The newest stands last: taking back what was just added is quick.
                if let Some(at) = self.children[side as usize].iter().rposition(|&child| child == handle) {
                    self.children[side as usize].swap_remove(at);
                }
            }
        }
    }

    /// The way from `start` up to `goal` along the rules of an epoch, both included, if there is one.
    pub fn way_up(&self, start: u32, goal: u32, epoch: i64) -> Option<Vec<u32>> {
        let above = |at: u32| self.upstream_in(at, epoch).into_iter().flat_map(|(from, to)| [from, to]);
        way(start, goal, |at, next| next.extend(above(at)))
    }

    /// The way from `start` down to `goal` from sums to their members in an epoch, both included, if there is one.
    pub fn way_into(&self, start: u32, goal: u32, epoch: i64) -> Option<Vec<u32>> {
        way(start, goal, |at, next| next.extend(self.members_in(at, epoch).iter()))
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
