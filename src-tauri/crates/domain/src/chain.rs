//! The audit chain's record form: each record holds the hash of the one before, so that nothing can
//! be changed, taken out or slipped in unseen (CGI art. 286-I-3° bis, *inaltérabilité*).

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Version of the form, hashed into each record.
const FORM_VERSION: u32 = 1;

/// SHA-256 of a record.
pub type Hash = [u8; 32];

/// The hash before the first record.
pub const GENESIS: Hash = [0; 32];

/// One event of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Place in the chain, from 1, without a gap.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Who: a user, `pull`, `demonstration` …
    pub actor: String,
    /// What kind of event, such as `invoice_finalised`.
    pub kind: String,
    /// Canonical bytes of the event.
    pub body: Vec<u8>,
    /// Hash of the record before ([`GENESIS`] for the first).
    pub previous: Hash,
    /// Ed25519 signature of the hash, where a keychain held the key.
    pub signature: Option<Vec<u8>>,
    /// Which key signed.
    pub key_id: Option<String>,
}

impl AuditRecord {
    /// Hash of all fields but the signature, each with its length so that none can flow into another.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut digest = Sha256::new();
        digest.update(FORM_VERSION.to_be_bytes());
        digest.update(self.sequence.to_be_bytes());
        digest.update(self.at.as_microsecond().to_be_bytes());
        for part in [self.actor.as_bytes(), self.kind.as_bytes(), &self.body] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.update(self.previous);
        digest.finalize().into()
    }
}

/// Where a chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// A record is missing or doubled.
    #[error("record {expected} expected")]
    Sequence {
        /// The sequence that was expected.
        expected: u64,
    },
    /// A record does not hold the hash of the one before.
    #[error("record {sequence} does not follow the one before")]
    Previous {
        /// The record.
        sequence: u64,
    },
    /// A record's stored hash is not the hash of its content.
    #[error("record {sequence} was changed")]
    Content {
        /// The record.
        sequence: u64,
    },
}

/// Walks a chain record by record.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChainWalk {
    last: u64,
    head: Hash,
}

impl ChainWalk {
    /// Takes the next record with the hash stored beside it.
    ///
    /// # Errors
    /// The break, if the record does not follow.
    pub fn follow(&mut self, record: &AuditRecord, stored: &Hash) -> Result<(), ChainBreak> {
        let sequence = record.sequence;
        if sequence != self.last + 1 {
            return Err(ChainBreak::Sequence {
                expected: self.last + 1,
            });
        }
        if record.previous != self.head {
            return Err(ChainBreak::Previous { sequence });
        }
        if record.hash() != *stored {
            return Err(ChainBreak::Content { sequence });
        }
        self.last = sequence;
        self.head = *stored;
        Ok(())
    }

    /// Sequence and hash of the last record taken.
    #[must_use]
    pub const fn head(&self) -> (u64, Hash) {
        (self.last, self.head)
    }
}

#[cfg(test)]
mod tests;
