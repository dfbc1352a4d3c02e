//! Accounts of the console, and who is signed in.
//!
//! A password is here as its hash and a session as the hash of its token: whoever reads the
//! table can sign in as nobody. A session ends with its account, with its password, and by time.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored},
    county_rows as rows,
    error::failed,
};
use crate::{
    access::{Operator, Role, Scope},
    county,
    ticket::{MemberId, Person},
};
use chrono::{DateTime, Utc};
use entities::{mark, member, operator as row, session};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, TryInsertResult,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// The mark that whoever changes accounts writes first.
const ACCOUNTS: &str = "accounts";

/// An account with what proves that somebody is its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorAccount {
    /// Who, and what they may.
    pub operator: Operator,
    /// What its owner types in to sign in.
    pub name: String,
    /// The password as a PHC string.
    pub password_hash: String,
    /// Somebody else set the password: it must be changed before anything else.
    pub must_change: bool,
    /// The secret of the second factor, in base 32, if one is wanted.
    pub totp_secret: Option<String>,
    /// The step of the last code that was used; none of it and before is good any more.
    pub totp_step: Option<i64>,
    /// Since when nobody may sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when it exists.
    pub created_at: DateTime<Utc>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: OperatorAccount,
    /// When its browser was last heard of.
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// All accounts, by name.
    pub async fn operators(&self) -> Result<Vec<OperatorAccount>, StorageError> {
        let found = row::Entity::find()
            .order_by_asc(row::Column::Name)
            .all(&self.conn)
            .await
            .map_err(failed("read the accounts of the console"))?;
        let mut accounts = Vec::with_capacity(found.len());
        for m in found {
            accounts.push(account(&self.conn, m).await?);
        }
        Ok(accounts)
    }

    /// The account of this name.
    pub async fn operator_by_name(
        &self,
        name: &str,
    ) -> Result<Option<OperatorAccount>, StorageError> {
        let found = row::Entity::find()
            .filter(row::Column::Name.eq(name))
            .one(&self.conn)
            .await
            .map_err(failed("find an account of the console"))?;
        match found {
            Some(m) => account(&self.conn, m).await.map(Some),
            None => Ok(None),
        }
    }

    /// The account of this identity.
    pub async fn operator(&self, id: Uuid) -> Result<Option<OperatorAccount>, StorageError> {
        let found = row::Entity::find_by_id(id)
            .one(&self.conn)
            .await
            .map_err(failed("find an account of the console"))?;
        match found {
            Some(m) => account(&self.conn, m).await.map(Some),
            None => Ok(None),
        }
    }

    /// Who is signed in by the token with this hash; nobody whose account was disabled.
    pub async fn session(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, StorageError> {
        let found = session::Entity::find_by_id(token_hash)
            .filter(session::Column::ExpiresAt.gt(now))
            .one(&self.conn)
            .await
            .map_err(failed("find a session"))?;
        let Some(session) = found else { return Ok(None) };
        let account = self.operator(session.operator_id).await?;
        let account = account.filter(|account| account.disabled_at.is_none());
        Ok(account.map(|account| Session { account, seen_at: session.seen_at }))
    }

    /// Notes that a session's browser was heard of, which keeps it alive until then.
    pub async fn keep_session(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let _turn = self.turn().await;
        session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(now))
            .col_expr(session::Column::ExpiresAt, Expr::value(until))
            .filter(session::Column::TokenHash.eq(token_hash))
            .exec(&self.conn)
            .await
            .map_err(failed("keep a session"))?;
        Ok(())
    }
}

impl Tx {
    /// From here to the end of the transaction nobody else changes accounts.
    pub async fn hold_accounts(&self) -> Result<(), StorageError> {
        let held = mark::ActiveModel { name: Set(ACCOUNTS.to_owned()), value: Set(String::new()) };
        mark::Entity::insert(held)
            .on_conflict(
                OnConflict::column(mark::Column::Name)
                    .update_column(mark::Column::Value)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("hold the accounts of the console"))?;
        Ok(())
    }

    /// The account of this identity.
    pub async fn operator(&self, id: Uuid) -> Result<Option<OperatorAccount>, StorageError> {
        let found = row::Entity::find_by_id(id)
            .one(&self.inner)
            .await
            .map_err(failed("find an account of the console"))?;
        match found {
            Some(m) => account(&self.inner, m).await.map(Some),
            None => Ok(None),
        }
    }

    /// Makes an account; false where there is one of that name.
    pub async fn add_operator(&self, account: &OperatorAccount) -> Result<bool, StorageError> {
        let fresh = row::ActiveModel {
            id: Set(account.operator.id),
            name: Set(account.name.clone()),
            password_hash: Set(account.password_hash.clone()),
            role: Set(account.operator.role.code().to_owned()),
            area: Set(account.operator.scope.area.clone()),
            categories: Set(stored(&account.operator.scope.categories)?),
            must_change: Set(account.must_change),
            totp_secret: Set(account.totp_secret.clone()),
            totp_step: Set(None),
            created_at: Set(account.created_at),
            disabled_at: Set(None),
        };
        let made = row::Entity::insert(fresh)
            .on_conflict(OnConflict::column(row::Column::Name).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("make an account of the console"))?;
        Ok(matches!(made, TryInsertResult::Inserted(1..)))
    }

    /// Sets a password, and signs everybody out who used the old one.
    pub async fn set_password(
        &self,
        id: Uuid,
        password_hash: &str,
        must_change: bool,
    ) -> Result<(), StorageError> {
        let change = row::Entity::update_many()
            .col_expr(row::Column::PasswordHash, Expr::value(password_hash))
            .col_expr(row::Column::MustChange, Expr::value(must_change));
        self.change(id, change).await?;
        self.end_sessions_of(id).await
    }

    /// Gives an account another role and scope.
    pub async fn set_access(
        &self,
        id: Uuid,
        role: Role,
        scope: &Scope,
    ) -> Result<(), StorageError> {
        let change = row::Entity::update_many()
            .col_expr(row::Column::Role, Expr::value(role.code()))
            .col_expr(row::Column::Area, Expr::value(scope.area.clone()))
            .col_expr(row::Column::Categories, Expr::value(stored(&scope.categories)?));
        self.change(id, change).await
    }

    /// Nobody may sign in with the account any more, or everybody who could before.
    pub async fn set_disabled(
        &self,
        id: Uuid,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), StorageError> {
        let change =
            row::Entity::update_many().col_expr(row::Column::DisabledAt, Expr::value(since));
        self.change(id, change).await?;
        self.end_sessions_of(id).await
    }

    /// Asks for a second factor with this secret from now on, or for none.
    pub async fn set_totp(&self, id: Uuid, secret: Option<&str>) -> Result<(), StorageError> {
        let change = row::Entity::update_many()
            .col_expr(row::Column::TotpSecret, Expr::value(secret.map(str::to_owned)))
            .col_expr(row::Column::TotpStep, Expr::value(None::<i64>));
        self.change(id, change).await
    }

    /// Uses up the code of a step; false where it, or a later one, was used before.
    pub async fn use_totp_step(&self, id: Uuid, step: i64) -> Result<bool, StorageError> {
        let changed = row::Entity::update_many()
            .col_expr(row::Column::TotpStep, Expr::value(step))
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::TotpStep.is_null().or(row::Column::TotpStep.lt(step)))
            .exec(&self.inner)
            .await
            .map_err(failed("use up a code of the second factor"))?;
        Ok(changed.rows_affected == 1)
    }

    async fn change(
        &self,
        id: Uuid,
        change: sea_orm::UpdateMany<row::Entity>,
    ) -> Result<(), StorageError> {
        change
            .filter(row::Column::Id.eq(id))
            .exec(&self.inner)
            .await
            .map_err(failed("change an account of the console"))?;
        Ok(())
    }

    /// Signs an account in: whoever has the token with this hash is its owner until then. Old
    /// sessions of everybody are swept up.
    pub async fn open_session(
        &self,
        token_hash: &str,
        operator: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now))
            .exec(&self.inner)
            .await
            .map_err(failed("sweep up old sessions"))?;
        let fresh = session::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            operator_id: Set(operator),
            created_at: Set(now),
            seen_at: Set(now),
            expires_at: Set(until),
        };
        session::Entity::insert(fresh)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("open a session"))?;
        Ok(())
    }

    /// Signs one browser out.
    pub async fn end_session(&self, token_hash: &str) -> Result<(), StorageError> {
        session::Entity::delete_by_id(token_hash)
            .exec(&self.inner)
            .await
            .map_err(failed("end a session"))?;
        Ok(())
    }

    async fn end_sessions_of(&self, operator: Uuid) -> Result<(), StorageError> {
        session::Entity::delete_many()
            .filter(session::Column::OperatorId.eq(operator))
            .exec(&self.inner)
            .await
            .map_err(failed("end the sessions of an account"))?;
        Ok(())
    }
}

async fn account(
    on: &impl ConnectionTrait,
    m: row::Model,
) -> Result<OperatorAccount, StorageError> {
    let name = Row::of("operator", &m.id);
    let role = Role::of(&m.role).ok_or_else(|| name.odd("`role` is unknown"))?;
    let categories = name.json("categories", m.categories)?;
    let person = person(on, m.id, &m.name).await?;
    let scope = Scope { area: m.area, categories };
    Ok(OperatorAccount {
        operator: Operator { id: m.id, person, role, scope },
        name: m.name,
        password_hash: m.password_hash,
        must_change: m.must_change,
        totp_secret: m.totp_secret,
        totp_step: m.totp_step,
        disabled_at: m.disabled_at,
        created_at: m.created_at,
    })
}

/// The operator of the register who bears the account's name, or the account itself.
async fn person(on: &impl ConnectionTrait, id: Uuid, name: &str) -> Result<Person, StorageError> {
    let desk = [county::Role::Dispatcher, county::Role::Supervisor].map(rows::role_code);
    let found = member::Entity::find()
        .filter(member::Column::Name.eq(name))
        .filter(member::Column::Active.eq(true))
        .filter(member::Column::Role.is_in(desk))
        .one(on)
        .await
        .map_err(failed("find the member behind an account"))?;
    let id = found.map_or(id, |member| member.id);
    Ok(Person { id: MemberId(id), name: name.to_owned() })
}
