//! `demo`: everything on this machine, with nothing to configure. (to be written)

use super::Verdict;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the service listens: this machine only.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", value_parser = loopback)]
    pub(super) listen: SocketAddr,
    /// Where the demo keeps its database.
    #[arg(long, default_value = "data-demo", value_name = "FOLDER")]
    pub(super) data: PathBuf,
}

impl Demo {
    #[expect(clippy::unused_async, reason = "to be written")]
    pub(super) async fn run(self) -> anyhow::Result<Verdict> {
        anyhow::bail!("the demo on {} in {} is not built yet", self.listen, self.data.display())
    }
}

/// The demo's passwords are printed and its people are made up: nobody else may reach it.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "write an address and a port, like 127.0.0.1:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the demo is for this machine only: use a loopback address".to_owned())
    }
}
