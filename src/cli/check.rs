//! `check`: looks at everything that has to be right, and says how to mend what is not.
//!
//! One line each: `✓` good, `!` worth knowing, `✗` wrong. Every look is taken, whatever the ones
//! before it found.

mod alarms;
mod county;

use super::output::say;
use super::{Verdict, opening, serve};
use crate::{
    app::App,
    calendar::in_beijing,
    clock::{Clock, SystemClock},
    config::{Config, Database, Environment, Purpose, SharedPlace},
    ids::RandomIds,
    storage::Store,
    telemetry::Chain,
    wechat::{
        account::{Account, Mode, Template},
        client::{ClientError, Difference, TemplateDefinition},
    },
};
use std::{fmt::Display, path::Path, sync::Arc};

/// What was found so far.
#[derive(Default)]
struct Findings {
    failed: bool,
}

impl Findings {
    #[expect(clippy::unused_self, reason = "one of three that read alike where they are used")]
    fn good(&self, name: &str, finding: impl Display) {
        say!("✓ {name}: {finding}");
    }

    #[expect(clippy::unused_self, reason = "one of three that read alike where they are used")]
    fn odd(&self, name: &str, finding: impl Display, mend: impl Display) {
        say!("! {name}: {finding} → {mend}");
    }

    fn wrong(&mut self, name: &str, finding: impl Display, mend: impl Display) {
        self.failed = true;
        say!("✗ {name}: {finding} → {mend}");
    }
}

/// Takes every look.
pub(super) async fn run(environment: &Environment) -> anyhow::Result<Verdict> {
    let mut findings = Findings::default();
    let config = match Config::load(environment, Purpose::Looking) {
        Ok(config) => {
            findings.good("configuration", "every variable can be read");
            for warning in &config.warnings {
                findings.odd(&warning.variable, &warning.what, &warning.mend);
            }
            Some(config)
        }
        Err(error) => {
            for problem in &error.problems {
                findings.wrong(&problem.variable, &problem.what, &problem.mend);
            }
            None
        }
    };
    // Even where something else is wrong, the database can be looked at.
    let database = match &config {
        Some(config) => Some(config.database.clone()),
        None => Database::load(environment).ok(),
    };
    let store = match database {
        Some(database) => look_at_database(&database, &mut findings).await,
        None => None,
    };
    if let Some(config) = &config {
        look_at_serving(config, &mut findings);
        look_at_disk(&config.data_dir, &mut findings);
        look_at_recording(config, &mut findings);
        if let Some(store) = store {
            look_outside(config, store, &mut findings).await;
        }
    }
    Ok(if findings.failed { Verdict::Failed } else { Verdict::Done })
}

async fn look_at_database(database: &Database, findings: &mut Findings) -> Option<Store> {
    const NAME: &str = "database";
    let kind = match database {
        Database::Sqlite(path) => format!("SQLite, {}", path.display()),
        // The address may hold a password.
        Database::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let store = match opening::open(database).await {
        Ok(store) => store,
        Err(error) => {
            let mend = "see that the server runs, or that the file may be written";
            findings.wrong(NAME, format!("{kind}: {}", Chain(error.as_ref())), mend);
            return None;
        }
    };
    let looked = async {
        store.ping().await?;
        let mut migrations = store.migration_status().await?;
        if migrations.applied.is_empty() {
            store.migrate_up().await?;
            migrations = store.migration_status().await?;
        }
        if !migrations.pending.is_empty() {
            return Ok((migrations, false, None));
        }
        Ok((migrations, store.is_demo().await?, store.county_version().await?))
    };
    let looked: Result<_, crate::storage::StorageError> = looked.await;
    match looked {
        Err(error) => {
            findings.wrong(NAME, format!("{kind}: {}", Chain(&error)), "look into its own log");
            return None;
        }
        Ok((migrations, _, _)) if !migrations.pending.is_empty() => {
            let pending = migrations.pending.len();
            findings.good(NAME, kind);
            findings.wrong(
                "migrations",
                format!("{pending} pending"),
                "stop the servers and run `lianxin migrate up`",
            );
        }
        Ok((migrations, is_demo, county)) => {
            findings.good(NAME, kind);
            findings.good("migrations", format!("{} applied", migrations.applied.len()));
            look_at_dead_letters(&store, findings).await;
            if is_demo {
                let mend = "use another one: `serve` refuses it";
                findings.wrong("database", "it belongs to a demo", mend);
            }
            match county {
                Some(version) => {
                    findings.good("county", format!("version {version}"));
                    county::look(&store, SystemClock.now(), findings).await;
                }
                None => findings.odd(
                    "county",
                    "none is loaded, so every report goes to the desk without an area",
                    "import one",
                ),
            }
        }
    }
    Some(store)
}

fn look_at_serving(config: &Config, findings: &mut Findings) {
    if config.web.secret_key.is_none() {
        let mend = "draw one with: openssl rand -hex 32";
        findings.odd("LIANXIN_SECRET_KEY", "it is not set, and `serve` requires it", mend);
    }
    if config.wechat.accounts.is_empty() {
        let mend = "set LIANXIN_ACCOUNT_MAIN_APP_ID and the others of .env.example";
        findings.odd("accounts", "no official account is configured", mend);
    }
    for account in config.wechat.accounts.iter().filter(|account| account.mode == Mode::Plain) {
        findings.odd(
            &format!("account {}", account.slug),
            "in plain mode nothing proves what was pushed, so nobody can act by chat",
            "choose 安全模式 in the platform's console and LIANXIN_ACCOUNT_…_MODE=safe here",
        );
    }
}

fn look_at_disk(folder: &Path, findings: &mut Findings) {
    const NAME: &str = "data folder";
    let tried = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
    match tried {
        Ok(_) => findings.good(NAME, format!("{} can be written", folder.display())),
        Err(error) => findings.wrong(
            NAME,
            format!("{}: {error}", folder.display()),
            "give the folder to the user under whom Lianxin runs",
        ),
    }
}

fn look_at_recording(config: &Config, findings: &mut Findings) {
    if let Some(folder) = &config.record_dir {
        findings.wrong(
            "recording",
            format!("pushes are recorded in {}, which is not for daily use", folder.display()),
            "remove LIANXIN_RECORD_DIR once you have what you need",
        );
    }
}

/// What has to be asked over the network.
async fn look_outside(config: &Config, store: Store, findings: &mut Findings) {
    let app = match App::configured(config, store, Arc::new(SystemClock), Arc::new(RandomIds)) {
        Ok(app) => app,
        Err(error) => {
            return findings.wrong("start", Chain(&error), "mend what the error names");
        }
    };
    let voices = app.voices.values().chain([&app.wording]);
    match voices.map(crate::replies::Wording::check).collect::<Result<Vec<()>, _>>() {
        Ok(_) => findings.good("texts", "every one can be written"),
        Err(bad) => {
            for problem in serve::problems(bad) {
                findings.wrong("texts", problem.what, problem.mend);
            }
        }
    }
    look_at_media(&app, findings).await;
    match &config.shared {
        SharedPlace::Memory => findings.good("shared state", "this process's memory"),
        SharedPlace::Redis(_) => match app.shared.ping().await {
            Ok(()) => findings.good("shared state", "Redis answers"),
            Err(error) => findings.wrong(
                "shared state",
                Chain(&error),
                "see that Redis runs; until then each instance remembers for itself",
            ),
        },
    }
    for account in app.accounts.iter() {
        look_at_account(&app, account, findings).await;
    }
    alarms::look(&app, findings).await;
}

/// Photos: whether they can be kept, and how many did not come.
async fn look_at_media(app: &App, findings: &mut Findings) {
    const MOST: u64 = 1000;
    match app.media.objects.try_out().await {
        Ok(()) => findings.good("photos", "can be kept, read and deleted"),
        Err(error) => findings.wrong(
            "photos",
            Chain(&error),
            "give the folder media to the user under whom Lianxin runs, or mend LIANXIN_MEDIA_…",
        ),
    }
    let since = app.clock.now() - chrono::TimeDelta::days(30);
    // A database that cannot be asked was told of before.
    if let Ok(missing @ 1..) = app.store.missing_media(since, MOST).await {
        let mend = "the page of each ticket says why; they are fetched again for three days";
        findings.odd("photos", format!("{missing} of 30 days did not come"), mend);
    }
}

/// Messages that reached nobody: how many, and the latest of them by kind and reason.
async fn look_at_dead_letters(store: &Store, findings: &mut Findings) {
    const LISTED: usize = 10;
    const MOST: u64 = 1000;
    let name = "dead letters";
    let letters = match store.dead_letters(MOST).await {
        Ok(letters) => letters,
        Err(error) => return findings.wrong(name, Chain(&error), "look at the database first"),
    };
    if letters.is_empty() {
        return findings.good(name, "none, every message left");
    }
    let mend = "tell these people by telephone, and mend what the reasons name";
    findings.odd(name, format!("{} messages reached nobody", letters.len()), mend);
    for letter in letters.iter().take(LISTED) {
        let at = letter.given_up_at.map(|at| in_beijing(at).format("%Y-%m-%d %H:%M").to_string());
        say!("    {} {}: {}", at.unwrap_or_default(), letter.kind, letter.reason);
    }
}

async fn look_at_account(app: &App, account: &Account, findings: &mut Findings) {
    let name = format!("account {}", account.slug);
    if let Err(error) = app.client.check_token(&account.slug).await {
        let mend = "compare app id, app secret and the IP white list with the platform's console";
        return findings.wrong(&name, told(&error), mend);
    }
    findings.good(&name, "the platform gives an access token");
    if account.templates.is_empty() {
        let mend = "give LIANXIN_ACCOUNT_…_TEMPLATES, or notices leave by the other channels";
        findings.odd(&name, "no templates are configured", mend);
    } else {
        match app.client.templates(&account.slug).await {
            Ok(owned) => look_at_templates(&name, account, &owned, findings),
            Err(error) => findings.wrong(&name, told(&error), "the templates cannot be compared"),
        }
    }
    let address =
        format!("{}/wechat/{}", app.public_url.as_str().trim_end_matches('/'), account.slug);
    match app.client.check_callback(&account.slug).await {
        Ok(check) if check.is_reachable() => {
            findings
                .good(&name, format!("the platform reaches the callback; it should be {address}"));
        }
        Ok(_) => findings.odd(
            &name,
            "the platform's pings of the callback are not answered",
            format!("see that {address} is open to the internet, unless pings are blocked"),
        ),
        Err(error) => findings.odd(
            &name,
            format!("the platform does not test the callback: {}", told(&error)),
            format!("register {address} in the platform's console (服务器配置)"),
        ),
    }
}

fn told(error: &ClientError) -> String {
    Chain(error).to_string()
}

fn look_at_templates(
    name: &str,
    account: &Account,
    owned: &[TemplateDefinition],
    findings: &mut Findings,
) {
    for (kind, template) in &account.templates {
        let name = format!("{name} [{kind}]");
        match owned.iter().find(|owned| owned.id == template.id) {
            None => findings.wrong(
                &name,
                "the account has no template of this id",
                "copy the id from the platform's console (模板消息)",
            ),
            Some(definition) => compare(&name, template, definition, findings),
        }
    }
}

fn compare(
    name: &str,
    template: &Template,
    definition: &TemplateDefinition,
    findings: &mut Findings,
) {
    let keys: Vec<&str> = definition.keywords.iter().map(|(_, key)| key.as_str()).collect();
    let Difference { unknown, unfilled, fixed } = definition.difference(template);
    if !unknown.is_empty() {
        findings.wrong(
            name,
            format!("the template has no keyword {}", unknown.join(", ")),
            format!("its keywords are {}", keys.join(", ")),
        );
    }
    if !unfilled.is_empty() {
        findings.wrong(
            name,
            format!("nothing fills {}", unfilled.join(", ")),
            "name a field for each: the platform refuses a message with an empty one",
        );
    }
    for key in &fixed {
        findings.odd(
            name,
            format!("{key} takes only values that the platform approved beforehand"),
            "see that all words that its field can have are among them",
        );
    }
    if unknown.is_empty() && unfilled.is_empty() {
        findings.good(name, format!("“{}” fits", definition.title));
    }
}
