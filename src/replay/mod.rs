//! Replaying: chat scripts and recorded pushes against the real service, on one machine and in
//! seconds, with what differs told as a diff.
//!
//! Every script gets a fresh database, a clock that stands until the script moves it, the real
//! web server and outbox, and the pretended platform; both sides speak HTTP only. Nothing outside
//! the script reaches into it: two runs say the same.
//!
//! Deliberately absent: rules. What is right is written in the scripts.

pub mod account;
mod acts;
mod asks;
mod database;
mod desk;
mod facts;
mod files;
mod intrusion;
mod play;
mod pushes;
mod rates;
mod recording;
mod script;
mod stage;
mod talks;
mod told;
mod voices;

pub use database::Place;
pub use files::{Outcome, Unreadable, run};
pub use play::{Options, Twist};
pub use script::Malformed;

use crate::{app::BuildError, simulator::NotStarted, storage::StorageError};
use script::{Script, Step};
use std::{io, path::Path};

/// What a play showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many steps were played.
    pub steps: usize,
    /// Where what was said is not what was expected.
    pub differences: Vec<Difference>,
}

/// One step that did not go as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its line, counted from 1.
    pub line: usize,
    /// The step as it is written.
    pub source: String,
    /// In what way.
    pub problem: String,
    /// What was said instead, where something was.
    pub said: Option<String>,
    /// The step as it would have to be written, where that can be told.
    pub rewrite: Option<String>,
}

impl Difference {
    fn at(step: &Step, problem: &str) -> Self {
        Self {
            line: step.line,
            source: step.source.clone(),
            problem: problem.to_owned(),
            said: None,
            rewrite: None,
        }
    }
}

/// Why a script could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Lines that are no steps.
    #[error("the script is malformed")]
    Malformed(Vec<Malformed>),
    /// Not a PostgreSQL server.
    #[error("the server is given as postgres://USER:PASSWORD@HOST")]
    Server,
    /// No place for a database.
    #[error("could not use a temporary folder")]
    Folder(#[source] io::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The pretended platform did not start.
    #[error("could not start the pretended platform")]
    Platform(#[source] NotStarted),
    /// The service could not be put together.
    #[error("could not put the service together")]
    Build(#[source] BuildError),
    /// The web server did not start.
    #[error("could not listen")]
    Listen(#[source] io::Error),
    /// An address that was made up is none.
    #[error("could not make up an address")]
    Address,
    /// Secrets that were made up are none.
    #[error("could not make up an account")]
    Account,
    /// Work that makes work for ever.
    #[error("the service does not come to rest")]
    Restless,
}

/// Plays one script; the counties that it names stand in `beside`.
pub async fn run_script(text: &str, beside: &Path, options: &Options) -> Result<Report, Trouble> {
    let script = Script::parse(text).map_err(Trouble::Malformed)?;
    play::play(&script, beside, options).await
}

/// How many pushes a script makes.
pub fn count_pushes(text: &str) -> Result<usize, Trouble> {
    let script = Script::parse(text).map_err(Trouble::Malformed)?;
    let pushes = script.steps.iter().filter(|step| matches!(step.form, script::Form::Push { .. }));
    Ok(pushes.count())
}
