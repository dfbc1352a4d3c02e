//! Answer templates: what the desk writes again and again, for a category, a state, or any.

use super::{
    StorageError, Store, Tx,
    codec::{Row, stored_count},
    error::failed,
};
use crate::ticket::Stage;
use entities::answer_template as row;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QueryTrait,
    TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

/// Words that the desk can begin an answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTemplate {
    /// Identity.
    pub id: Uuid,
    /// What it is for, in a few words.
    pub title: String,
    /// The words, with placeholders.
    pub text: String,
    /// Only for tickets of this category.
    pub category: Option<String>,
    /// Only for tickets in this state.
    pub stage: Option<Stage>,
    /// Its place among the others.
    pub position: u32,
}

impl Store {
    /// What may be offered for a ticket of this category in this state, in order; everything
    /// where neither is given.
    pub async fn answer_templates(
        &self,
        category: Option<&str>,
        stage: Option<Stage>,
    ) -> Result<Vec<AnswerTemplate>, StorageError> {
        let (category_is, stage_is) = (row::Column::Category, row::Column::Stage);
        let found = row::Entity::find()
            .apply_if(category, |found, code| {
                found.filter(category_is.is_null().or(category_is.eq(code)))
            })
            .apply_if(stage, |found, stage| {
                found.filter(stage_is.is_null().or(stage_is.eq(stage.code())))
            })
            .order_by_asc(row::Column::Position)
            .order_by_asc(row::Column::Title)
            .order_by_asc(row::Column::Id)
            .all(&self.conn)
            .await
            .map_err(failed("read the answer templates"))?;
        found.into_iter().map(template).collect()
    }

    /// One of them.
    pub async fn answer_template(&self, id: Uuid) -> Result<Option<AnswerTemplate>, StorageError> {
        let found = row::Entity::find_by_id(id)
            .one(&self.conn)
            .await
            .map_err(failed("read an answer template"))?;
        found.map(template).transpose()
    }
}

impl Tx {
    /// Adds an answer template; false where it was added before.
    pub async fn add_answer_template(&self, new: &AnswerTemplate) -> Result<bool, StorageError> {
        let added = row::Entity::insert(model(new))
            .on_conflict(OnConflict::column(row::Column::Id).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed("add an answer template"))?;
        Ok(matches!(added, TryInsertResult::Inserted(1..)))
    }

    /// Changes an answer template; false where there is none (any more).
    pub async fn change_answer_template(
        &self,
        changed: &AnswerTemplate,
    ) -> Result<bool, StorageError> {
        let changed = row::Entity::update_many()
            .set(model(changed))
            .filter(row::Column::Id.eq(changed.id))
            .exec(&self.inner)
            .await
            .map_err(failed("change an answer template"))?;
        Ok(changed.rows_affected == 1)
    }

    /// Removes an answer template; false where there is none (any more).
    pub async fn remove_answer_template(&self, id: Uuid) -> Result<bool, StorageError> {
        let removed = row::Entity::delete_by_id(id)
            .exec(&self.inner)
            .await
            .map_err(failed("remove an answer template"))?;
        Ok(removed.rows_affected == 1)
    }
}

fn model(template: &AnswerTemplate) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(template.id),
        title: Set(template.title.clone()),
        text: Set(template.text.clone()),
        category: Set(template.category.clone()),
        stage: Set(template.stage.map(|stage| stage.code().to_owned())),
        position: Set(stored_count(template.position)),
    }
}

fn template(m: row::Model) -> Result<AnswerTemplate, StorageError> {
    let name = Row::of("answer_template", &m.id);
    Ok(AnswerTemplate {
        id: m.id,
        title: m.title,
        text: m.text,
        category: m.category,
        stage: m.stage.map(|code| name.code("stage", code)).transpose()?,
        position: name.count("position", m.position)?,
    })
}
