//! The posted columns of a window as bytes, for the journal; and the way back into blocks.
//!
//! Form: "JBC1", uvarint(columns), then for each column, sorted by (from, to): uvarint(length) from,
//! uvarint(length) to, uvarint(length) runs.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::column::{ColumnError, Piece, RunLengths, check_run, decode_runs, put_uvarint, take_uvarint};
use crate::names::{ACCOUNTS, check_name};
use crate::outcome::RunReader;
use crate::post::DraftBlock;
use crate::seal::Calendar;

const MARK: &[u8; 4] = b"JBC1";

/// What must hold for columns.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum JournalError {
    #[error("columns begin with JBC1; these do not")]
    Mark,
    #[error(transparent)]
    Column(#[from] ColumnError),
    #[error("columns end with their last run; {count} bytes follow")]
    Trailing { count: usize },
    #[error("an account is a device, its memo or one of curtailed, heat, unserved; {account:?} is not")]
    Account { account: String },
    #[error("columns are sorted by (from, to), each pair once; {from} to {to} is out of order")]
    Order { from: String, to: String },
    #[error("a transfer has two accounts; {account} has a transfer to itself")]
    Itself { account: String },
    #[error("the runs of a column add up to its window of {expected} ticks; {from} to {to} has {actual}")]
    Length { from: String, to: String, expected: i64, actual: u64 },
    #[error("an account that only passes on moves by 0 in every tick; {account} moves by {net} in tick {tick}")]
    Net { account: String, net: i128, tick: i64 },
}

/// One pair of accounts along the ticks of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Column {
    pub from: String,
    pub to: String,
    /// (count, joules).
    pub runs: Vec<(u64, u64)>,
}

/// Columns as bytes, sorted; equal runs that meet become one.
pub fn encode(columns: &[Column]) -> Result<Vec<u8>, JournalError> {
    let mut sorted: Vec<&Column> = columns.iter().collect();
    sorted.sort_by_key(|column| (&column.from, &column.to));
    let mut parts = Vec::with_capacity(sorted.len());
    for column in sorted {
        let mut runs = RunLengths::default();
        for &(count, joules) in &column.runs {
            check_run(count, joules)?;
            runs.push(count, joules);
        }
        parts.push((column.from.as_str(), column.to.as_str(), runs.finish().to_vec()));
    }
    check_pairs(parts.iter().map(|(from, to, _)| (*from, *to)))?;
    Ok(encode_parts(&parts))
}

/// Sorted columns whose runs are bytes already.
pub fn encode_parts(parts: &[(&str, &str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    put_uvarint(&mut bytes, parts.len() as u64);
    for (from, to, runs) in parts {
        for part in [from.as_bytes(), to.as_bytes(), runs] {
            put_uvarint(&mut bytes, part.len() as u64);
            bytes.extend_from_slice(part);
        }
    }
    bytes
}

/// One pair of accounts whose runs are still bytes.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Raw<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub runs: &'a [u8],
}

/// Columns out of bytes.
pub fn decode(bytes: &[u8]) -> Result<Vec<Column>, JournalError> {
    let read = |raw: &Raw<'_>| {
        let (from, to) = (raw.from.to_owned(), raw.to.to_owned());
        Ok(Column { from, to, runs: decode_runs(raw.runs)? })
    };
    split(bytes)?.iter().map(read).collect()
}

/// Columns out of bytes, without their runs.
pub fn split(bytes: &[u8]) -> Result<Vec<Raw<'_>>, JournalError> {
    let rest = bytes.strip_prefix(MARK).ok_or(JournalError::Mark)?;
    let mut at = 0;
    let count = take_uvarint(rest, &mut at)?;
    let mut columns = Vec::new();
    for _ in 0..count {
        let (from, to) = (take_account(rest, &mut at)?, take_account(rest, &mut at)?);
        columns.push(Raw { from, to, runs: take_bytes(rest, &mut at)? });
    }
    if at < rest.len() {
        return Err(JournalError::Trailing { count: rest.len() - at });
    }
    check_pairs(columns.iter().map(|column| (column.from, column.to)))?;
    Ok(columns)
}

/// Reads a length and as many bytes.
pub fn take_bytes<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a [u8], ColumnError> {
    let start = *at;
    let length = take_uvarint(bytes, at)? as usize;
    let end = at.checked_add(length).filter(|&end| end <= bytes.len());
    let end = end.ok_or(ColumnError::Damaged { at: start })?;
    let part = &bytes[*at..end];
    *at = end;
    Ok(part)
}

fn take_account<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a str, JournalError> {
    let name = take_bytes(bytes, at)?;
    let refused = || JournalError::Account { account: String::from_utf8_lossy(name).into_owned() };
    let account = std::str::from_utf8(name).map_err(|_| refused())?;
    let device = account.strip_suffix(".unmet").unwrap_or(account);
    if check_name(device).is_err() && !ACCOUNTS.contains(&account) {
        return Err(refused());
    }
    Ok(account)
}

fn check_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), JournalError> {
    let mut last = ("", "");
    for pair in pairs {
        if pair <= last {
            return Err(JournalError::Order { from: pair.0.to_owned(), to: pair.1.to_owned() });
        }
        if pair.0 == pair.1 {
            return Err(JournalError::Itself { account: pair.0.to_owned() });
        }
        last = pair;
    }
    Ok(())
}

/// Checks columns against their window and cuts them into blocks of one epoch each.
pub fn blocks(columns: &[Column], start: i64, ticks: i64, calendar: Calendar) -> Result<Vec<DraftBlock>, JournalError> {
    for column in columns {
        let actual = column.runs.iter().map(|run| run.0).sum();
        if actual != ticks as u64 {
            let (from, to) = (column.from.clone(), column.to.clone());
            return Err(JournalError::Length { from, to, expected: ticks, actual });
        }
    }
    passing(columns).into_iter().try_for_each(|account| check_net(columns, account, start, ticks))?;
    Ok(cut(columns, start, ticks, calendar))
}

/// Cuts columns that cover their window into blocks of one epoch each.
pub fn cut(columns: &[Column], start: i64, ticks: i64, calendar: Calendar) -> Vec<DraftBlock> {
    let mut readers: Vec<RunReader<'_>> = columns.iter().map(|column| RunReader::new(&column.runs)).collect();
    let (mut tick, mut blocks) = (start, Vec::new());
    while tick < start + ticks {
        let end = calendar.end_of_epoch(tick).min(start + ticks);
        blocks.push(block(&mut readers, end - tick));
        tick = end;
    }
    blocks
}

fn block(readers: &mut [RunReader<'_>], ticks: i64) -> DraftBlock {
    let pieces = readers.iter_mut().enumerate().map(|(index, reader)| (index, piece(reader, ticks)));
    DraftBlock { ticks: ticks as u64, pieces: pieces.filter(|(_, piece)| piece.sum > 0).collect() }
}

fn piece(reader: &mut RunReader<'_>, ticks: i64) -> Piece {
    let (mut piece, mut left) = (Piece::default(), ticks);
    while left > 0 {
        let count = reader.count().min(left);
        let joules = reader.take(count);
        piece.push(count as u64, joules as u64);
        left -= count;
    }
    piece
}

/// Accounts that take from one and give to another account keep nothing: the inverter, and panels with an origin.
/// A store, a grid or a car gives to whom it takes from, or to heat, or is curtailed.
fn passing(columns: &[Column]) -> BTreeSet<&str> {
    let takes = columns.iter().filter(|column| column.from != "unserved" && column.to != "unserved");
    takes
        .filter(|taken| {
            columns.iter().any(|given| given.from == taken.to && passes_on((&taken.from, &taken.to), &given.to))
        })
        .map(|taken| taken.to.as_str())
        .collect()
}

/// True if what the second of a pair took from the first is passed on to a third.
pub fn passes_on((giver, _): (&str, &str), goes_to: &str) -> bool {
    goes_to != giver && !["heat", "curtailed", "driving"].contains(&goes_to)
}

fn check_net(columns: &[Column], account: &str, start: i64, ticks: i64) -> Result<(), JournalError> {
    let signs = columns.iter().filter_map(|column| match account {
        _ if column.to == account => Some((1, RunReader::new(&column.runs))),
        _ if column.from == account => Some((-1, RunReader::new(&column.runs))),
        _ => None,
    });
    let mut readers: Vec<(i128, RunReader<'_>)> = signs.collect();
    let mut tick = 0;
    while tick < ticks {
        let count = readers.iter().map(|(_, reader)| reader.count()).min().unwrap_or(ticks).min(ticks - tick);
        let net: i128 = readers.iter_mut().map(|(sign, reader)| *sign * i128::from(reader.take(count))).sum();
        if net != 0 {
            return Err(JournalError::Net { account: account.to_owned(), net, tick: start + tick });
        }
        tick += count;
    }
    Ok(())
}
