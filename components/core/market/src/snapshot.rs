//! All of a market's memory as bytes, with a hash at the end that tells damage: equal markets are equal bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::asset::{Asset, AssetKind, KINDS, Rule, Standing};
use crate::book::Book;
use crate::contract::{Contract, Direction, Status, Terms};
use crate::error::{Result, refuse};
use crate::market::Market;
use crate::metered::{Late, ReadingChain, ReadingKey, Register, Value};
use crate::money::{Money, Tariff, TariffRun};
use crate::posting::{Kind, Posting};
use crate::state::Counters;
use crate::wire::{Reader, Writer};

/// By form. The first, of versions before 0.2: a label for each epoch, and rules that always held. The second: terms that always held.
const MARKS: [&[u8; 4]; 3] = [b"JBK1", b"JBK2", MARK];
const MARK: &[u8; 4] = b"JBK3";
const WHAT: &str = "a market's snapshot";

impl Market {
    /// All of the market's memory.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        if self.in_transaction() {
            return refuse(
                "transaction",
                "a snapshot is of what is committed: commit the transaction or roll it back first",
            );
        }
        let mut out = Writer { bytes: MARK.to_vec() };
        out.text(&self.state.name);
        out.signed(self.state.calendar.epoch_seconds);
        put_counters(&mut out, &self.state.counters);
        out.list(self.state.assets.iter().zip(&self.state.assets.heads), put_asset);
        out.list(self.state.contracts.iter(), put_contract);
        out.list(self.state.books.iter(), |out, (&epoch, book)| put_book(out, epoch, book));
        out.list(self.state.closed.iter(), |out, (&start, &end)| {
            out.signed(start);
            out.signed(end);
        });
        out.list(self.state.lates.values(), |out, late| {
            out.unsigned(late.number);
            put_value(out, &late.value);
        });
        out.list(self.state.readings.iter(), put_reading);
        put_money(&mut out, &self.state.money);
        out.list(self.state.assets.past(), |out, (&(handle, until), standing)| {
            put_handle(out, handle);
            out.signed(until);
            out.option(standing.rule.from, put_handle);
            out.option(standing.rule.to, put_handle);
            out.list(standing.members.iter(), |out, &member| put_handle(out, member));
        });
        let hash = Sha256::digest(&out.bytes).into();
        out.hash(&hash);
        Ok(out.bytes)
    }

    /// A market as it was when the snapshot was taken.
    pub fn restore(snapshot: &[u8]) -> Result<Market> {
        let damage =
            || refuse("damage", format!("{WHAT} begins with JBK3 and ends with its own sha256; this one is damaged"));
        let Some((bytes, hash)) = snapshot.split_last_chunk::<32>() else { return damage() };
        let Some(form) = MARKS.iter().position(|&mark| bytes.starts_with(mark)) else { return damage() };
        let (is_first, has_past_terms, body) = (form == 0, form == 2, &bytes[MARK.len()..]);
        if *hash != <[u8; 32]>::from(Sha256::digest(bytes)) {
            return damage();
        }
        let mut input = Reader::new(body, WHAT);
        let (name, epoch_seconds) = (input.text()?, input.signed()?);
        let counters = take_counters(&mut input)?;
        let assets = input.list(take_asset)?;
        let Some(((root, _), _)) = assets.split_first() else { return damage() };
        let mut market = Market::new(name, epoch_seconds, &root.name)?;
        market.state.counters = counters;
        market.restore_assets(assets);
        for (contract, delivered_wh) in input.list(|input| take_contract(input, has_past_terms))? {
            let handle = market.state.contracts.push(contract);
            market.state.contracts.set_delivered(handle, delivered_wh);
        }
        market.state.books = input.list(take_book)?.into_iter().collect();
        market.state.closed = input.list(|input| Ok((input.signed()?, input.signed()?)))?.into_iter().collect();
        let lates = input.list(|input| Ok(Late { number: input.unsigned()?, value: take_value(input)? }))?;
        market.state.lates = lates.into_iter().map(|late| (late.number, late)).collect();
        market.state.readings = input.list(take_reading)?.into_iter().collect();
        market.state.money = take_money(&mut input, is_first)?;
        if !is_first {
            for (handle, until, standing) in input.list(take_past)? {
                if handle as usize >= market.state.assets.count() {
                    return damage();
                }
                market.state.assets.put_past(handle, until, Some(standing));
            }
        }
        input.finish()?;
        Ok(market)
    }

    fn restore_assets(&mut self, assets: Vec<(Asset, [u8; 32])>) {
        self.state.assets.pop();
        // Names first: a rule may name an asset that came later.
        for (asset, head) in &assets {
            let handle = self.state.assets.push(Asset { rule: Rule::default(), ..asset.clone() });
            self.state.assets.heads[handle as usize] = *head;
        }
        for ((asset, _), handle) in assets.into_iter().zip(0..) {
            if asset.rule != Rule::default() {
                self.state.assets.replace(handle, asset);
            }
        }
    }
}

fn put_counters(out: &mut Writer, counters: &Counters) {
    let Counters { revision, contracts_named, late_next, seal_number, head, names_told } = counters;
    [revision, contracts_named, late_next, seal_number, names_told].into_iter().for_each(|&count| out.unsigned(count));
    out.hash(head);
}

fn take_counters(input: &mut Reader) -> Result<Counters> {
    let mut next = || input.unsigned();
    let (revision, contracts_named, late_next, seal_number, names_told) = (next()?, next()?, next()?, next()?, next()?);
    Ok(Counters { revision, contracts_named, late_next, seal_number, names_told, head: input.array()? })
}

fn put_handle(out: &mut Writer, handle: u32) {
    out.unsigned(u64::from(handle));
}

fn put_asset(out: &mut Writer, (asset, head): (&Asset, &[u8; 32])) {
    out.text(&asset.name);
    out.unsigned(asset.kind as u64);
    out.option(asset.rule.from, put_handle);
    out.option(asset.rule.to, put_handle);
    out.list(asset.members.iter(), |out, &member| put_handle(out, member));
    out.option(asset.metadata.as_deref(), Writer::text);
    out.hash(head);
}

fn take_asset(input: &mut Reader) -> Result<(Asset, [u8; 32])> {
    let name = Arc::from(input.text()?);
    let kind: AssetKind = match KINDS.get(input.unsigned()? as usize) {
        Some(&(_, kind)) => kind,
        None => return input.damage(),
    };
    let rule = Rule { from: input.option(Reader::number)?, to: input.option(Reader::number)? };
    let members = input.list(Reader::number)?.into();
    let metadata = input.option(Reader::text)?.map(Box::from);
    Ok((Asset { name, kind, rule, members, metadata }, input.array()?))
}

fn take_past(input: &mut Reader) -> Result<(u32, i64, Standing)> {
    let (handle, until) = (input.number()?, input.signed()?);
    let rule = Rule { from: input.option(Reader::number)?, to: input.option(Reader::number)? };
    Ok((handle, until, Standing { rule, members: input.list(Reader::number)?.into() }))
}

fn put_contract(out: &mut Writer, contract: &Contract) {
    out.text(&contract.id);
    put_handle(out, contract.holder);
    put_handle(out, contract.partner);
    out.unsigned(contract.direction as u64);
    put_terms(out, &contract.terms);
    out.unsigned(contract.delivered_wh);
    out.list(contract.past.iter(), |out, (until, terms)| {
        out.signed(*until);
        put_terms(out, terms);
    });
}

fn put_terms(out: &mut Writer, terms: &Terms) {
    let Terms { priority, epoch_wh_max, total_wh_max, load_watts_min, load_watts_max, from_epoch, until_epoch, status } =
        *terms;
    [priority, from_epoch, until_epoch].into_iter().for_each(|value| out.option(value, Writer::signed));
    let limits = [epoch_wh_max, total_wh_max, load_watts_min, load_watts_max];
    limits.into_iter().for_each(|value| out.option(value, Writer::unsigned));
    out.unsigned(status as u64);
}

fn take_contract(input: &mut Reader, has_past: bool) -> Result<(Contract, u64)> {
    let id = Arc::from(input.text()?);
    let (holder, partner) = (input.number()?, input.number()?);
    let direction = if input.flag()? { Direction::From } else { Direction::To };
    let (terms, delivered_wh) = (take_terms(input)?, input.unsigned()?);
    let past = if has_past { input.list(|input| Ok((input.signed()?, take_terms(input)?)))? } else { Vec::new() };
    Ok((Contract { id, holder, partner, direction, terms, past, delivered_wh: 0 }, delivered_wh))
}

fn take_terms(input: &mut Reader) -> Result<Terms> {
    let (priority, from_epoch) = (input.option(Reader::signed)?, input.option(Reader::signed)?);
    let until_epoch = input.option(Reader::signed)?;
    let mut limit = || input.option(Reader::unsigned);
    let (epoch_wh_max, total_wh_max, load_watts_min, load_watts_max) = (limit()?, limit()?, limit()?, limit()?);
    let status = match input.unsigned()? {
        0 => Status::Active,
        1 => Status::Inactive,
        2 => Status::Ended,
        _ => return input.damage(),
    };
    Ok(Terms { priority, epoch_wh_max, total_wh_max, load_watts_min, load_watts_max, from_epoch, until_epoch, status })
}

fn put_book(out: &mut Writer, epoch: i64, book: &Book) {
    out.signed(epoch);
    out.list(book.postings(), |out, posting| {
        let Posting { from, to, contract, .. } = *posting;
        [from, to, contract].into_iter().for_each(|handle| put_handle(out, handle));
        out.unsigned(posting.kind as u64 * 2 + u64::from(posting.owner_is_to));
        out.unsigned(posting.wh);
        out.unsigned(posting.co2_mg);
        out.signed(posting.original_epoch);
        out.option(posting.source.as_deref(), Writer::text);
    });
    out.list(book.seals().iter(), |out, (asset, hash)| {
        put_handle(out, *asset);
        out.hash(hash);
    });
}

fn take_book(input: &mut Reader) -> Result<(i64, Book)> {
    let epoch = input.signed()?;
    let mut book = Book::default();
    for _ in 0..input.count()? {
        let (from, to, contract) = (input.number()?, input.number()?, input.number()?);
        let code = input.unsigned()?;
        let (wh, co2_mg, original_epoch) = (input.unsigned()?, input.unsigned()?, input.signed()?);
        let source = input.option(Reader::text)?.map(Arc::from);
        let kind = Kind::of(code / 2)?;
        book.push(Posting { from, to, wh, co2_mg, contract, kind, owner_is_to: code % 2 == 1, source, original_epoch });
    }
    for (asset, hash) in input.list(|input| Ok((input.number()?, input.array()?)))? {
        book.push_seal(asset, hash);
    }
    Ok((epoch, book))
}

fn put_value(out: &mut Writer, value: &Value) {
    put_handle(out, value.meter);
    [value.epoch, value.wh, value.original_epoch].into_iter().for_each(|number| out.signed(number));
    out.unsigned(value.register as u64);
    out.unsigned(value.co2_mg);
    out.option(value.source.as_deref(), Writer::text);
}

fn take_value(input: &mut Reader) -> Result<Value> {
    let meter = input.number()?;
    let (epoch, wh, original_epoch) = (input.signed()?, input.signed()?, input.signed()?);
    let (register, co2_mg) = (take_register(input)?, input.unsigned()?);
    let source = input.option(Reader::text)?.map(Arc::from);
    Ok(Value { meter, epoch, wh, register, co2_mg, source, original_epoch })
}

fn take_register(input: &mut Reader) -> Result<Register> {
    match input.unsigned()? {
        0 => Ok(Register::Rule),
        1 => Ok(Register::Import),
        2 => Ok(Register::Export),
        _ => input.damage(),
    }
}

fn put_reading(out: &mut Writer, (&(meter, register), chain): (&ReadingKey, &ReadingChain)) {
    put_handle(out, meter);
    out.unsigned(register as u64);
    out.signed(chain.time_milliseconds);
    out.unsigned(chain.reading_wh);
    out.option(chain.last, |out, (time, wh)| {
        out.signed(time);
        out.unsigned(wh);
    });
}

fn take_reading(input: &mut Reader) -> Result<(ReadingKey, ReadingChain)> {
    let key = (input.number()?, take_register(input)?);
    let (time_milliseconds, reading_wh) = (input.signed()?, input.unsigned()?);
    let last = input.option(|input| Ok((input.signed()?, input.unsigned()?)))?;
    Ok((key, ReadingChain { time_milliseconds, reading_wh, last }))
}

fn put_money(out: &mut Writer, money: &Money) {
    out.list(money.runs.iter(), |out, (&first, (end, tariff))| {
        out.signed(first);
        out.signed(*end);
        out.text(&tariff.label);
        out.signed(tariff.co2_grams_per_kwh);
    });
    out.list(money.prices.iter(), |out, (label, prices)| {
        out.text(label);
        out.list(prices.iter(), |out, (&epoch, &price)| {
            out.signed(epoch);
            out.signed(price);
        });
    });
    out.list(money.valued.iter(), |out, (label, &epoch)| {
        out.text(label);
        out.signed(epoch);
    });
}

fn take_money(input: &mut Reader, is_first: bool) -> Result<Money> {
    let runs = input.list(|input| {
        let first = input.signed()?;
        let end = if is_first { first + 1 } else { input.signed()? };
        let label = Arc::from(input.text()?);
        Ok((first, (end, Tariff { label, co2_grams_per_kwh: input.signed()? })))
    })?;
    let prices = input.list(|input| {
        let label: Arc<str> = Arc::from(input.text()?);
        let prices = input.list(|input| Ok((input.signed()?, input.signed()?)))?;
        Ok((label, prices.into_iter().collect()))
    })?;
    let valued = input.list(|input| Ok((Arc::from(input.text()?), input.signed()?)))?;
    Ok(Money { runs: joined(runs), prices: prices.into_iter().collect(), valued: valued.into_iter().collect() })
}

/// Neighbours that say the same as one run.
fn joined(runs: Vec<(i64, TariffRun)>) -> BTreeMap<i64, TariffRun> {
    let mut all: Vec<(i64, TariffRun)> = Vec::with_capacity(runs.len());
    for (first, (end, tariff)) in runs {
        match all.last_mut() {
            Some((_, last)) if last.0 == first && last.1 == tariff => last.0 = end,
            _ => all.push((first, (end, tariff))),
        }
    }
    all.into_iter().collect()
}
