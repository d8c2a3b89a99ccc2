//! Canonical JSON: the document of an asset's epoch, and the seal that is signed.
//!
//! Keys sorted, no spaces, ASCII only: what Python's json.dumps(value, sort_keys=True, separators=(",", ":")) writes.

use sha2::{Digest, Sha256};

use crate::asset::Assets;
use crate::merkle::Hash;
use crate::posting::{Kind, NO_EPOCH};

/// What the signed text says it is.
pub const SEAL_KIND: &str = "joulebus market seal 1";

/// Names of handles.
pub trait Names {
    /// The name of a handle.
    fn name(&self, handle: u32) -> &str;
}

impl Names for Assets {
    fn name(&self, handle: u32) -> &str {
        Assets::name(self, handle)
    }
}

/// A posting as documents and blobs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Line<'a> {
    pub from: u32,
    pub to: u32,
    pub wh: u64,
    pub kind: Kind,
    pub contract: Option<&'a str>,
    pub co2_mg: u64,
    pub source: Option<&'a str>,
    pub original_epoch: i64,
    pub owner_is_to: bool,
    /// An earlier blob has it already, because its other side was sealed before.
    pub again: bool,
}

/// Lines that are made when they are asked for: a million of them need no memory of their own.
pub trait Lines {
    /// A line by its number.
    fn line(&self, at: u32) -> Line<'_>;

    /// (from, to) of a line.
    fn sides(&self, at: u32) -> (u32, u32) {
        let line = self.line(at);
        (line.from, line.to)
    }
}

impl Lines for Vec<Line<'_>> {
    fn line(&self, at: u32) -> Line<'_> {
        self[at as usize]
    }
}

/// The head of a sealing operation: what is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SealHead {
    pub market: String,
    pub epoch_seconds: i64,
    pub number: u64,
    pub epoch: i64,
    /// Whether it ends the epoch: nothing can be booked in it any more.
    pub closed: bool,
    /// Number of asset seals under the root.
    pub count: u64,
    pub root: Hash,
    /// The hash of the market's seal before.
    pub previous: Hash,
}

impl SealHead {
    /// The text that is signed.
    pub fn text(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(400);
        out.extend_from_slice(if self.closed {
            b"{\"closed\":true,\"count\":"
        } else {
            b"{\"closed\":false,\"count\":"
        });
        push_number(&mut out, self.count as i64);
        push_key(&mut out, "epoch");
        push_number(&mut out, self.epoch);
        push_key(&mut out, "epoch_seconds");
        push_number(&mut out, self.epoch_seconds);
        push_key(&mut out, "kind");
        push_text(&mut out, SEAL_KIND);
        push_key(&mut out, "market");
        push_text(&mut out, &self.market);
        push_key(&mut out, "number");
        push_number(&mut out, self.number as i64);
        push_key(&mut out, "previous");
        push_hash(&mut out, &self.previous);
        push_key(&mut out, "root");
        push_hash(&mut out, &self.root);
        out.push(b'}');
        out
    }

    /// Its hash, which the next one names.
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.text()).into()
    }
}

/// Writes the document of an asset's epoch; the lines are in canonical order.
pub fn push_document<'a>(
    out: &mut Vec<u8>,
    names: &impl Names,
    (asset, epoch, previous): (u32, i64, &Hash),
    lines: impl Iterator<Item = Line<'a>>,
) {
    out.extend_from_slice(b"{\"asset\":");
    push_text(out, names.name(asset));
    push_key(out, "epoch");
    push_number(out, epoch);
    out.extend_from_slice(b",\"postings\":[");
    for (at, line) in lines.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        push_line(out, names, &line);
    }
    out.extend_from_slice(b"],\"previous\":");
    push_hash(out, previous);
    out.push(b'}');
}

/// [from, to, wh, kind, owner, co2_mg, contract, source, original_epoch]; what is nothing at the end is left out.
fn push_line(out: &mut Vec<u8>, names: &impl Names, line: &Line) {
    out.push(b'[');
    push_text(out, names.name(line.from));
    out.push(b',');
    push_text(out, names.name(line.to));
    out.push(b',');
    push_number(out, line.wh as i64);
    out.extend_from_slice(b",\"");
    out.extend_from_slice(line.kind.name().as_bytes());
    out.extend_from_slice(if line.owner_is_to { b"\",1" } else { b"\",0" });
    let original = line.original_epoch != NO_EPOCH;
    let is_said = [line.co2_mg > 0, line.contract.is_some(), line.source.is_some(), original];
    let count = is_said.iter().rposition(|&is_said| is_said).map_or(0, |last| last + 1);
    for field in 0..count {
        out.push(b',');
        match field {
            0 => push_number(out, line.co2_mg as i64),
            1 => push_optional(out, line.contract),
            2 => push_optional(out, line.source),
            _ => push_number(out, line.original_epoch),
        }
    }
    out.push(b']');
}

fn push_optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => push_text(out, text),
        None => out.extend_from_slice(b"null"),
    }
}

fn push_key(out: &mut Vec<u8>, key: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Writes an integer.
pub fn push_number(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes a hash, or any bytes, as a text of lower case digits.
pub fn push_hash(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    out.extend(bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]));
    out.push(b'"');
}

/// Writes a text; whatever is not plain ASCII is escaped as Python does.
pub fn push_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if text.bytes().all(|byte| (32..127).contains(&byte) && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(text.as_bytes());
    } else {
        text.chars().for_each(|character| push_escaped(out, character));
    }
    out.push(b'"');
}

fn push_escaped(out: &mut Vec<u8>, character: char) {
    match character {
        '"' | '\\' => out.extend_from_slice(&[b'\\', character as u8]),
        ' '..='\u{7f}' => out.push(character as u8),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }
}
