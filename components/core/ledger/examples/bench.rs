//! The home of 20 devices at ticks of a second: how long a day and a year take.
//!
//! `cargo run --release --example bench [days] [window]`

use std::time::Instant;

use joulebus_ledger::ledger::Ledger;

#[path = "common/home.rs"]
mod home;

use home::{DAY, carry};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<i64>().expect("a number"));
    let (days, window) = (arguments.next().unwrap_or(10), arguments.next().unwrap_or(DAY));
    let mut ledger = Ledger::new("bench", 1_767_225_600, 1).expect("a home");
    let (mut offers, mut bytes, mut seconds) = (home::offers(0, window), 0, 0.0);
    while ledger.books().next_tick < days * DAY {
        let start = ledger.books().next_tick;
        let begun = Instant::now();
        let settlement = ledger.settle(start, window, &offers).expect("a settlement");
        seconds += begun.elapsed().as_secs_f64();
        bytes += settlement.columns.len();
        offers = home::offers(start + window, window);
        for (name, outcome) in &settlement.outcomes {
            carry(offers.get_mut(name).expect("the same devices"), outcome);
        }
    }
    let day = seconds / days as f64;
    println!("{days} days in windows of {window}: {:.2} ms a day, {:.2} s a year", day * 1e3, day * 365.0);
    println!("{} kB of columns a day, head {:02x?}", bytes as i64 / days / 1000, &ledger.books().head[..4]);
}
