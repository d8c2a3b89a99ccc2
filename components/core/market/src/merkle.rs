//! A tree of hashes over the seals of one sealing operation: one signature proves each of them.
//!
//! A node is sha256(0x01, left, right). What is left over at the end of a level goes up as it is.

use sha2::{Digest, Sha256};

use crate::asset::NO_HASH;

/// A hash.
pub type Hash = [u8; 32];

/// The root of some leaves; of none, zeros.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        raise(&mut level);
    }
    level.first().copied().unwrap_or(NO_HASH)
}

/// The hashes that lead from a leaf to the root.
pub fn path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    let (mut level, mut at, mut path) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        path.extend(level.get(at ^ 1));
        raise(&mut level);
        at /= 2;
    }
    path
}

/// The root to which a path leads, if it is as long as it must be.
pub fn climb(leaf: Hash, index: usize, count: usize, path: &[Hash]) -> Option<Hash> {
    let (mut hash, mut at, mut width, mut path) = (leaf, index, count, path.iter());
    if index >= count {
        return None;
    }
    while width > 1 {
        if at ^ 1 < width {
            let other = path.next()?;
            hash = if at & 1 == 1 { node(other, &hash) } else { node(&hash, other) };
        }
        (at, width) = (at / 2, width.div_ceil(2));
    }
    if path.next().is_none() { Some(hash) } else { None }
}

fn raise(level: &mut Vec<Hash>) {
    let count = level.len();
    for at in 0..count.div_ceil(2) {
        level[at] = if 2 * at + 1 < count { node(&level[2 * at], &level[2 * at + 1]) } else { level[2 * at] };
    }
    level.truncate(count.div_ceil(2));
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_of_every_width_climbs_to_the_root_and_no_other() {
        for count in 1..40usize {
            let leaves: Vec<Hash> = (0..count).map(|at| [at as u8; 32]).collect();
            for index in 0..count {
                let path = path(&leaves, index);
                assert_eq!(climb(leaves[index], index, count, &path), Some(root(&leaves)));
                assert_ne!(climb([99; 32], index, count, &path), Some(root(&leaves)));
                assert_eq!(climb(leaves[index], count, count, &path), None);
            }
        }
    }
}
