//! How long an epoch takes, booked, balanced and sealed; and a year of 1,000 meters, nothing stored.
//!
//! `cargo run --release --example meters -p joulebus-market [meters] [epochs]`

use std::time::Instant;

use joulebus_market::asset::AssetKind;
use joulebus_market::bulk::Columns;
use joulebus_market::contract::{Direction, Status, Terms};
use joulebus_market::contracting::Draft;
use joulebus_market::market::{Market, ROOT_NAME};
use joulebus_market::signer::Signer;

const FIRST_EPOCH: i64 = 1_963_000;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>().expect("a number"));
    let (meters, epochs) = (arguments.next().unwrap_or(1_000_000), arguments.next().unwrap_or(3));
    let (groups, contracts) = (meters / 100, meters / 10);
    let mut market = market(meters, groups, contracts);
    let signer = Signer::new(&[7; 32]).expect("a key");
    let handles: Vec<i64> = (0..meters).map(|meter| i64::from(handle(&market, &format!("meter{meter:07}")))).collect();
    let (mut bytes, mut book, mut seal) = (0, 0.0, 0.0);
    for epoch in FIRST_EPOCH..FIRST_EPOCH + epochs as i64 {
        let wh: Vec<i64> = (0..meters as i64).map(|meter| (meter * 7919 + epoch * 104_729) % 997 - 300).collect();
        let begun = Instant::now();
        let columns = Columns { epochs: &[epoch], meters: &handles, wh: &wh, co2_mg: None, source: None };
        market.add_settlements(columns).expect("a booking");
        let booked = begun.elapsed().as_secs_f64();
        let sealed = market.seal_epoch(epoch, &signer).expect("a seal");
        bytes += sealed.batch.expect("a batch").blob.len();
        (book, seal) = (book + booked, seal + begun.elapsed().as_secs_f64() - booked);
        if epoch == FIRST_EPOCH {
            println!(
                "first epoch: booked in {booked:.3} s, balanced and sealed in {seal:.3} s (with the order of sealing)"
            );
        }
    }
    let (each, one) = ((book + seal) / epochs as f64, 1e6 / (epochs * meters) as f64);
    println!("{meters} meters, {groups} groups, {contracts} contracts: {each:.3} s an epoch");
    println!(
        "booking {:.3} us, sealing {:.3} us a meter; {} bytes of blob an epoch",
        book * one,
        seal * one,
        bytes / epochs
    );
    println!("a year of such epochs: {:.1} s", each * 35_040.0);
}

fn handle(market: &Market, name: &str) -> u32 {
    market.assets().find(name).expect("an asset")
}

fn market(meters: usize, groups: usize, contracts: usize) -> Market {
    let mut market = Market::new("bench", 900, ROOT_NAME).expect("a market");
    let group = |number: usize| format!("group{:05}", number % groups);
    let names: Vec<String> = (0..groups).map(group).collect();
    let nobody = vec![None; groups];
    market.upsert_assets(AssetKind::Balance, &names, &nobody, &nobody).expect("groups");
    let names: Vec<String> = (0..meters).map(|meter| format!("meter{meter:07}")).collect();
    let sides: Vec<Option<String>> = (0..meters).map(|meter| Some(group(meter * groups / meters))).collect();
    market.upsert_assets(AssetKind::Meter, &names, &sides, &vec![None; meters]).expect("meters");
    for number in 0..contracts {
        let direction = if number % 2 == 0 { Direction::From } else { Direction::To };
        let terms = Terms {
            priority: Some((number / groups) as i64),
            epoch_wh_max: Some(500 + number as u64 % 1000),
            total_wh_max: None,
            load_watts_min: None,
            load_watts_max: None,
            from_epoch: None,
            until_epoch: None,
            status: Status::Active,
        };
        let (holder, partner) = (group(number), group(number * 31 + 17));
        if holder != partner {
            let draft = Draft { id: None, holder: &holder, partner: &partner, direction, terms };
            market.add_contract(&draft).expect("a contract");
        }
    }
    market
}
