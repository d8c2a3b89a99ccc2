//! A sealing operation: the documents of some assets in an epoch, hashed into one tree, signed once.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};

use crate::document::{Line, Lines, Names, SealHead, push_document};
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

/// The numbers of lines in their canonical order: kind, from, to, contract, and then all other fields.
pub fn sorted(lines: &impl Lines, mut numbers: Vec<u32>, names: &impl Names) -> Vec<u32> {
    numbers.sort_unstable_by(|&left, &right| compare_lines(&lines.line(left), &lines.line(right), names));
    numbers
}

/// The same when the places of names are known: the two sides form one number, which distinguishes most lines.
pub fn sorted_by_place(lines: &impl Lines, numbers: impl Iterator<Item = u32>, place: &[u32]) -> Vec<u32> {
    let key = |number: u32| {
        let line = lines.line(number);
        let (from, to) = (place[line.from as usize], place[line.to as usize]);
        ((line.kind as u64) << 56 | u64::from(from) << 28 | u64::from(to), number)
    };
    let mut keys: Vec<(u64, u32)> = numbers.map(key).collect();
    keys.sort_unstable_by(|left, right| {
        left.0.cmp(&right.0).then_with(|| rest(&lines.line(left.1), &lines.line(right.1)))
    });
    keys.into_iter().map(|(_, number)| number).collect()
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
pub fn leaves(
    (lines, order): (&impl Lines, &[u32]),
    names: &impl Names,
    (assets, epoch): (&[u32], i64),
    previous: &[Hash],
) -> Vec<Hash> {
    let threads = Threads::new(lines, order, assets);
    let mut text = Vec::with_capacity(4096);
    let mut leaves = Vec::with_capacity(assets.len());
    for (at, &asset) in assets.iter().enumerate() {
        text.clear();
        let own = threads.of(at).iter().map(|&number| lines.line(number));
        push_document(&mut text, names, (asset, epoch, &previous[at]), own);
        leaves.push(Sha256::digest(&text).into());
    }
    leaves
}

/// The document of one of them.
pub fn document(
    (lines, order): (&impl Lines, &[u32]),
    names: &impl Names,
    (asset, epoch): (u32, i64),
    previous: &Hash,
) -> Vec<u8> {
    let all = order.iter().map(|&number| lines.line(number));
    let own = all.filter(|line| line.from == asset || line.to == asset);
    let mut text = Vec::new();
    push_document(&mut text, names, (asset, epoch, previous), own);
    text
}

/// The root of the leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    merkle::root(leaves)
}

/// For each asset the numbers of the lines that touch it, in their order.
struct Threads {
    starts: Vec<u32>,
    lines: Vec<u32>,
}

/// Not one of the assets.
const ABSENT: u32 = u32::MAX;

impl Threads {
    fn new(lines: &impl Lines, order: &[u32], assets: &[u32]) -> Threads {
        if let [asset] = assets {
            let touches = |&number: &u32| {
                let (from, to) = lines.sides(number);
                from == *asset || to == *asset
            };
            let own: Vec<u32> = order.iter().copied().filter(touches).collect();
            return Threads { starts: vec![0, own.len() as u32], lines: own };
        }
        let mut places = vec![ABSENT; assets.iter().max().map_or(0, |&most| most as usize + 1)];
        assets.iter().zip(0..).for_each(|(&asset, at)| places[asset as usize] = at);
        let places_of = |number: u32| {
            let place = |asset: u32| places.get(asset as usize).copied().filter(|&place| place != ABSENT);
            let (from, to) = lines.sides(number);
            [place(from), place(to)].into_iter().flatten()
        };
        // Counts, then running sums, then each line goes to its place.
        let mut starts = vec![0u32; assets.len() + 1];
        order.iter().flat_map(|&number| places_of(number)).for_each(|at| starts[at as usize + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let mut next = starts.clone();
        let mut threaded = vec![0; starts[assets.len()] as usize];
        for &number in order {
            for at in places_of(number) {
                threaded[next[at as usize] as usize] = number;
                next[at as usize] += 1;
            }
        }
        Threads { starts, lines: threaded }
    }

    fn of(&self, at: usize) -> &[u32] {
        &self.lines[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}
