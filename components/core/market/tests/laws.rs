//! The laws on random markets: zero sum, groups that close, contracts that leave the upstream alone, spreads, replay, rollback.

use joulebus_market::asset::{AssetKind, ROOT};
use joulebus_market::blob;
use joulebus_market::contract::{Direction, Status, Terms};
use joulebus_market::contracting::Draft;
use joulebus_market::document::Line;
use joulebus_market::grouping::AssetChange;
use joulebus_market::market::{Market, ROOT_NAME};
use joulebus_market::metered::Register;
use joulebus_market::share::shares;
use joulebus_market::signer::Signer;
use joulebus_market::time::Calendar;
use proptest::prelude::*;

const EPOCH: i64 = 1_963_000;

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { cases: count, failure_persistence: None, ..ProptestConfig::default() }
}

/// A group, a meter below it, and what it metered.
type Metered = (usize, i64, u64);
/// Holder, partner, delivers, most Wh.
type Ppa = (usize, usize, bool, u64);

fn metered() -> impl Strategy<Value = Vec<Metered>> {
    prop::collection::vec((0usize..6, -900i64..900, 0u64..90_000), 0..24)
}

fn ppas() -> impl Strategy<Value = Vec<Ppa>> {
    prop::collection::vec((0usize..6, 0usize..6, any::<bool>(), 0u64..600), 0..10)
}

/// Six groups; the upper ones stand below the root, or all below one group `up`.
fn market(is_flat: bool, ppas: &[Ppa]) -> Market {
    let mut market = Market::new("laws", 3600, ROOT_NAME).expect("a market");
    for group in 0..6usize {
        let above = if is_flat || group == 0 { "up".to_owned() } else { format!("group{}", group / 2) };
        let rule = Some((Some(above.as_str()), Some(above.as_str())));
        let change = AssetChange { rule, ..AssetChange::default() };
        market.upsert_asset(&format!("group{group}"), change).expect("a group");
    }
    for (number, &(holder, partner, delivers, most)) in ppas.iter().enumerate() {
        let terms = Terms {
            priority: Some(number as i64 % 3),
            epoch_wh_max: Some(most),
            total_wh_max: None,
            load_watts_min: None,
            load_watts_max: None,
            from_epoch: None,
            until_epoch: None,
            status: Status::Active,
        };
        let (holder, partner) = (format!("group{holder}"), format!("group{partner}"));
        let direction = if delivers { Direction::To } else { Direction::From };
        let draft = Draft { id: None, holder: &holder, partner: &partner, direction, terms };
        // A contract with oneself is refused, and that is fine here.
        let _ = market.add_contract(&draft);
    }
    market
}

fn book(market: &mut Market, metered: &[Metered]) {
    for (number, &(group, wh, co2_mg)) in metered.iter().enumerate() {
        let (meter, above) = (format!("meter{number}"), format!("group{group}"));
        let rule = Some((Some(above.as_str()), None));
        let kind = Some(AssetKind::Meter);
        market.upsert_asset(&meter, AssetChange { kind, rule, ..AssetChange::default() }).expect("a meter");
        market.add_settlement(&meter, EPOCH, wh, Register::Rule, co2_mg, None).expect("a booking");
    }
}

fn signer() -> Signer {
    Signer::new(&[3; 32]).expect("a key")
}

fn sealed(market: &mut Market) -> Vec<u8> {
    let sealing = market.seal_epoch(EPOCH, &signer()).expect("a seal");
    assert!(sealing.closed && sealing.refused.is_empty());
    sealing.batch.expect("a batch").blob
}

/// In minus out; metered values of its own apart.
fn nets(lines: &[Line], asset: u32) -> (i64, i64) {
    let (mut all, mut own) = (0, 0);
    for line in lines {
        let wh = line.wh as i64 * (i64::from(line.to == asset) - i64::from(line.from == asset));
        let owner = if line.owner_is_to { line.to } else { line.from };
        all += wh;
        own += if line.kind.is_metered() && owner == asset { wh } else { 0 };
    }
    (all, own)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn all_assets_sum_to_zero_and_whoever_is_sealed_nets_what_he_metered(metered in metered(), ppas in ppas(), is_flat: bool) {
        let mut market = market(is_flat, &ppas);
        book(&mut market, &metered);
        let bytes = sealed(&mut market);
        let (_, lines) = blob::decode(&bytes).expect("a blob");
        let mut sum = 0;
        for asset in 0..market.assets().count() as u32 {
            let (all, own) = nets(&lines, asset);
            prop_assert!(asset == ROOT || all == own, "{} nets {} Wh", market.assets().name(asset), all - own);
            sum += all;
        }
        prop_assert_eq!(sum, 0);
        prop_assert!(lines.iter().all(|line| line.wh > 0));
    }

    #[test]
    fn a_contract_never_moves_the_nets_of_the_upstream(metered in metered(), ppas in ppas()) {
        let (mut with, mut without) = (market(true, &ppas), market(true, &[]));
        let residuals = [&mut with, &mut without].map(|market| {
            book(market, &metered);
            let bytes = sealed(market);
            let (_, lines) = blob::decode(&bytes).expect("a blob");
            // What `up` passes on to the root is what all groups together bring to it.
            nets(&lines, ROOT).0
        });
        prop_assert_eq!(residuals[0], residuals[1]);
    }

    #[test]
    fn contracts_never_move_more_than_the_residual(metered in metered(), ppas in ppas(), is_flat: bool) {
        let mut market = market(is_flat, &ppas);
        book(&mut market, &metered);
        let bytes = sealed(&mut market);
        let (_, lines) = blob::decode(&bytes).expect("a blob");
        for asset in 0..market.assets().count() as u32 {
            let of = |name: &str| {
                let own = lines.iter().filter(|line| (if line.owner_is_to { line.to } else { line.from }) == asset);
                own.filter(|line| line.kind.name() == name).fold((0, 0), |sum, line| (sum.0 + line.wh, sum.1 + line.co2_mg))
            };
            let (residual, contract, counter) = (of("residual"), of("contract"), of("counter"));
            prop_assert!(contract.0 <= residual.0 && contract.1 <= residual.1);
            prop_assert_eq!(contract, counter);
        }
    }

    #[test]
    fn the_same_operations_give_the_same_state_and_what_is_rolled_back_never_was(metered in metered(), ppas in ppas()) {
        let (mut one, mut other) = (market(false, &ppas), market(false, &ppas));
        let before = one.snapshot().expect("a snapshot");
        one.begin().expect("a transaction");
        book(&mut one, &metered);
        sealed(&mut one);
        one.rollback().expect("the end of it");
        prop_assert_eq!(&one.snapshot().expect("a snapshot"), &before);
        book(&mut one, &metered);
        let mut restored = Market::restore(&one.snapshot().expect("a snapshot")).expect("a market");
        book(&mut other, &metered);
        let blob = sealed(&mut one);
        prop_assert_eq!(&sealed(&mut other), &blob);
        prop_assert_eq!(&sealed(&mut restored), &blob);
        prop_assert_eq!(restored.snapshot().expect("a snapshot"), one.snapshot().expect("a snapshot"));
    }

    #[test]
    fn a_spread_sums_to_the_reading_and_is_nowhere_a_watt_hour_off(wh in 0u64..1 << 53, start in 0i64..1 << 40, length in 1i64..1 << 34) {
        let calendar = Calendar::new(900).expect("a calendar");
        let parts = calendar.spread(wh, start, start + length).expect("a spread");
        prop_assert_eq!(parts.iter().map(|&(_, part)| part).sum::<u64>(), wh);
        for &(epoch, part) in &parts {
            let overlap = (start + length).min((epoch + 1) * 900_000) - start.max(epoch * 900_000);
            let exact = u128::from(wh) * overlap as u128;
            let got = u128::from(part) * length as u128;
            prop_assert!(overlap > 0 && got.abs_diff(exact) < length as u128);
        }
    }

    #[test]
    fn shares_sum_to_the_whole_and_are_nowhere_a_unit_off(whole: u64, weights in prop::collection::vec(0u64..1 << 60, 1..40)) {
        let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
        let parts = shares(whole, &weights);
        prop_assert_eq!(parts.iter().map(|&part| u128::from(part)).sum::<u128>(), if sum == 0 { 0 } else { u128::from(whole) });
        for (&part, &weight) in parts.iter().zip(&weights) {
            let exact_low = u128::from(whole) * u128::from(weight) / sum.max(1);
            prop_assert!(u128::from(part) == exact_low || u128::from(part) == exact_low + 1);
        }
    }
}
