//! Accounts of the console, made and changed by somebody who has one.
//!
//! It promises that nobody changes their own access, that the last one who may change accounts
//! stays, and that nobody gives or takes what lies outside of their own scope. Who asks is looked
//! at again inside the transaction: two who end each other at the same moment cannot both succeed.
//!
//! Deliberately absent: signing in, and one's own password ([`crate::sign_in`]).

use crate::{
    access::{Operator, Permission, Role, Scope},
    app::App,
    county::{AreaCode, County},
    sign_in::{PasswordError, password_hash},
    storage::{OperatorAccount, StorageError, Tx},
    ticket::{MemberId, Person},
};
use uuid::Uuid;

/// The longest name that anybody signs in with.
pub const LONGEST_NAME: usize = 40;

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is one of that name.
    #[error("there is an account of this name")]
    Taken,
    /// Nobody could sign in with such a name.
    #[error("a name has 1 to {LONGEST_NAME} characters")]
    Name,
    /// The password is no good.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// There is no such account within the scope of who asks.
    #[error("there is no such account")]
    Unknown,
    /// The area or a category lies outside of the scope of who asks.
    #[error("the scope is wider than the scope of who asks")]
    TooWide,
    /// One's own account is changed by somebody else.
    #[error("nobody changes their own access")]
    Own,
    /// Who asks may not (any more).
    #[error("the account of who asks may not change accounts")]
    NotAllowed,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// An account that is to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What its owner will type in to sign in.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// To which tickets.
    pub scope: Scope,
    /// The first password; it has to be changed at the first sign-in.
    pub password: String,
}

/// What can be changed about somebody else's account.
#[derive(Debug, Clone)]
pub enum Change {
    /// Another role or scope.
    Access(Role, Scope),
    /// Nobody may sign in with it any more.
    Disable,
    /// Its owner may sign in again.
    Enable,
    /// Another first password.
    Password(String),
    /// No second factor: for somebody who lost the phone.
    DropSecondFactor,
}

impl Change {
    /// As it is written down.
    fn deed(&self) -> &'static str {
        match self {
            Self::Access(..) => "access_changed",
            Self::Disable => "account_disabled",
            Self::Enable => "account_enabled",
            Self::Password(_) => "password_set",
            Self::DropSecondFactor => "second_factor_dropped",
        }
    }
}

/// Whether `scope` lies within that of `operator`, so that it may be given and taken by them.
pub fn covers(operator: &Operator, scope: &Scope, county: &County) -> bool {
    let own = &operator.scope;
    let is_there = own.area.as_ref().is_none_or(|own| {
        let area = scope.area.as_ref();
        area.is_some_and(|area| county.is_within(&AreaCode(area.clone()), &AreaCode(own.clone())))
    });
    let is_about = own.categories.is_empty()
        || !scope.categories.is_empty() && scope.categories.is_subset(&own.categories);
    is_there && is_about
}

/// Makes an account.
pub async fn add(app: &App, by: &OperatorAccount, new: NewAccount) -> Result<Uuid, AccountError> {
    let now = app.clock.now();
    let name = new.name.trim();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    let county = app.county_at(now).await?;
    let id = app.ids.fresh();
    let account = OperatorAccount {
        operator: Operator {
            id,
            person: Person { id: MemberId(id), name: name.to_owned() },
            role: new.role,
            scope: new.scope,
        },
        name: name.to_owned(),
        password_hash: password_hash(name, &new.password, app.ids.fresh()).await?,
        must_change: true,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: now,
    };
    let tx = app.store.begin().await?;
    let by = still_allowed(&tx, by).await?;
    if !covers(&by.operator, &account.operator.scope, &county) {
        return Err(AccountError::TooWide);
    }
    if !tx.add_operator(&account).await? {
        return Err(AccountError::Taken);
    }
    let note = access_words(account.operator.role, &account.operator.scope);
    tx.note_deed(Some(&by.operator), &by.name, "account_added", Some(name), &note, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes somebody else's account.
pub async fn change(
    app: &App,
    by: &OperatorAccount,
    id: Uuid,
    change: Change,
) -> Result<(), AccountError> {
    let now = app.clock.now();
    let county = app.county_at(now).await?;
    // Hashed before the transaction: it takes a moment, and nobody should wait for it.
    let hash = match &change {
        Change::Password(password) => {
            let account = app.store.operator(id).await?.ok_or(AccountError::Unknown)?;
            password_hash(&account.name, password, app.ids.fresh()).await?
        }
        _ => String::new(),
    };
    let tx = app.store.begin().await?;
    let by = still_allowed(&tx, by).await?;
    let account = tx.operator(id).await?.ok_or(AccountError::Unknown)?;
    if !covers(&by.operator, &account.operator.scope, &county) {
        return Err(AccountError::Unknown);
    }
    if account.operator.id == by.operator.id {
        return Err(AccountError::Own);
    }
    let deed = change.deed();
    let mut note = String::new();
    match change {
        Change::Access(role, scope) => {
            if !covers(&by.operator, &scope, &county) {
                return Err(AccountError::TooWide);
            }
            note = access_words(role, &scope);
            tx.set_access(id, role, &scope).await?;
        }
        Change::Disable => tx.set_disabled(id, Some(now)).await?,
        Change::Enable => tx.set_disabled(id, None).await?,
        Change::Password(_) => tx.set_password(id, &hash, true).await?,
        Change::DropSecondFactor => tx.set_totp(id, None).await?,
    }
    let subject = Some(account.name.as_str());
    tx.note_deed(Some(&by.operator), &by.name, deed, subject, &note, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Who asks, as they are now that nobody else changes accounts.
async fn still_allowed(tx: &Tx, by: &OperatorAccount) -> Result<OperatorAccount, AccountError> {
    tx.hold_accounts().await?;
    let by = tx.operator(by.operator.id).await?;
    by.filter(|by| by.disabled_at.is_none() && by.operator.may(Permission::Accounts))
        .ok_or(AccountError::NotAllowed)
}

fn access_words(role: Role, scope: &Scope) -> String {
    let categories: Vec<&str> = scope.categories.iter().map(String::as_str).collect();
    let area = scope.area.as_deref().unwrap_or("全县");
    match categories.join("、") {
        all if all.is_empty() => format!("{}，{area}", role.words()),
        some => format!("{}，{area}，{some}", role.words()),
    }
}
