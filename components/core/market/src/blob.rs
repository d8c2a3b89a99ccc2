//! A sealing operation as bytes: each posting once, no hashes but the root's; a chain computes the others again.
//!
//! Form: "JBM1", head, key, signature, names not used before, what was sealed, texts, lines, sha256 of all before it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::document::{Line, Lines, SealHead};
use crate::error::{Result, refuse};
use crate::merkle::Hash;
use crate::posting::{Kind, NO_EPOCH};
use crate::wire::{Reader, Writer};

const MARK: &[u8; 4] = b"JBM1";
const WHAT: &str = "a sealed batch";

const OWNER: u64 = 8;
const CO2: u64 = 16;
const SOURCE: u64 = 32;
const CONTRACT: u64 = 64;
const ORIGINAL: u64 = 128;
const AGAIN: u64 = 256;

/// What a blob says beside its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Frame<'a> {
    pub head: SealHead,
    pub public_key: [u8; 32],
    pub signature: [u8; 64],
    /// Handle of the first new name.
    pub names_told: u64,
    pub new_names: Vec<&'a str>,
    /// Handles of the sealed, sorted.
    pub assets: Vec<u32>,
}

/// All of it as bytes; the lines in the order of the numbers.
pub fn encode(frame: &Frame, lines: &impl Lines, order: &[u32]) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes.reserve(400 + order.len() * 8);
    out.bytes.extend_from_slice(MARK);
    put_head(&mut out, &frame.head);
    out.bytes.extend_from_slice(&frame.public_key);
    out.bytes.extend_from_slice(&frame.signature);
    out.unsigned(frame.names_told);
    out.list(frame.new_names.iter(), |out, name| out.text(name));
    put_assets(&mut out, &frame.assets, frame.names_told + frame.new_names.len() as u64);
    put_lines(&mut out, lines, order);
    let hash: Hash = Sha256::digest(&out.bytes).into();
    out.hash(&hash);
    out.bytes
}

/// Bytes as frame and sorted lines, checked against their hash only.
pub fn decode(blob: &[u8]) -> Result<(Frame<'_>, Vec<Line<'_>>)> {
    let damage =
        || refuse("damage", format!("{WHAT} is not as it was written: its bytes are damaged or of another version"));
    let Some((bytes, hash)) = blob.split_last_chunk::<32>() else { return damage() };
    let Some(body) = bytes.strip_prefix(MARK) else { return damage() };
    if *hash != <Hash>::from(Sha256::digest(bytes)) {
        return damage();
    }
    let mut input = Reader::new(body, WHAT);
    let head = take_head(&mut input)?;
    let (public_key, signature, names_told) = (input.array()?, input.array()?, input.unsigned()?);
    let new_names = input.list(Reader::text)?;
    let assets = take_assets(&mut input, names_told.saturating_add(new_names.len() as u64))?;
    let lines = take_lines(&mut input)?;
    input.finish()?;
    Ok((Frame { head, public_key, signature, names_told, new_names, assets }, lines))
}

fn put_head(out: &mut Writer, head: &SealHead) {
    out.text(&head.market);
    for number in [head.epoch_seconds as u64, head.number, head.epoch as u64, u64::from(head.closed), head.count] {
        out.unsigned(number);
    }
    out.hash(&head.root);
    out.hash(&head.previous);
}

fn take_head(input: &mut Reader) -> Result<SealHead> {
    Ok(SealHead {
        market: input.text()?.to_owned(),
        epoch_seconds: input.unsigned()? as i64,
        number: input.unsigned()?,
        epoch: input.unsigned()? as i64,
        closed: input.flag()?,
        count: input.unsigned()?,
        root: input.array()?,
        previous: input.array()?,
    })
}

/// The sealed, or, when these are fewer, those who were not.
fn put_assets(out: &mut Writer, assets: &[u32], known: u64) {
    let lists_sealed = assets.len() as u64 <= known / 2;
    out.unsigned(u64::from(lists_sealed));
    if lists_sealed {
        put_rising(out, assets);
    } else {
        let mut sealed = assets.iter().copied().peekable();
        let others: Vec<u32> = (0..known as u32).filter(|handle| sealed.next_if_eq(handle).is_none()).collect();
        put_rising(out, &others);
    }
}

fn put_rising(out: &mut Writer, handles: &[u32]) {
    let mut last = 0;
    out.list(handles.iter(), |out, &handle| {
        out.unsigned(u64::from(handle - last));
        last = handle;
    });
}

fn take_assets(input: &mut Reader, known: u64) -> Result<Vec<u32>> {
    let lists_sealed = input.flag()?;
    let mut last = 0u32;
    let listed = input.list(|input| {
        let step = input.number()?;
        last = last.checked_add(step).map_or_else(|| input.damage(), Ok)?;
        if u64::from(last) < known { Ok(last) } else { input.damage() }
    })?;
    if !listed.is_sorted_by(|left, right| left < right) || known > 1 << 28 {
        return input.damage();
    }
    if lists_sealed {
        return Ok(listed);
    }
    let mut others = listed.into_iter().peekable();
    Ok((0..known as u32).filter(|handle| others.next_if_eq(handle).is_none()).collect())
}

fn put_lines(out: &mut Writer, lines: &impl Lines, order: &[u32]) {
    let texts = Texts::new(lines, order);
    out.list(texts.all.iter(), |out, text| out.text(text));
    let (mut from, mut to) = (0, 0);
    out.list(order.iter().zip(&texts.of_lines), |out, (&number, &(contract, source))| {
        let line = lines.line(number);
        let mut flags = line.kind as u64;
        let is_set = [
            (OWNER, line.owner_is_to),
            (CO2, line.co2_mg > 0),
            (SOURCE, line.source.is_some()),
            (CONTRACT, line.contract.is_some()),
            (ORIGINAL, line.original_epoch != NO_EPOCH),
            (AGAIN, line.again),
        ];
        is_set.iter().for_each(|&(flag, is_set)| flags |= flag * u64::from(is_set));
        out.unsigned(flags);
        // Sorted lines are neighbours: most steps are one byte.
        out.signed(i64::from(line.from) - from);
        out.signed(i64::from(line.to) - to);
        (from, to) = (i64::from(line.from), i64::from(line.to));
        out.unsigned(line.wh);
        let values = [line.co2_mg, u64::from(source), u64::from(contract), line.original_epoch as u64];
        for (value, flag) in values.into_iter().zip([CO2, SOURCE, CONTRACT, ORIGINAL]) {
            if flags & flag != 0 {
                out.unsigned(value);
            }
        }
    });
}

fn take_lines<'a>(input: &mut Reader<'a>) -> Result<Vec<Line<'a>>> {
    let texts = input.list(Reader::text)?;
    let (mut from, mut to) = (0i64, 0i64);
    input.list(|input| {
        let flags = input.unsigned()?;
        (from, to) = (from.wrapping_add(input.signed()?), to.wrapping_add(input.signed()?));
        let wh = input.unsigned()?;
        let mut value = |flag: u64| if flags & flag == 0 { Ok(None) } else { input.unsigned().map(Some) };
        let (co2_mg, source, contract, original) = (value(CO2)?, value(SOURCE)?, value(CONTRACT)?, value(ORIGINAL)?);
        let text = |index: Option<u64>| match index.map(|index| texts.get(index as usize).copied()) {
            Some(None) => input.damage(),
            Some(text) => Ok(text),
            None => Ok(None),
        };
        let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(to)) else { return input.damage() };
        Ok(Line {
            from,
            to,
            wh,
            kind: Kind::of(flags & 7)?,
            contract: text(contract)?,
            co2_mg: co2_mg.unwrap_or(0),
            source: text(source)?,
            original_epoch: original.map_or(NO_EPOCH, |epoch| epoch as i64),
            owner_is_to: flags & OWNER != 0,
            again: flags & AGAIN != 0,
        })
    })
}

/// Each text of some lines once, in the order of first use.
#[derive(Default)]
struct Texts<'a> {
    all: Vec<&'a str>,
    numbers: HashMap<&'a str, u32>,
    /// Of each line: (contract, source).
    of_lines: Vec<(u32, u32)>,
}

impl<'a> Texts<'a> {
    fn new(lines: &'a impl Lines, order: &[u32]) -> Texts<'a> {
        let mut texts = Texts { of_lines: Vec::with_capacity(order.len()), ..Texts::default() };
        // Most neighbours say the same, and it is the same text in memory.
        let mut last: [(Option<&'a str>, u32); 2] = [(None, 0); 2];
        for &number in order {
            let line = lines.line(number);
            for (text, last) in [line.contract, line.source].into_iter().zip(&mut last) {
                if text.map(str::as_ptr) != last.0.map(str::as_ptr) || text.map(str::len) != last.0.map(str::len) {
                    *last = (text, text.map_or(0, |text| texts.number(text)));
                }
            }
            texts.of_lines.push((last[0].1, last[1].1));
        }
        texts
    }

    fn number(&mut self, text: &'a str) -> u32 {
        let next = self.all.len() as u32;
        *self.numbers.entry(text).or_insert_with(|| {
            self.all.push(text);
            next
        })
    }
}
