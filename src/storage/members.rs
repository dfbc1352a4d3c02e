//! Members and operators: who they are, who bears a name, whose phone is whose.
//!
//! Whoever is inactive is found by nobody and has no duty, though tickets remember them.

use super::{
    StorageError, Store, Tx, conversations, county_rows as rows, error::failed, save::LEAD,
};
use crate::{
    county::{Leave, Role},
    dialogue::facts::{Duty, Named},
    ticket::{Follower, MemberId, Person},
};
use entities::{member as row, resident, ticket, ticket_called, unit};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A member in a list for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
    /// Where they serve.
    pub area: Option<String>,
    /// Their unit's code.
    pub unit: Option<String>,
    /// On how many accounts their phone is bound.
    pub bound: usize,
}

impl Tx {
    /// The people behind each name: those who bear it themselves, or belong to the unit that
    /// does, its leader first.
    pub async fn find_members_by_name(&self, names: &[String]) -> Result<Vec<Named>, StorageError> {
        behind_names(&self.inner, names).await
    }

    /// The supervisors of the county and of these areas.
    pub async fn supervisors(&self, area_path: &[String]) -> Result<Vec<Person>, StorageError> {
        let covers = Condition::any()
            .add(row::Column::Area.is_null())
            .add(row::Column::Area.is_in(area_path.iter().cloned()));
        let is_supervisor = row::Column::Role.eq(rows::role_code(Role::Supervisor));
        let found = self.members(active().filter(is_supervisor).filter(covers)).await?;
        Ok(found.into_iter().map(person).collect())
    }

    /// The people of a unit, its leader first.
    pub async fn members_of_unit(&self, code: &str) -> Result<Vec<Person>, StorageError> {
        let unit =
            unit::Entity::find_by_id(code).one(&self.inner).await.map_err(failed("find a unit"))?;
        let people = match unit {
            Some(unit) => people_of(&self.inner, &unit).await?,
            None => Vec::new(),
        };
        Ok(people.into_iter().map(person).collect())
    }

    /// The operators on whose desk a ticket of these areas lies.
    pub async fn desk_operators(&self, area_path: &[String]) -> Result<Vec<Person>, StorageError> {
        let desk = [Role::Dispatcher, Role::Supervisor].map(rows::role_code);
        let covers = Condition::any()
            .add(row::Column::Area.is_null())
            .add(row::Column::Area.is_in(area_path.iter().cloned()));
        let operators =
            self.members(active().filter(row::Column::Role.is_in(desk)).filter(covers)).await?;
        Ok(operators.into_iter().map(person).collect())
    }

    /// Where these members can be reached: their phones, on every account.
    pub async fn phones_of(
        &self,
        members: &[MemberId],
    ) -> Result<Vec<(MemberId, Follower)>, StorageError> {
        phones_of(&self.inner, members).await
    }

    /// Makes a follower's phone a member's; the one the member had on that account before is
    /// theirs no longer.
    pub async fn bind(&self, follower: &Follower, member: MemberId) -> Result<(), StorageError> {
        let earlier = Condition::all()
            .add(resident::Column::Account.eq(&follower.account))
            .add(resident::Column::MemberId.eq(member.0))
            .add(resident::Column::Openid.ne(&follower.openid));
        self.set_member(None, earlier).await?;
        self.set_member(Some(member), conversations::is(follower)).await?;
        self.bind_others(follower, member).await
    }

    /// Takes all phones from a member and returns how many there were.
    pub async fn unbind(&self, member: MemberId) -> Result<u64, StorageError> {
        self.set_member(None, Condition::all().add(resident::Column::MemberId.eq(member.0))).await
    }

    /// Sends a member on leave, or calls them back. Whoever holds the county reads it again.
    pub async fn set_leave(
        &self,
        member: MemberId,
        leave: Option<Leave>,
    ) -> Result<(), StorageError> {
        // The county first, as an import does, so that neither waits for the other forever.
        self.touch_county().await?;
        row::Entity::update_many()
            .col_expr(row::Column::LeaveFrom, Expr::value(leave.map(|leave| leave.from)))
            .col_expr(row::Column::LeaveUntil, Expr::value(leave.map(|leave| leave.until)))
            .filter(row::Column::Id.eq(member.0))
            .exec(&self.inner)
            .await
            .map_err(failed("send a member on leave"))?;
        Ok(())
    }

    pub(super) async fn set_member(
        &self,
        member: Option<MemberId>,
        whose: Condition,
    ) -> Result<u64, StorageError> {
        // Figures tell how many grades come from the phones of members.
        self.count_again_of(whose.clone()).await?;
        // Looked up first: afterwards nobody is found by the member that they were.
        let phones = self.phones_where(whose.clone()).await?;
        let changed = resident::Entity::update_many()
            .col_expr(resident::Column::MemberId, Expr::value(member.map(|member| member.0)))
            .filter(whose)
            .exec(&self.inner)
            .await
            .map_err(failed("bind or unbind a member"))?;
        if !phones.is_empty() {
            let is_one =
                |condition: Condition, phone: &Follower| condition.add(conversations::is(phone));
            self.wish_tags(phones.iter().fold(Condition::any(), is_one)).await?;
        }
        Ok(changed.rows_affected)
    }

    async fn phones_where(&self, whose: Condition) -> Result<Vec<Follower>, StorageError> {
        let found: Vec<(String, String)> = resident::Entity::find()
            .select_only()
            .columns([resident::Column::Account, resident::Column::Openid])
            .filter(whose)
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed("find the phones of a member"))?;
        Ok(found.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }

    async fn members(&self, query: Select<row::Entity>) -> Result<Vec<row::Model>, StorageError> {
        found(&self.inner, query).await
    }
}

impl Store {
    /// The people behind each name, as [`Tx::find_members_by_name`] finds them.
    pub async fn find_members_by_name(&self, names: &[String]) -> Result<Vec<Named>, StorageError> {
        behind_names(&self.conn, names).await
    }

    /// Every phone that is a member's or an operator's.
    pub async fn phones_of_members(&self) -> Result<HashSet<Follower>, StorageError> {
        let phones: Vec<(String, String)> = resident::Entity::find()
            .select_only()
            .columns([resident::Column::Account, resident::Column::Openid])
            .filter(resident::Column::MemberId.is_not_null())
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("list the phones of members"))?;
        Ok(phones.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }

    /// Which of these phones are a member's or an operator's.
    pub async fn members_among(
        &self,
        phones: &[Follower],
    ) -> Result<HashSet<Follower>, StorageError> {
        let openids = phones.iter().map(|phone| phone.openid.as_str());
        let bound: Vec<(String, String)> = resident::Entity::find()
            .select_only()
            .columns([resident::Column::Account, resident::Column::Openid])
            .filter(
                resident::Column::Account.is_in(phones.iter().map(|phone| phone.account.as_str())),
            )
            .filter(resident::Column::Openid.is_in(openids))
            .filter(resident::Column::MemberId.is_not_null())
            .into_tuple()
            .all(&self.conn)
            .await
            .map_err(failed("find the phones of members"))?;
        Ok(bound.into_iter().map(|(account, openid)| Follower { account, openid }).collect())
    }

    /// All active members, in the order of the workbook.
    pub async fn members(&self) -> Result<Vec<Listed>, StorageError> {
        let doing = "list the members";
        let bound = resident::Entity::find()
            .filter(resident::Column::MemberId.is_not_null())
            .all(&self.conn)
            .await
            .map_err(failed(doing))?;
        let mut phones: HashMap<Uuid, usize> = HashMap::new();
        for member in bound.into_iter().filter_map(|m| m.member_id) {
            *phones.entry(member).or_default() += 1;
        }
        let members = active().all(&self.conn).await.map_err(failed(doing))?;
        let listed = |m: row::Model| {
            Ok(Listed {
                role: rows::role(&m)?,
                bound: phones.get(&m.id).copied().unwrap_or(0),
                area: m.area.clone(),
                unit: m.unit.clone(),
                person: person(m),
            })
        };
        members.into_iter().map(listed).collect()
    }
}

async fn behind_names(
    on: &impl ConnectionTrait,
    names: &[String],
) -> Result<Vec<Named>, StorageError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let bearers = active().filter(row::Column::Name.is_in(names.iter().cloned()));
    let mut behind = Vec::new();
    for m in found(on, bearers).await? {
        behind.push(named(m.name.clone(), m)?);
    }
    let units = unit::Entity::find()
        .filter(unit::Column::Name.is_in(names.iter().cloned()))
        .order_by_asc(unit::Column::Position)
        .all(on)
        .await
        .map_err(failed("find units by name"))?;
    for unit in units {
        for m in people_of(on, &unit).await? {
            behind.push(named(unit.name.clone(), m)?);
        }
    }
    // How much these people have in hand, and whether a phone tells them.
    let ids: Vec<MemberId> = behind.iter().map(|named| named.person.id).collect();
    let counted = in_hand(on, &ids).await?;
    let phones = phones_of(on, &ids).await?;
    for named in &mut behind {
        let id = named.person.id;
        named.load = counted.iter().find(|(member, _)| *member == id).map_or(0, |(_, load)| *load);
        named.reachable = phones.iter().any(|(member, _)| *member == id);
    }
    Ok(behind)
}

async fn in_hand(
    on: &impl ConnectionTrait,
    members: &[MemberId],
) -> Result<Vec<(MemberId, u32)>, StorageError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    // What they were called to and nobody took counts too, or five in a row would all go to
    // the one who had least before the first.
    let is_theirs = Condition::any().add(ticket::Column::HandlerId.is_null()).add(
        Expr::col((ticket::Entity, ticket::Column::HandlerId))
            .equals((ticket_called::Entity, ticket_called::Column::MemberId)),
    );
    let counted: Vec<(Uuid, i64)> = ticket_called::Entity::find()
        .select_only()
        .column(ticket_called::Column::MemberId)
        .column_as(ticket_called::Column::TicketId.count(), "tickets")
        .join(
            JoinType::InnerJoin,
            ticket_called::Entity::belongs_to(ticket::Entity)
                .from(ticket_called::Column::TicketId)
                .to(ticket::Column::Id)
                .into(),
        )
        .filter(ticket_called::Column::MemberId.is_in(members.iter().map(|id| id.0)))
        .filter(ticket_called::Column::Part.eq(LEAD))
        .filter(is_theirs)
        .group_by(ticket_called::Column::MemberId)
        .into_tuple()
        .all(on)
        .await
        .map_err(failed("count what members have in hand"))?;
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(counted.into_iter().map(|(id, tickets)| (MemberId(id), count(tickets))).collect())
}

pub(super) async fn phones_of(
    on: &impl ConnectionTrait,
    members: &[MemberId],
) -> Result<Vec<(MemberId, Follower)>, StorageError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let found = resident::Entity::find()
        .filter(resident::Column::MemberId.is_in(members.iter().map(|member| member.0)))
        .order_by_asc(resident::Column::Account)
        .order_by_asc(resident::Column::Openid)
        .all(on)
        .await
        .map_err(failed("find the phones of members"))?;
    let phone = |m: resident::Model| {
        let follower = Follower { account: m.account, openid: m.openid };
        m.member_id.map(|member| (MemberId(member), follower))
    };
    // A phone that left is of no use to somebody who has another one.
    let stays: HashSet<Uuid> =
        found.iter().filter(|m| m.following).filter_map(|m| m.member_id).collect();
    let found = found
        .into_iter()
        .filter(|m| m.following || m.member_id.is_some_and(|member| !stays.contains(&member)));
    Ok(found.filter_map(phone).collect())
}

async fn people_of(
    on: &impl ConnectionTrait,
    unit: &unit::Model,
) -> Result<Vec<row::Model>, StorageError> {
    let mut belongs = Condition::any().add(row::Column::Unit.eq(&unit.code));
    if let Some(leader) = &unit.leader {
        belongs = belongs.add(row::Column::Name.eq(leader));
    }
    let mut people = found(on, active().filter(belongs)).await?;
    people.sort_by_key(|m| Some(&m.name) != unit.leader.as_ref());
    Ok(people)
}

async fn found(
    on: &impl ConnectionTrait,
    query: Select<row::Entity>,
) -> Result<Vec<row::Model>, StorageError> {
    query.all(on).await.map_err(failed("find members"))
}

/// The part a member plays; none for somebody who is inactive.
pub(super) async fn duty(
    on: &impl ConnectionTrait,
    member: MemberId,
) -> Result<Option<Duty>, StorageError> {
    let found = active()
        .filter(row::Column::Id.eq(member.0))
        .one(on)
        .await
        .map_err(failed("read a member's duty"))?;
    let duty = |m: row::Model| {
        let role = rows::role(&m)?;
        let (area, unit) = (m.area.clone(), m.unit.clone());
        Ok(Duty { person: person(m), role, area, unit })
    };
    found.map(duty).transpose()
}

fn active() -> Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::Active.eq(true))
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id)
}

fn person(m: row::Model) -> Person {
    Person { id: MemberId(m.id), name: m.name }
}

fn named(asked: String, m: row::Model) -> Result<Named, StorageError> {
    let (area, unit, role) = (m.area.clone(), m.unit.clone(), rows::role(&m)?);
    Ok(Named { person: person(m), area, unit, role, load: 0, reachable: false, asked })
}
