//! Shares of a whole by the largest remainder: they sum to the whole, ties go to the earlier.

/// Splits `whole` in proportion to the weights. If all weights are 0, nothing is split (callers then have nothing to split).
pub fn shares(whole: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let product = |weight: u64| u128::from(whole) * u128::from(weight);
    let mut shares: Vec<u64> = weights.iter().map(|&weight| (product(weight) / sum) as u64).collect();
    let missing = (whole - shares.iter().sum::<u64>()) as usize;
    if missing > 0 {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&index| (std::cmp::Reverse(product(weights[index]) % sum), index));
        order[..missing].iter().for_each(|&index| shares[index] += 1);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_the_whole_and_ties_go_to_the_earlier() {
        assert_eq!(shares(11, &[1, 1, 1]), [4, 4, 3]);
        assert_eq!(shares(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(shares(1000, &[45, 60, 60, 15]), [250, 334, 333, 83]);
        assert_eq!(shares(5, &[0, 0]), [0, 0]);
    }
}
