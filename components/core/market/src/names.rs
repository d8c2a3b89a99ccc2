//! Texts that come from outside: names, labels, sources, metadata.

use crate::error::{Result, refuse};

const NAME_LENGTH_MAX: usize = 128;
const SOURCE_LENGTH_MAX: usize = 400;
const METADATA_LENGTH_MAX: usize = 65_536;

/// A name of an asset, a contract or a label.
pub fn check_name<'a>(what: &str, name: &'a str) -> Result<&'a str> {
    let is_name = !name.is_empty() && name.len() <= NAME_LENGTH_MAX && !name.chars().any(char::is_control);
    if is_name && name.trim() == name {
        return Ok(name);
    }
    refuse(
        "name",
        format!(
            "{what} has 1 to {NAME_LENGTH_MAX} bytes, no control characters, and no space at either end; {name:?} is none"
        ),
    )
}

/// Where a posting comes from.
pub fn check_source(source: Option<&str>) -> Result<Option<&str>> {
    match source {
        Some(text) if text.len() > SOURCE_LENGTH_MAX || text.chars().any(char::is_control) => refuse(
            "source",
            format!(
                "a source has at most {SOURCE_LENGTH_MAX} bytes and no control characters; this one has {}",
                text.len()
            ),
        ),
        _ => Ok(source),
    }
}

/// The caller's own text beside an asset.
pub fn check_metadata(metadata: &str) -> Result<&str> {
    if metadata.len() <= METADATA_LENGTH_MAX {
        return Ok(metadata);
    }
    refuse("metadata", format!("metadata has at most {METADATA_LENGTH_MAX} bytes; this one has {}", metadata.len()))
}
