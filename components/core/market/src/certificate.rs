//! Certificates: one asset's epoch, provable offline with nothing but the public key.

use sha2::{Digest, Sha256};

use crate::batch::{Batch, document};
use crate::blob;
use crate::document::{Names, push_hash, push_number};
use crate::error::{Result, refuse};
use crate::merkle::{Hash, climb, path};
use crate::signer::is_signed;

/// The certificate of an asset out of the batch in which it was sealed: canonical JSON.
pub fn certificate(batch: &Batch, asset: u32, names: &impl Names) -> Result<Vec<u8>> {
    let Some(index) = batch.index_of(asset, names) else {
        let (number, epoch) = (batch.head.number, batch.head.epoch);
        let name = names.name(asset);
        return refuse("not_sealed", format!("{name:?} was not sealed with batch {number} of epoch {epoch}"));
    };
    let (_, lines) = blob::decode(&batch.blob)?;
    let order: Vec<u32> = (0..lines.len() as u32).collect();
    let text = document((&lines, &order), names, (asset, batch.head.epoch), &batch.previous[index]);
    let mut out = Vec::with_capacity(1024 + text.len());
    out.extend_from_slice(b"{\"document\":");
    out.extend_from_slice(&text);
    out.extend_from_slice(b",\"index\":");
    push_number(&mut out, index as i64);
    out.extend_from_slice(b",\"path\":[");
    for (at, hash) in path(&batch.leaves, index).iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        push_hash(&mut out, hash);
    }
    out.extend_from_slice(b"],\"public_key\":");
    push_hash(&mut out, &batch.public_key);
    out.extend_from_slice(b",\"seal\":");
    out.extend_from_slice(&batch.head.text());
    out.extend_from_slice(b",\"signature\":");
    push_hash(&mut out, &batch.signature);
    out.push(b'}');
    Ok(out)
}

/// Verifies a certificate, byte by byte; with a public key also that it is signed with that one.
pub fn verify_certificate(certificate: &[u8], public_key: Option<&[u8; 32]>) -> Result<()> {
    match read(certificate) {
        Some(parts) => parts.verify(public_key),
        None => broken("it is not in its canonical form"),
    }
}

fn broken<T>(why: &str) -> Result<T> {
    refuse("certificate", format!("a certificate is exactly what was sealed and signed; this one is not: {why}"))
}

struct Parts<'a> {
    document: &'a [u8],
    index: u64,
    path: Vec<Hash>,
    public_key: Hash,
    seal: &'a [u8],
    count: u64,
    root: Hash,
    signature: [u8; 64],
}

impl Parts<'_> {
    fn verify(&self, public_key: Option<&[u8; 32]>) -> Result<()> {
        if public_key.is_some_and(|key| *key != self.public_key) {
            return broken("it is signed with another key than the one asked for");
        }
        let leaf = Sha256::digest(self.document).into();
        if climb(leaf, self.index as usize, self.count as usize, &self.path) != Some(self.root) {
            return broken("its document does not lead to the root of its seal");
        }
        if !is_signed(&self.public_key, self.seal, &self.signature) {
            return broken("its signature is not that of its seal");
        }
        Ok(())
    }
}

/// Whatever is not covered by a hash or the signature is read in its one canonical form only.
fn read(bytes: &[u8]) -> Option<Parts<'_>> {
    let mut input = Scan { bytes };
    input.word("{\"document\":")?;
    let document = input.object()?;
    input.word(",\"index\":")?;
    let index = input.number()?;
    input.word(",\"path\":[")?;
    let mut path = Vec::new();
    if input.bytes.first() == Some(&b'"') {
        path.push(input.hash()?);
        while input.bytes.first() == Some(&b',') {
            input.word(",")?;
            path.push(input.hash()?);
        }
    }
    input.word("],\"public_key\":")?;
    let public_key = input.hash()?;
    input.word(",\"seal\":")?;
    let seal = input.object()?;
    input.word(",\"signature\":")?;
    let signature = input.hash()?;
    input.word("}")?;
    let mut head = Scan { bytes: seal };
    head.past("\"count\":")?;
    let count = head.number()?;
    head.past("\"root\":")?;
    let root = head.hash()?;
    input.bytes.is_empty().then_some(Parts { document, index, path, public_key, seal, count, root, signature })
}

struct Scan<'a> {
    bytes: &'a [u8],
}

impl<'a> Scan<'a> {
    fn word(&mut self, word: &str) -> Option<()> {
        self.bytes = self.bytes.strip_prefix(word.as_bytes())?;
        Some(())
    }

    /// Goes to the first place behind a word: keys of the seal are no part of its one free text, whose quotes are escaped.
    fn past(&mut self, word: &str) -> Option<()> {
        let at = self.bytes.windows(word.len()).position(|part| part == word.as_bytes())?;
        self.bytes = &self.bytes[at + word.len()..];
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let digits = self.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (text, rest) = self.bytes.split_at(digits);
        let number: u64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        self.bytes = rest;
        (number.to_string().as_bytes() == text).then_some(number)
    }

    fn hash<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.word("\"")?;
        let mut hash = [0; N];
        for byte in &mut hash {
            let (pair, rest) = self.bytes.split_first_chunk::<2>()?;
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
            self.bytes = rest;
        }
        self.word("\"")?;
        Some(hash)
    }

    /// A whole object, its texts and inner brackets minded.
    fn object(&mut self) -> Option<&'a [u8]> {
        let (mut depth, mut in_text, mut escaped) = (0i64, false, false);
        for (at, &byte) in self.bytes.iter().enumerate() {
            match (in_text, escaped, byte) {
                (true, true, _) => escaped = false,
                (true, false, b'\\') => escaped = true,
                (true, false, b'"') => in_text = false,
                (true, false, _) => {}
                (false, _, b'"') => in_text = true,
                (false, _, b'{') => depth += 1,
                (false, _, b'}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let (object, rest) = self.bytes.split_at(at + 1);
                self.bytes = rest;
                return (object[0] == b'{').then_some(object);
            }
        }
        None
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}
