//! What one push brings about. (to be written)

use crate::{
    app::App,
    storage::StorageError,
    wechat::{account::Account, answer::Answer, push::Push},
};

/// Why a push could not be handled; the platform repeats it.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The database did not serve it.
    #[error("the push could not be stored")]
    Storage(#[from] StorageError),
}

/// Handles one push from beginning to end.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn handle(_: &App, _: &Account, _: Push) -> Result<Answer, IntakeError> {
    Ok(Answer::Silence)
}
