//! The county as it was last imported.
//!
//! An import replaces it as a whole and counts its version up; instances that hold an older one
//! see that and read it again. The same county twice changes nothing. Members keep their
//! identity, their phone and, where the import says nothing of it, their leave from one import to
//! the next; those who are gone become inactive.

use super::{
    CHUNK, StorageError, Store, Tx, codec::Row, county_rows as rows, error::failed,
    register_rows as more_rows,
};
use crate::{
    county::{County, Member, Register},
    ids::Ids,
};
use chrono::{DateTime, Utc};
use entities::{area, category, county, day, howto, member, resident, rule, setting, unit};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// There is one county in a deployment, and its row has this key.
const THE_COUNTY: i32 = 1;

impl Tx {
    /// Puts `county` in the place of the one that is stored and returns its version.
    pub async fn replace_county(
        &self,
        county: &County,
        ids: &dyn Ids,
        now: DateTime<Utc>,
    ) -> Result<i64, StorageError> {
        let version = self.lock_county(now).await?;
        let (people, gone) = self.recognise(county.members(), ids).await?;
        let members = people.iter().map(|(_, member)| member.clone()).collect();
        let next = Register { members, ..county.register().clone() };
        // Version 0 is the empty row that the lock made.
        let before = if version > 0 { Some(read(&self.inner).await?.1) } else { None };
        if before.as_ref() == Some(&next) {
            return Ok(version);
        }
        self.replace_rows(before.as_ref(), &next).await?;
        if before.is_none_or(|before| before.members != next.members) {
            self.replace_members(&people, &gone).await?;
        }
        let bounds = county.bounds();
        county::Entity::update_many()
            .set(county::ActiveModel {
                id: Set(THE_COUNTY),
                version: Set(version + 1),
                imported_at: Set(now),
                south: Set(bounds.map(|bounds| bounds.south)),
                north: Set(bounds.map(|bounds| bounds.north)),
                west: Set(bounds.map(|bounds| bounds.west)),
                east: Set(bounds.map(|bounds| bounds.east)),
            })
            .filter(county::Column::Id.eq(THE_COUNTY))
            .exec(&self.inner)
            .await
            .map_err(failed("store the county"))?;
        Ok(version + 1)
    }

    /// Everything that became different but the members, who are never deleted.
    async fn replace_rows(
        &self,
        before: Option<&Register>,
        next: &Register,
    ) -> Result<(), StorageError> {
        let on = &self.inner;
        // Somebody who corrects one row of a large county does not wait for all of them.
        let differs = |is_same: &dyn Fn(&Register) -> bool| !before.is_some_and(is_same);
        if differs(&|was| was.settings == next.settings) {
            clear::<setting::Entity>(on).await?;
            insert::<setting::Entity, _>(on, rows::setting_rows(&next.settings)).await?;
        }
        if differs(&|was| was.areas == next.areas) {
            clear::<area::Entity>(on).await?;
            let areas = numbered(&next.areas, rows::area_row)?;
            insert::<area::Entity, _>(on, areas).await?;
        }
        if differs(&|was| was.units == next.units) {
            clear::<unit::Entity>(on).await?;
            let units = numbered(&next.units, |index, unit| Ok(rows::unit_row(index, unit)))?;
            insert::<unit::Entity, _>(on, units).await?;
        }
        if differs(&|was| was.categories == next.categories) {
            clear::<category::Entity>(on).await?;
            let categories = numbered(&next.categories, rows::category_row)?;
            insert::<category::Entity, _>(on, categories).await?;
        }
        if differs(&|was| was.rules == next.rules) {
            clear::<rule::Entity>(on).await?;
            let rules = numbered(&next.rules, more_rows::rule_row)?;
            insert::<rule::Entity, _>(on, rules).await?;
        }
        if differs(&|was| was.days == next.days) {
            clear::<day::Entity>(on).await?;
            let days = next.days.iter().map(|(date, special)| more_rows::day_row(*date, special));
            insert::<day::Entity, _>(on, days.collect()).await?;
        }
        if differs(&|was| was.handbook == next.handbook) {
            clear::<howto::Entity>(on).await?;
            let handbook = numbered(&next.handbook, more_rows::howto_row)?;
            insert::<howto::Entity, _>(on, handbook).await?;
        }
        Ok(())
    }

    /// Whether the county is still the one of this version; 0 is none at all. Holds it until the
    /// end of the transaction.
    pub async fn county_is(&self, version: i64, now: DateTime<Utc>) -> Result<bool, StorageError> {
        Ok(self.lock_county(now).await? == version)
    }

    /// Gives a member another name, area or unit, so that the import of a county that says the
    /// same recognises them.
    pub async fn move_member(&self, name: &str, next: &Member) -> Result<(), StorageError> {
        self.touch_county().await?;
        let area = next.area.as_ref().map(|area| area.0.clone());
        member::Entity::update_many()
            .col_expr(member::Column::Name, Expr::value(next.name.clone()))
            .col_expr(member::Column::Area, Expr::value(area))
            .col_expr(member::Column::Unit, Expr::value(next.unit.clone()))
            .filter(member::Column::Name.eq(name))
            .filter(member::Column::Active.eq(true))
            .exec(&self.inner)
            .await
            .map_err(failed("move a member"))?;
        Ok(())
    }

    /// Counts the version up for a change that is no import.
    pub(super) async fn touch_county(&self) -> Result<(), StorageError> {
        county::Entity::update_many()
            .col_expr(county::Column::Version, Expr::col(county::Column::Version).add(1))
            .filter(county::Column::Id.eq(THE_COUNTY))
            .exec(&self.inner)
            .await
            .map_err(failed("count the county's version up"))?;
        Ok(())
    }

    /// Two imports at once run one after the other; returns the stored version.
    async fn lock_county(&self, now: DateTime<Utc>) -> Result<i64, StorageError> {
        let empty = county::ActiveModel {
            id: Set(THE_COUNTY),
            version: Set(0),
            imported_at: Set(now),
            south: Set(None),
            north: Set(None),
            west: Set(None),
            east: Set(None),
        };
        let found = county::Entity::insert(empty)
            .on_conflict(
                OnConflict::column(county::Column::Id).update_column(county::Column::Id).to_owned(),
            )
            .exec_with_returning(&self.inner)
            .await
            .map_err(failed("lock the county"))?;
        Ok(found.version)
    }

    /// Who each member of the next county is, with the leave that was taken since where it says
    /// nothing of leave, and who is gone.
    async fn recognise(
        &self,
        next: &[Member],
        ids: &dyn Ids,
    ) -> Result<(Vec<(Uuid, Member)>, Vec<Uuid>), StorageError> {
        let known = member::Entity::find()
            .order_by_asc(member::Column::Id)
            .all(&self.inner)
            .await
            .map_err(failed("read the members"))?;
        let mut by_name: HashMap<String, Vec<member::Model>> = HashMap::new();
        for member in known {
            by_name.entry(member.name.clone()).or_default().push(member);
        }
        let mut people = Vec::with_capacity(next.len());
        for member in next {
            let namesakes = by_name.get_mut(&member.name);
            let same = namesakes.and_then(|known| {
                let at = known.iter().position(|m| is_same_person(m, member))?;
                Some(known.remove(at))
            });
            people.push(match same {
                Some(same) => {
                    let leave = member.leave.or(rows::leave(&same)?);
                    (same.id, Member { leave, ..member.clone() })
                }
                None => (ids.fresh(), member.clone()),
            });
        }
        let gone = by_name.into_values().flatten().filter(|m| m.active).map(|m| m.id);
        Ok((people, gone.collect()))
    }

    async fn replace_members(
        &self,
        people: &[(Uuid, Member)],
        gone: &[Uuid],
    ) -> Result<(), StorageError> {
        let kept = numbered(people, |index, (id, member)| rows::member_row(index, *id, member))?;
        let every = member::Column::iter().filter(|column| !matches!(column, member::Column::Id));
        let update = OnConflict::column(member::Column::Id).update_columns(every).to_owned();
        for chunk in kept.chunks(CHUNK) {
            member::Entity::insert_many(chunk.to_vec())
                .on_conflict(update.clone())
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed("store the members"))?;
        }
        for chunk in gone.chunks(CHUNK) {
            member::Entity::update_many()
                .col_expr(member::Column::Active, Expr::value(false))
                .filter(member::Column::Id.is_in(chunk.iter().copied()))
                .exec(&self.inner)
                .await
                .map_err(failed("retire members"))?;
        }
        // Who heads a grid now, or serves no longer, is to see another menu.
        self.wish_tags(Condition::all().add(resident::Column::MemberId.is_not_null())).await
    }
}

impl Store {
    /// The county and its version; none before the first import.
    pub async fn county(&self) -> Result<Option<(i64, County)>, StorageError> {
        // An import between two of the reads would give a mixture of two counties.
        const TRIES: usize = 3;
        for _ in 0..TRIES {
            let Some(before) = self.county_version().await? else { return Ok(None) };
            let (version, register) = read(&self.conn).await?;
            if before == version && self.county_version().await? == Some(version) {
                return Ok(Some((version, County::new(register))));
            }
        }
        Err(Row::of("county", &THE_COUNTY).stale())
    }

    /// The version of the stored county; none before the first import.
    pub async fn county_version(&self) -> Result<Option<i64>, StorageError> {
        let found = county::Entity::find_by_id(THE_COUNTY)
            .one(&self.conn)
            .await
            .map_err(failed("read the county's version"))?;
        Ok(found.map(|m| m.version))
    }
}

/// A name alone does not tell: the unit or the area has to be the same too, or a phone would go
/// to a stranger of the same name.
fn is_same_person(known: &member::Model, next: &Member) -> bool {
    let area = next.area.as_ref().map(|area| &area.0);
    known.name == next.name
        && (known.unit.is_some() && known.unit == next.unit
            || known.area.is_some() && known.area.as_ref() == area
            || known.unit == next.unit && known.area.as_ref() == area)
}

async fn read(on: &impl ConnectionTrait) -> Result<(i64, Register), StorageError> {
    let doing = "read the county";
    let row = county::Entity::find_by_id(THE_COUNTY)
        .one(on)
        .await
        .map_err(failed(doing))?
        .ok_or_else(|| Row::of("county", &THE_COUNTY).stale())?;
    let settings = setting::Entity::find().all(on).await.map_err(failed(doing))?;
    let areas = area::Entity::find().order_by_asc(area::Column::Position);
    let units = unit::Entity::find().order_by_asc(unit::Column::Position);
    let categories = category::Entity::find().order_by_asc(category::Column::Position);
    let members = member::Entity::find()
        .filter(member::Column::Active.eq(true))
        .order_by_asc(member::Column::Position);
    let areas = areas.all(on).await.map_err(failed(doing))?;
    let units = units.all(on).await.map_err(failed(doing))?;
    let categories = categories.all(on).await.map_err(failed(doing))?;
    let members = members.all(on).await.map_err(failed(doing))?;
    let rules = rule::Entity::find().order_by_asc(rule::Column::Position);
    let handbook = howto::Entity::find().order_by_asc(howto::Column::Position);
    let rules = rules.all(on).await.map_err(failed(doing))?;
    let days = day::Entity::find().all(on).await.map_err(failed(doing))?;
    let handbook = handbook.all(on).await.map_err(failed(doing))?;
    let register = Register {
        settings: rows::settings(settings)?,
        bounds: rows::bounds(&row)?,
        areas: areas.into_iter().map(rows::area).collect::<Result<_, _>>()?,
        units: units.into_iter().map(rows::unit).collect::<Result<_, _>>()?,
        members: members.into_iter().map(rows::member).collect::<Result<_, _>>()?,
        categories: categories.into_iter().map(rows::category).collect::<Result<_, _>>()?,
        rules: rules.into_iter().map(more_rows::rule).collect::<Result<_, _>>()?,
        days: days.into_iter().map(more_rows::day).collect::<Result<_, _>>()?,
        handbook: handbook.into_iter().map(more_rows::howto).collect::<Result<_, _>>()?,
    };
    Ok((row.version, register))
}

fn numbered<T, Row>(
    records: &[T],
    row: impl Fn(usize, &T) -> Result<Row, StorageError>,
) -> Result<Vec<Row>, StorageError> {
    records.iter().enumerate().map(|(index, record)| row(index, record)).collect()
}

async fn clear<E: EntityTrait>(on: &impl ConnectionTrait) -> Result<(), StorageError> {
    E::delete_many().exec(on).await.map_err(failed("clear the old county"))?;
    Ok(())
}

async fn insert<E, A>(on: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), StorageError>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Clone,
{
    for chunk in rows.chunks(CHUNK) {
        E::insert_many(chunk.to_vec())
            .exec_without_returning(on)
            .await
            .map_err(failed("store the county"))?;
    }
    Ok(())
}
