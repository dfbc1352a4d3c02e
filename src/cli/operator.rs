//! `operator`: accounts of the console.
//!
//! The password is the first line of standard input, so that no list of processes shows it and
//! none has to be typed where somebody looks on; whoever sits at this machine may be asked for it
//! twice. One that is given this way is its owner's and need not be changed.

use super::output::say;
use super::{Verdict, opening};
use crate::{
    access::{Operator as Account, Role, Scope},
    clock::{Clock, SystemClock},
    config::Database,
    county::AreaCode,
    ids::{Ids, RandomIds},
    sign_in::password_hash,
    storage::{OperatorAccount, Store},
    ticket::{MemberId, Person},
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use std::io::{self, BufRead};

#[derive(Debug, Subcommand)]
pub(super) enum Operator {
    /// Make an account; its password is the first line of standard input.
    Add(Add),
    /// Set an account's password, the first line of standard input, and sign its owner out.
    Password {
        /// The account's name.
        name: String,
    },
    /// Let nobody sign in with an account any more.
    Disable {
        /// The account's name.
        name: String,
    },
    /// List all accounts, with role and area.
    List,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// What its owner types in to sign in; a member of this name acts as themselves.
    name: String,
    /// What it may do.
    #[arg(long, value_parser = role, value_name = "admin|dispatcher|supervisor|viewer")]
    role: Role,
    /// Only tickets of this area and below.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
}

fn role(code: &str) -> Result<Role, String> {
    Role::of(code).ok_or_else(|| "write admin, dispatcher, supervisor or viewer".to_owned())
}

impl Operator {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let store = opening::ready(database).await?;
        match self {
            Self::Add(add) => add.run(&store).await?,
            Self::Password { name } => {
                let account = account(&store, &name).await?;
                let hash = password_hash(&name, &password()?, RandomIds.fresh()).await?;
                let tx = store.begin().await?;
                tx.set_password(account.operator.id, &hash, false).await?;
                note(&tx, "password_set", &name).await?;
                tx.commit().await?;
                say!("{name}: a new password; whoever was signed in has to sign in again");
            }
            Self::Disable { name } => {
                let account = account(&store, &name).await?;
                let now = SystemClock.now();
                let tx = store.begin().await?;
                tx.set_disabled(account.operator.id, Some(now)).await?;
                note(&tx, "account_disabled", &name).await?;
                tx.commit().await?;
                say!("{name}: disabled");
            }
            Self::List => {
                for account in store.operators().await? {
                    let Scope { area, .. } = &account.operator.scope;
                    let area = area.as_deref().unwrap_or("全县");
                    let ended = if account.disabled_at.is_some() { "\t已停用" } else { "" };
                    say!("{}\t{}\t{area}{ended}", account.name, account.operator.role.words());
                }
            }
        }
        Ok(Verdict::Done)
    }
}

impl Add {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 40 || name.chars().any(char::is_control) {
            bail!("a name has 1 to 40 characters");
        }
        if let Some(code) = &self.area {
            let county = store.county().await?.map(|(_, county)| county);
            let county = county.context("no county is loaded yet: run `lianxin import FILE`")?;
            if county.area(&AreaCode(code.clone())).is_none() {
                bail!("there is no area {code}; the codes stand in the county's workbook");
            }
        }
        let scope = Scope { area: self.area, ..Scope::default() };
        add(store, &name, self.role, scope, &password()?).await?;
        say!("{name}: {}", self.role.words());
        Ok(())
    }
}

/// Makes an account whose password is its owner's own.
pub(super) async fn add(
    store: &Store,
    name: &str,
    role: Role,
    scope: Scope,
    password: &str,
) -> anyhow::Result<()> {
    let id = RandomIds.fresh();
    let person = Person { id: MemberId(id), name: name.to_owned() };
    let account = OperatorAccount {
        operator: Account { id, person, role, scope },
        name: name.to_owned(),
        password_hash: password_hash(name, password, RandomIds.fresh()).await?,
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: SystemClock.now(),
    };
    let tx = store.begin().await?;
    if !tx.add_operator(&account).await? {
        bail!("there is an account of the name {name}; see `lianxin operator list`");
    }
    note(&tx, "account_added", name).await?;
    Ok(tx.commit().await?)
}

async fn account(store: &Store, name: &str) -> anyhow::Result<OperatorAccount> {
    let found = store.operator_by_name(name).await?;
    found.with_context(|| format!("there is no account {name}; see `lianxin operator list`"))
}

/// Who sat at the machine is nobody the log could name.
async fn note(tx: &crate::storage::Tx, what: &str, name: &str) -> anyhow::Result<()> {
    Ok(tx.note_deed(None, "命令行", what, Some(name), "", SystemClock.now()).await?)
}

fn password() -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("could not read the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("the password is the first line of standard input, and there was none");
    }
    Ok(password)
}
