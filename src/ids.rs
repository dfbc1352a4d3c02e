//! Where fresh identifiers come from.
//!
//! Ids are random: nobody may count a county's tickets or guess an invitation. A replay draws
//! them from a seed, so that it says the same thing every time.

use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// A source of fresh identifiers.
pub trait Ids: Send + Sync {
    /// An identifier that was never given before.
    fn fresh(&self) -> Uuid;
}

/// The operating system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws random ids")]
    fn fresh(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// Identifiers that follow from a seed and a count: for replays and tests.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededIds {
    /// The sequence that belongs to `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Ids for SeededIds {
    fn fresh(&self) -> Uuid {
        use sha2::{Digest, Sha256};
        let n = self.drawn.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(n.to_be_bytes())
            .finalize();
        let mut bytes = [0_u8; 16];
        bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The letters of an invitation code: none that looks like another.
pub const CODE_LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// How many letters an invitation code has: about 49 bits, valid for a week, five tries an hour.
pub const CODE_LENGTH: usize = 10;

/// What is stored of an invitation code, so that a copy of the database binds nobody.
pub fn code_hash(code: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(code.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
