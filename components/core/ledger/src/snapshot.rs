//! All of a ledger's memory as bytes, with a hash at the end that tells damage.
//!
//! Form: "JBS1", then numbers as uvarints and texts as uvarint(length) and bytes; the last 32 bytes are their sha256.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::books::{Books, OpenColumn};
use crate::column::{ColumnError, RunLengths, check_run, put_uvarint, take_uvarint};
use crate::journal::take_bytes;
use crate::seal::Calendar;

const MARK: &[u8; 4] = b"JBS1";

/// What must hold for a snapshot.
#[derive(Debug, Error, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SnapshotError {
    /// Not what `snapshot` wrote.
    #[error("a snapshot begins with JBS1 and ends with its own sha256; this one is damaged")]
    Damaged,
}

impl From<ColumnError> for SnapshotError {
    fn from(_: ColumnError) -> SnapshotError {
        SnapshotError::Damaged
    }
}

/// Books as bytes.
pub fn write(books: &Books) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    put_text(&mut bytes, books.home.as_bytes());
    let calendar = books.calendar;
    for number in [calendar.start_unix_seconds, calendar.tick_seconds, books.next_tick, books.open_ticks] {
        put_uvarint(&mut bytes, number as u64);
    }
    bytes.extend_from_slice(&books.head);
    put_uvarint(&mut bytes, books.balances.len() as u64);
    for (account, joules) in &books.balances {
        put_text(&mut bytes, account.as_bytes());
        bytes.extend_from_slice(&joules.to_be_bytes());
    }
    let moved: Vec<&OpenColumn> = books.open.iter().filter(|column| column.sum > 0).collect();
    put_uvarint(&mut bytes, moved.len() as u64);
    moved.into_iter().for_each(|column| put_column(&mut bytes, column, books.open_ticks));
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

fn put_text(bytes: &mut Vec<u8>, text: &[u8]) {
    put_uvarint(bytes, text.len() as u64);
    bytes.extend_from_slice(text);
}

fn put_column(bytes: &mut Vec<u8>, column: &OpenColumn, ticks: i64) {
    // Zeros at the end are not written while the epoch is open; here they are, so that equal books are equal bytes.
    let mut runs = column.runs.clone();
    runs.prolong(ticks as u64);
    put_text(bytes, column.from.as_bytes());
    put_text(bytes, column.to.as_bytes());
    put_text(bytes, runs.finish());
    bytes.extend_from_slice(&column.sum.to_be_bytes());
    bytes.extend_from_slice(&column.moment.to_be_bytes());
}

/// Books out of bytes.
pub fn read(snapshot: &[u8]) -> Result<Books, SnapshotError> {
    let (bytes, hash) = snapshot.split_last_chunk::<32>().ok_or(SnapshotError::Damaged)?;
    if *hash != <[u8; 32]>::from(Sha256::digest(bytes)) {
        return Err(SnapshotError::Damaged);
    }
    let mut reader = Reader { bytes: bytes.strip_prefix(MARK).ok_or(SnapshotError::Damaged)?, at: 0 };
    let books = reader.books()?;
    if reader.at == reader.bytes.len() { Ok(books) } else { Err(SnapshotError::Damaged) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn books(&mut self) -> Result<Books, SnapshotError> {
        let home = self.text()?;
        let calendar = Calendar { start_unix_seconds: self.number()?, tick_seconds: self.number()? };
        let mut books = Books::new(&home, calendar);
        books.next_tick = self.number()?;
        books.open_ticks = self.number()?;
        books.head = self.array()?;
        for _ in 0..self.number()? {
            let account = self.text()?;
            books.balances.insert(account, i128::from_be_bytes(self.array()?));
        }
        for _ in 0..self.number()? {
            books.open.push(self.column()?);
        }
        let is_sane = calendar.tick_seconds > 0 && books.open_ticks <= books.next_tick;
        if is_sane { Ok(books) } else { Err(SnapshotError::Damaged) }
    }

    fn column(&mut self) -> Result<OpenColumn, SnapshotError> {
        let (from, to) = (self.text()?, self.text()?);
        let mut runs = RunLengths::default();
        let (bytes, mut at) = (take_bytes(self.bytes, &mut self.at)?, 0);
        while at < bytes.len() {
            let (count, joules) = (take_uvarint(bytes, &mut at)?, take_uvarint(bytes, &mut at)?);
            check_run(count, joules)?;
            runs.push(count, joules);
        }
        Ok(OpenColumn {
            from,
            to,
            runs,
            sum: u128::from_be_bytes(self.array()?),
            moment: u128::from_be_bytes(self.array()?),
        })
    }

    fn number(&mut self) -> Result<i64, SnapshotError> {
        i64::try_from(take_uvarint(self.bytes, &mut self.at)?).map_err(|_| SnapshotError::Damaged)
    }

    fn text(&mut self) -> Result<String, SnapshotError> {
        let bytes = take_bytes(self.bytes, &mut self.at)?.to_vec();
        String::from_utf8(bytes).map_err(|_| SnapshotError::Damaged)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let rest = &self.bytes[self.at..];
        let array = rest.first_chunk::<N>().ok_or(SnapshotError::Damaged)?;
        self.at += N;
        Ok(*array)
    }
}
