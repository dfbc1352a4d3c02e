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
