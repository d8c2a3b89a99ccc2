//! The key that signs: Ed25519, deterministic.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::error::{Result, refuse};

/// A secret key.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
}

impl Signer {
    /// A key out of its 32 secret bytes.
    pub fn new(secret_key: &[u8]) -> Result<Signer> {
        match <&[u8; 32]>::try_from(secret_key) {
            Ok(bytes) => Ok(Signer { key: SigningKey::from_bytes(bytes) }),
            Err(_) => refuse("key", format!("a secret key has 32 bytes; this one has {}", secret_key.len())),
        }
    }

    /// Who can verify.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The signature of a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

/// Whether a signature is that of a message, strictly: no second form of it passes.
pub fn is_signed(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}
