//! A browser without a window, steered by Debian's `chromedriver`.
//!
//! Both die with the test. Nothing is downloaded: a machine without them fails with the command
//! that installs them.

use super::process::{Process, command};
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};
use tempfile::TempDir;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

const MISSING: &str = "the tests need a browser: apt-get install chromium chromium-driver \
                       fonts-noto-cjk";

/// A browser with a fresh profile.
pub(crate) struct Browser {
    /// What steers it.
    pub(crate) driver: WebDriver,
    _process: Process,
    _folder: TempDir,
}

impl Browser {
    /// Starts one that shows 1280 by 800 points of a page: its frame takes the rest.
    pub(crate) async fn start() -> Self {
        Self::with(DesiredCapabilities::chrome()).await
    }

    /// The same, for somebody whose browser runs no scripts.
    pub(crate) async fn without_scripts() -> Self {
        let mut wanted = DesiredCapabilities::chrome();
        let setting = json!({ "profile.managed_default_content_settings.javascript": 2 });
        wanted.add_experimental_option("prefs", setting).unwrap();
        Self::with(wanted).await
    }

    async fn with(mut wanted: ChromeCapabilities) -> Self {
        for program in ["chromium", "chromedriver"] {
            assert!(Command::new(program).arg("--version").output().is_ok(), "{MISSING}");
        }
        lianxin::wechat::client::install_tls();
        let folder = tempfile::tempdir().unwrap();
        let mut chromedriver = command("chromedriver");
        chromedriver.arg("--port=0").env("TMPDIR", folder.path());
        let mut process = Process::start(chromedriver, &folder.path().join("chromedriver.log"));
        let port = process.says("was started successfully on port ");
        wanted.set_binary(&wrapper(folder.path())).unwrap();
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,943",
            "--hide-scrollbars",
            &profile,
        ] {
            wanted.add_arg(argument).unwrap();
        }
        let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        let driver = WebDriver::new(address, wanted).await.expect("a browser");
        Self { driver, _process: process, _folder: folder }
    }

    /// Looks at the page as somebody who cannot see it would: nothing serious is wrong with it.
    pub(crate) async fn nothing_serious(&self, name: &str) {
        const AXE: &str = include_str!("../../fixtures/axe-core/axe.min.js");
        const RUN: &str = "const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
               .then((found) => done(found.violations), (error) => done([String(error)]));";
        self.driver.execute(AXE, Vec::new()).await.unwrap();
        let found = self.driver.execute_async(RUN, Vec::new()).await.unwrap();
        let found: Vec<Value> = found.convert().unwrap();
        let is_serious = |violation: &&Value| {
            !matches!(violation["impact"].as_str(), Some("minor" | "moderate"))
        };
        let serious: Vec<String> = found
            .iter()
            .filter(is_serious)
            .map(|violation| {
                let nodes = violation["nodes"].as_array().map_or(&[][..], Vec::as_slice);
                let where_: Vec<_> =
                    nodes.iter().take(4).map(|node| node["html"].to_string()).collect();
                format!("{}: {}\n    {}", violation["id"], violation["help"], where_.join("\n    "))
            })
            .collect();
        assert!(serious.is_empty(), "{name}:\n{}", serious.join("\n"));
    }
}

/// The browser is started by the driver, and has to die with it.
fn wrapper(folder: &Path) -> String {
    let path = folder.join("browser");
    fs::write(&path, "#!/bin/sh\nexec setpriv --pdeathsig=KILL -- chromium \"$@\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}
