//! The laws of terms over time: each epoch has those of its own time, and what is taken back never was.

use joulebus_market::contract::{Direction, Status, Terms};
use joulebus_market::contracting::Draft;
use joulebus_market::grouping::AssetChange;
use joulebus_market::market::{Market, ROOT_NAME};
use joulebus_market::metered::Register;
use joulebus_market::signer::Signer;
use proptest::prelude::*;

const EPOCH: i64 = 1_963_000;
const EPOCHS: i64 = 6;
const IDS: [&str; 3] = ["a", "b", "c"];

/// Contract, what is changed, to what, and from which epoch on.
type Change = (usize, u8, u64, Option<i64>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((0usize..3, 0u8..6, 0u64..3, prop::option::of(EPOCH..EPOCH + EPOCHS)), 0..12)
}

fn terms(place: i64) -> Terms {
    Terms {
        priority: Some(place),
        epoch_wh_max: Some(100),
        total_wh_max: None,
        load_watts_min: None,
        load_watts_max: None,
        from_epoch: None,
        until_epoch: None,
        status: Status::Active,
    }
}

/// A seller who has 250 Wh in each epoch, and three contracts.
fn market() -> Market {
    let mut market = Market::new("terms", 3600, ROOT_NAME).expect("a market");
    let rule = Some((None, Some("seller")));
    market.upsert_asset("roof", AssetChange { rule, ..AssetChange::default() }).expect("a meter");
    for (id, place) in IDS.into_iter().zip(0..) {
        let draft =
            Draft { id: Some(id), holder: "seller", partner: id, direction: Direction::To, terms: terms(place) };
        market.add_contract(&draft).expect("a contract");
    }
    for epoch in EPOCH..EPOCH + EPOCHS {
        market.add_settlement("roof", epoch, 250, Register::Rule, 0, None).expect("a booking");
    }
    market
}

/// The ids in their new order.
fn order(ids: &[&str], first: usize) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
    ids.rotate_left(first);
    ids
}

fn make(market: &mut Market, &(contract, what, number, since): &Change) {
    let id = IDS[contract];
    match what {
        0 => drop(market.change_terms(id, since, |terms| terms.epoch_wh_max = Some(number * 60)).expect("a change")),
        1 => drop(market.change_terms(id, since, |terms| terms.status = status(number)).expect("a change")),
        2 => drop(market.change_terms(id, since, |terms| terms.priority = None).expect("a change")),
        3 => drop(market.change_terms(id, since, |terms| terms.priority = Some(number as i64)).expect("a change")),
        4 => drop(market.end_contract(id, EPOCH + 1 + number as i64).expect("an end")),
        _ => market.set_merit_order("seller", &order(&IDS, contract), since).expect("an order"),
    }
}

fn status(number: u64) -> Status {
    [Status::Active, Status::Inactive, Status::Ended][number as usize]
}

/// A market for each epoch that knows one time only: a change is made in it when it holds there.
fn reference(epoch: i64, changes: &[Change]) -> Market {
    let mut market = market();
    for &(contract, what, number, since) in changes {
        if what == 4 || since.is_none_or(|since| since <= epoch) {
            make(&mut market, &(contract, what, number, None));
        }
    }
    market
}

/// Contract and energy of what a seal would book.
fn proposed(market: &Market, epoch: i64) -> Vec<(u32, u64)> {
    let seller = market.assets().find("seller").expect("an asset");
    market.proposed(seller, epoch).iter().map(|posting| (posting.contract, posting.wh)).collect()
}

fn is_canonical(market: &Market) -> bool {
    market.contracts().iter().all(|contract| {
        let all: Vec<&Terms> = contract.all_terms().collect();
        contract.past.is_sorted_by(|one, other| one.0 < other.0) && all.windows(2).all(|pair| pair[0] != pair[1])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_epoch_has_the_terms_of_its_own_time(changes in changes()) {
        let mut market = market();
        changes.iter().for_each(|change| make(&mut market, change));
        prop_assert!(is_canonical(&market));
        let restored = Market::restore(&market.snapshot().expect("a snapshot")).expect("a market");
        for epoch in EPOCH - 1..=EPOCH + EPOCHS {
            let one = reference(epoch, &changes);
            for contract in 0..3 {
                let here = market.contracts().get(contract).terms_in(epoch);
                prop_assert_eq!(here, &one.contracts().get(contract).terms);
                prop_assert_eq!(here, restored.contracts().get(contract).terms_in(epoch));
            }
            prop_assert_eq!(market.merit_order(1, Some(epoch)), one.merit_order(1, None));
            prop_assert_eq!(proposed(&market, epoch), proposed(&one, epoch));
        }
    }

    #[test]
    fn a_change_from_an_epoch_on_leaves_what_was_open_before_as_it_was(changes in changes()) {
        let signer = Signer::new(&[3; 32]).expect("a key");
        let (mut changed, mut untouched) = (market(), market());
        let later = changes.iter().filter(|change| change.1 != 4);
        later.for_each(|&(contract, what, number, since)| {
            let since = since.map_or(EPOCH + 2, |at| at.max(EPOCH + 2));
            make(&mut changed, &(contract, what, number, Some(since)));
        });
        for epoch in [EPOCH, EPOCH + 1] {
            let blobs = [&mut changed, &mut untouched].map(|market| {
                market.seal_epoch(epoch, &signer).expect("a seal").batch.expect("a batch").blob
            });
            prop_assert_eq!(&blobs[0], &blobs[1]);
        }
    }

    #[test]
    fn terms_that_are_taken_back_never_were(before in changes(), after in changes()) {
        let mut market = market();
        before.iter().for_each(|change| make(&mut market, change));
        let snapshot = market.snapshot().expect("a snapshot");
        market.begin().expect("a transaction");
        after.iter().for_each(|change| make(&mut market, change));
        market.rollback().expect("the end of it");
        prop_assert_eq!(&market.snapshot().expect("a snapshot"), &snapshot);
        let mut restored = Market::restore(&snapshot).expect("a market");
        prop_assert_eq!(&restored.snapshot().expect("a snapshot"), &snapshot);
        after.iter().for_each(|change| [&mut market, &mut restored].into_iter().for_each(|market| make(market, change)));
        prop_assert_eq!(market.snapshot().expect("a snapshot"), restored.snapshot().expect("a snapshot"));
    }

    #[test]
    fn a_move_is_the_order_of_its_epoch_with_one_in_front(changes in changes(), contract in 0usize..3, since in EPOCH..EPOCH + EPOCHS) {
        let (mut moved, mut set) = (market(), market());
        [&mut moved, &mut set].into_iter().for_each(|market| changes.iter().for_each(|change| make(market, change)));
        let order = set.merit_order(1, Some(since));
        let others = order.iter().map(|&handle| IDS[handle as usize]).filter(|&id| id != IDS[contract]);
        let ids: Vec<String> = [IDS[contract]].into_iter().chain(others).map(str::to_owned).collect();
        moved.move_contract(IDS[contract], 0, Some(since)).expect("a move");
        set.set_merit_order("seller", &ids, Some(since)).expect("an order");
        prop_assert_eq!(moved.merit_order(1, Some(since)), set.merit_order(1, Some(since)));
        let after: Vec<String> = moved.merit_order(1, Some(since)).iter().map(|&at| IDS[at as usize].to_owned()).collect();
        prop_assert_eq!(after, ids);
    }
}
