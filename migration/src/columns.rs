//! Short words for what every table needs.

use sea_orm_migration::{prelude::*, schema};

/// A moment.
pub(crate) fn moment(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone(name)
}

/// A moment, perhaps.
pub(crate) fn moment_null(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone_null(name)
}

/// A primary key of several columns.
pub(crate) fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key
}

/// An index `table_name_idx`, named by what it is for.
pub(crate) fn index(
    table: &'static str,
    purpose: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{purpose}_idx")).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A reference that the database keeps.
pub(crate) fn reference(
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from.0, from.1).to(to.0, to.1).to_owned()
}

/// Drops tables in the order given.
pub(crate) async fn drop_all(
    schema: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables {
        schema.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
