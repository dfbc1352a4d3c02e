//! Invitations drawn and stored, for the command line and for the console.
//!
//! A code is told once, by whoever draws it, and kept as a hash; a newer one for the same person
//! ends an older one.
//!
//! Deliberately absent: how a code is shown, and what becomes of it in chat.

use crate::{
    county::{AreaCode, County, Role},
    ids::Ids,
    invitation::{GOOD_FOR, code_hash, draw},
    storage::{Listed, StorageError, Store, Tx},
};
use chrono::{DateTime, Utc};

/// One drawn invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The code; nobody can learn it again.
    pub code: String,
    /// For whom.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Where they serve, as people say it.
    pub area: String,
    /// Until when it is good.
    pub until: DateTime<Utc>,
}

/// The members of an area and below who have no phone bound.
pub async fn unbound(
    store: &Store,
    county: &County,
    area: &AreaCode,
) -> Result<Vec<Listed>, StorageError> {
    let members = store.members().await?.into_iter();
    Ok(members.filter(|member| member.bound == 0 && is_within(county, member, area)).collect())
}

/// Whether a member serves in an area or below it.
pub fn is_within(county: &County, member: &Listed, area: &AreaCode) -> bool {
    let own = member.area.as_ref().map(|own| AreaCode(own.clone()));
    own.is_some_and(|own| county.is_within(&own, area))
}

/// Draws an invitation for each of `members`.
pub async fn draw_all(
    tx: &Tx,
    ids: &dyn Ids,
    county: &County,
    members: Vec<Listed>,
    now: DateTime<Utc>,
) -> Result<Vec<Drawn>, StorageError> {
    let until = now + GOOD_FOR;
    let mut drawn = Vec::with_capacity(members.len());
    for member in members {
        let code = draw(|| ids.fresh());
        tx.invite(ids.fresh(), &code_hash(&code), member.person.id, now, until).await?;
        let area = area_name(county, &member);
        drawn.push(Drawn { code, role: member.role, area, name: member.person.name, until });
    }
    Ok(drawn)
}

/// Where a member serves, as people say it.
pub fn area_name(county: &County, member: &Listed) -> String {
    let spoken = member.area.as_ref().map(|area| county.spoken_path(&AreaCode(area.clone())));
    spoken.filter(|name| !name.is_empty()).unwrap_or_else(|| county.name().to_owned())
}

/// What a member is, as people say it.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "党员",
        Role::GridHead => "网格长",
        Role::Leader => "负责人",
        Role::Dispatcher => "值班员",
        Role::Supervisor => "督办员",
    }
}
