//! A sealing operation: the documents of some assets in an epoch, hashed into one tree, signed once.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};

use crate::document::{Line, Names, SealHead, push_document};
use crate::merkle::{self, Hash};

/// What a sealing operation gives.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What is signed.
    pub head: SealHead,
    /// Its hash.
    pub hash: Hash,
    #[allow(missing_docs)]
    pub public_key: [u8; 32],
    #[allow(missing_docs)]
    pub signature: [u8; 64],
    /// The sealed assets, in the order of their names.
    pub assets: Vec<u32>,
    /// The hash of each one's document.
    pub leaves: Vec<Hash>,
    /// The hash of each one's seal before.
    pub previous: Vec<Hash>,
    /// All of it that must be stored.
    pub blob: Vec<u8>,
}

impl Batch {
    /// The hash of an asset's seal.
    pub fn hash_of(&self, asset: u32, names: &impl Names) -> Option<&Hash> {
        self.index_of(asset, names).map(|index| &self.leaves[index])
    }

    /// The place of an asset among the sealed ones.
    pub fn index_of(&self, asset: u32, names: &impl Names) -> Option<usize> {
        let name = names.name(asset);
        self.assets.binary_search_by(|&other| names.name(other).cmp(name)).ok()
    }
}

/// Puts lines into canonical order: kind, from, to, contract, and then whatever else they say.
pub fn sort_lines(lines: &mut Vec<Line>, names: &impl Names, place: Option<&[u32]>) {
    let Some(place) = place else {
        lines.sort_unstable_by(|left, right| compare_lines(left, right, names));
        return;
    };
    // With known places the sides are one number, and most lines are told apart by it.
    let key = |line: &Line| {
        (line.kind as u64) << 56 | u64::from(place[line.from as usize]) << 28 | u64::from(place[line.to as usize])
    };
    let mut keys: Vec<(u64, u32)> = lines.iter().zip(0..).map(|(line, at)| (key(line), at)).collect();
    keys.sort_unstable_by(|left, right| {
        left.0.cmp(&right.0).then_with(|| rest(&lines[left.1 as usize], &lines[right.1 as usize]))
    });
    *lines = keys.iter().map(|&(_, at)| lines[at as usize]).collect();
}

/// The canonical order of lines.
pub fn compare_lines(left: &Line, right: &Line, names: &impl Names) -> Ordering {
    (left.kind.cmp(&right.kind))
        .then_with(|| names.name(left.from).cmp(names.name(right.from)))
        .then_with(|| names.name(left.to).cmp(names.name(right.to)))
        .then_with(|| rest(left, right))
}

fn rest(left: &Line, right: &Line) -> Ordering {
    let key = |line: &Line| (line.wh, line.co2_mg, line.original_epoch, line.owner_is_to);
    (left.contract.cmp(&right.contract))
        .then_with(|| left.source.cmp(&right.source))
        .then_with(|| key(left).cmp(&key(right)))
}

/// The hashes of the documents of some assets, out of sorted lines that touch them.
pub fn leaves(lines: &[Line], names: &impl Names, (assets, epoch): (&[u32], i64), previous: &[Hash]) -> Vec<Hash> {
    let threads = Threads::new(lines, assets);
    let mut text = Vec::with_capacity(4096);
    let mut leaves = Vec::with_capacity(assets.len());
    for (at, &asset) in assets.iter().enumerate() {
        text.clear();
        let own = threads.of(at).iter().map(|&line| &lines[line as usize]);
        push_document(&mut text, names, (asset, epoch, &previous[at]), own);
        leaves.push(Sha256::digest(&text).into());
    }
    leaves
}

/// The document of one of them.
pub fn document(lines: &[Line], names: &impl Names, asset: u32, epoch: i64, previous: &Hash) -> Vec<u8> {
    let own = lines.iter().filter(|line| line.from == asset || line.to == asset);
    let mut text = Vec::new();
    push_document(&mut text, names, (asset, epoch, previous), own);
    text
}

/// The root of the leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    merkle::root(leaves)
}

/// For each asset the lines that touch it, in their order.
struct Threads {
    starts: Vec<u32>,
    lines: Vec<u32>,
}

/// Not one of the assets.
const ABSENT: u32 = u32::MAX;

impl Threads {
    fn new(lines: &[Line], assets: &[u32]) -> Threads {
        if let [asset] = assets {
            let own = lines.iter().zip(0..).filter(|(line, _)| line.from == *asset || line.to == *asset);
            let lines: Vec<u32> = own.map(|(_, at)| at).collect();
            return Threads { starts: vec![0, lines.len() as u32], lines };
        }
        let mut places = vec![ABSENT; assets.iter().max().map_or(0, |&most| most as usize + 1)];
        assets.iter().zip(0..).for_each(|(&asset, at)| places[asset as usize] = at);
        let place = |asset: u32| places.get(asset as usize).copied().unwrap_or(ABSENT) as usize;
        // Counts, then running sums, then each line goes to its place.
        let mut starts = vec![0u32; assets.len() + 1];
        for line in lines {
            for at in [place(line.from), place(line.to)] {
                if at != ABSENT as usize {
                    starts[at + 1] += 1;
                }
            }
        }
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let mut next = starts.clone();
        let mut threaded = vec![0; starts[assets.len()] as usize];
        for (line, number) in lines.iter().zip(0..) {
            for at in [place(line.from), place(line.to)] {
                if at != ABSENT as usize {
                    threaded[next[at] as usize] = number;
                    next[at] += 1;
                }
            }
        }
        Threads { starts, lines: threaded }
    }

    fn of(&self, at: usize) -> &[u32] {
        &self.lines[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}
