//! Who may sign in to the demo's console: one of each role, with passwords of today.

use crate::{
    access::{Role, Scope},
    cli::operator,
    ids::{Ids, RandomIds},
    sign_in::password_hash,
    storage::Store,
};

/// One account as it is told to whoever started the demo.
pub(super) struct Account {
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) password: String,
}

/// A township of the demo county.
const TOWNSHIP: &str = "130699201";

/// Makes the accounts, or gives those of an earlier start new passwords.
pub(super) async fn open(store: &Store) -> anyhow::Result<Vec<Account>> {
    let whole = Scope::default;
    let township = || Scope { area: Some(TOWNSHIP.to_owned()), ..Scope::default() };
    let mut accounts = Vec::new();
    for (name, role, scope) in [
        ("管理员", Role::Admin, whole()),
        ("值班员", Role::Dispatcher, whole()),
        ("督办员", Role::Supervisor, whole()),
        ("王庄站", Role::Dispatcher, township()),
        ("领导", Role::Viewer, whole()),
    ] {
        let password: String = RandomIds.fresh().simple().to_string().chars().take(12).collect();
        match store.operator_by_name(name).await? {
            Some(account) => {
                let hash = password_hash(name, &password, RandomIds.fresh()).await?;
                let tx = store.begin().await?;
                tx.set_password(account.operator.id, &hash, false).await?;
                tx.set_disabled(account.operator.id, None).await?;
                tx.set_totp(account.operator.id, None).await?;
                tx.commit().await?;
            }
            None => operator::add(store, name, role, scope, &password).await?,
        }
        accounts.push(Account { name, role, password });
    }
    Ok(accounts)
}
