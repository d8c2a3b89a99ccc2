//! The order of sealing: children before their upstreams, holders of contracts before their partners.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::asset::Assets;
use crate::contract::{Contract, Contracts};

/// Orders of all assets, kept until names, rules, terms or the valid contracts change.
#[derive(Debug)]
pub(crate) struct Order {
    versions: (u64, u64),
    /// Epochs in which the same rules and contracts are valid.
    from_epoch: i64,
    until_epoch: i64,
    /// Handles sorted by name.
    pub by_name: Vec<u32>,
    /// By handle: the place in `by_name`.
    pub place: Vec<u32>,
    /// Handles in the order in which they are sealed.
    pub sealing: Vec<u32>,
    /// By handle: the turn in `sealing`.
    pub turn: Vec<u32>,
}

impl Order {
    /// Whether it is the order for an epoch still.
    pub fn holds(&self, assets: &Assets, contracts: &Contracts, epoch: i64) -> bool {
        self.versions == (assets.version, contracts.version) && (self.from_epoch..self.until_epoch).contains(&epoch)
    }

    /// The order for an epoch; what an older one knows of names is used again.
    pub fn new(assets: &Assets, contracts: &Contracts, epoch: i64, old: Option<Order>) -> Order {
        let (by_name, place) = match old {
            Some(old) if old.versions.0 == assets.version => (old.by_name, old.place),
            _ => sort_names(assets),
        };
        let (rules_from, rules_until) = assets.unchanged_around(epoch);
        let (contracts_from, contracts_until) = validity(contracts, epoch);
        let (from_epoch, until_epoch) = (rules_from.max(contracts_from), rules_until.min(contracts_until));
        let sealing = Edges::new(assets, contracts, epoch).sort(&by_name, &place);
        let turn = invert(&sealing);
        Order { versions: (assets.version, contracts.version), from_epoch, until_epoch, by_name, place, sealing, turn }
    }
}

/// Handles by name, and the place of each.
pub(crate) fn sort_names(assets: &Assets) -> (Vec<u32>, Vec<u32>) {
    let mut by_name: Vec<u32> = (0..assets.count() as u32).collect();
    by_name.sort_unstable_by(|&left, &right| assets.name(left).cmp(assets.name(right)));
    let place = invert(&by_name);
    (by_name, place)
}

fn invert(handles: &[u32]) -> Vec<u32> {
    let mut places = vec![0; handles.len()];
    handles.iter().zip(0..).for_each(|(&handle, at)| places[handle as usize] = at);
    places
}

fn validity(contracts: &Contracts, epoch: i64) -> (i64, i64) {
    let (mut from, mut until) = (i64::MIN, i64::MAX);
    let valid = contracts.iter().flat_map(Contract::all_terms).flat_map(|terms| [terms.from_epoch, terms.until_epoch]);
    let past = contracts.iter().flat_map(|contract| contract.past.iter().map(|&(until, _)| until));
    for end in valid.flatten().chain(past) {
        if end <= epoch {
            from = from.max(end);
        } else {
            until = until.min(end);
        }
    }
    (from, until)
}

/// Who must be sealed before whom.
struct Edges<'a> {
    assets: &'a Assets,
    epoch: i64,
    /// (holder, partner), sorted by holder.
    contracts: Vec<(u32, u32)>,
    /// By handle: children not yet sealed.
    children: Vec<u32>,
    /// By handle: holders of contracts with it that are not yet sealed.
    holders: Vec<u32>,
}

impl<'a> Edges<'a> {
    fn new(assets: &'a Assets, all: &Contracts, epoch: i64) -> Edges<'a> {
        let serving = all.iter().filter(|contract| contract.serves(epoch));
        let mut contracts: Vec<(u32, u32)> = serving.map(|contract| (contract.holder, contract.partner)).collect();
        contracts.sort_unstable();
        let mut holders = vec![0; assets.count()];
        contracts.iter().for_each(|&(_, partner)| holders[partner as usize] += 1);
        Edges { assets, epoch, contracts, children: assets.child_counts(epoch), holders }
    }

    /// Where contracts bite each other's tail, the first by name whose children are done goes first: it serves its
    /// contracts, and those that come back to it find it sealed.
    fn sort(mut self, by_name: &[u32], place: &[u32]) -> Vec<u32> {
        let count = by_name.len();
        let mut done = vec![false; count];
        let mut sealing: Vec<u32> = by_name.iter().copied().filter(|&handle| self.is_free(handle)).collect();
        sealing.iter().for_each(|&handle| done[handle as usize] = true);
        let waits =
            |edges: &Edges, handle: u32| edges.children[handle as usize] == 0 && edges.holders[handle as usize] > 0;
        let mut waiting: BinaryHeap<Reverse<u32>> = by_name
            .iter()
            .filter(|&&handle| waits(&self, handle))
            .map(|&handle| Reverse(place[handle as usize]))
            .collect();
        let (mut at, mut freed) = (0, Vec::new());
        while sealing.len() < count || at < sealing.len() {
            if at == sealing.len() {
                let Reverse(first) =
                    waiting.pop().expect("balance groups have no cycle: somebody's children are all done");
                let handle = by_name[first as usize];
                if done[handle as usize] {
                    continue;
                }
                done[handle as usize] = true;
                sealing.push(handle);
            }
            self.release(sealing[at], &mut freed);
            at += 1;
            for handle in freed.drain(..) {
                if done[handle as usize] {
                    continue;
                }
                if self.is_free(handle) {
                    done[handle as usize] = true;
                    sealing.push(handle);
                } else if waits(&self, handle) {
                    waiting.push(Reverse(place[handle as usize]));
                }
            }
        }
        sealing
    }

    fn is_free(&self, handle: u32) -> bool {
        self.children[handle as usize] == 0 && self.holders[handle as usize] == 0
    }

    /// Takes an asset out of the way of those after it.
    fn release(&mut self, handle: u32, freed: &mut Vec<u32>) {
        if let Some((from, to)) = self.assets.upstream_in(handle, self.epoch) {
            self.children[from as usize] -= 1;
            freed.push(from);
            if to != from {
                self.children[to as usize] -= 1;
                freed.push(to);
            }
        }
        let start = self.contracts.partition_point(|&(holder, _)| holder < handle);
        for &(_, partner) in self.contracts[start..].iter().take_while(|&&(holder, _)| holder == handle) {
            self.holders[partner as usize] -= 1;
            freed.push(partner);
        }
    }
}
