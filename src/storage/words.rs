//! Finding tickets by words, by the end of a number and by a telephone number.
//!
//! Chinese has no blanks between words, and no dictionary knows the places of a county. So a text
//! is kept as its pairs of neighbouring signs, and a word is found as the row of its pairs: every
//! word of two signs and more, exactly. A single sign is found as the beginning of a pair. Beside
//! the pairs stand the codes of the areas and of the category, so that a township's search costs
//! what its own tickets cost.
//!
//! Deliberately absent: likeness; 路灯 does not find 街灯.

use super::{Sight, StorageError, Store, Tx, error::failed, tickets::all};
use crate::ticket::{
    Ticket,
    event::{Event, What},
};
use entities::ticket as row;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, Value, sea_query::Expr,
};
use std::fmt::Write as _;
use uuid::Uuid;

/// The latest that are looked at: whoever finds more has not said enough.
const HITS: u64 = 500;
/// Tickets whose words are put in at a time.
const KEPT: u64 = 500;
/// Nobody types more words than that.
const MOST_WORDS: usize = 8;
/// Letters and digits beyond are left out: PostgreSQL refuses a word of more than 2,046 bytes.
const LONGEST_WORD: usize = 60;

impl Store {
    /// The latest tickets in which all these words occur, at most so many.
    pub async fn tickets_with_words(
        &self,
        sight: &Sight,
        words: &str,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        let backend = self.conn.get_database_backend();
        let Some(asked) = asked(backend, words, &sight.terms()) else { return Ok(Vec::new()) };
        let sql = match backend {
            DbBackend::Postgres => {
                "SELECT ticket_id FROM ticket_words WHERE words @@ $1::tsquery \
                 ORDER BY id DESC LIMIT $2"
            }
            _ => {
                "SELECT ticket_id FROM ticket_words WHERE id IN (SELECT rowid FROM \
                 ticket_words_text WHERE ticket_words_text MATCH $1 ORDER BY rowid DESC LIMIT $2) \
                 ORDER BY id DESC"
            }
        };
        let values = [Value::from(asked), Value::from(i64::try_from(HITS).unwrap_or(i64::MAX))];
        let finding = Statement::from_sql_and_values(backend, sql, values);
        let doing = "find tickets by words";
        let found = self.conn.query_all_raw(finding).await.map_err(failed(doing))?;
        let mut ids: Vec<Uuid> = Vec::with_capacity(found.len());
        for hit in found {
            ids.push(hit.try_get_by_index(0).map_err(failed(doing))?);
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.newest(row::Column::Id.is_in(ids), sight, limit).await
    }

    /// The latest tickets whose number ends so; four digits at least.
    pub async fn tickets_numbered_like(
        &self,
        sight: &Sight,
        digits: &str,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        let Some(tail) = digits.len().checked_sub(4).and_then(|from| digits.get(from..)) else {
            return Ok(Vec::new());
        };
        let ends_so = Expr::cust("substr(number, 11)")
            .eq(tail)
            .and(row::Column::Number.like(format!("%{digits}")));
        self.newest(ends_so, sight, limit).await
    }

    /// The latest tickets with this telephone number, whole.
    pub async fn tickets_of_phone(
        &self,
        sight: &Sight,
        phone: &str,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        self.newest(row::Column::Contact.eq(phone), sight, limit).await
    }

    async fn newest(
        &self,
        which: sea_orm::sea_query::SimpleExpr,
        sight: &Sight,
        limit: u64,
    ) -> Result<Vec<Ticket>, StorageError> {
        let found = row::Entity::find()
            .filter(which)
            .filter(sight.condition())
            .order_by_desc(row::Column::SubmittedAt)
            .order_by_desc(row::Column::Number)
            .limit(limit);
        all(&self.conn, found, "find tickets").await
    }
}

impl Tx {
    /// Keeps the words of a ticket, if these events brought or changed them.
    pub(super) async fn keep_words(
        &self,
        ticket: &Ticket,
        events: &[Event],
    ) -> Result<(), StorageError> {
        let is_new = |event: &Event| {
            matches!(
                event.what,
                What::Submitted { .. }
                    | What::Supplemented { .. }
                    | What::Corrected { .. }
                    | What::Located { .. }
                    | What::Recategorised { .. }
                    | What::InfoGiven { .. }
            )
        };
        if events.iter().any(is_new) { self.put_words(ticket).await } else { Ok(()) }
    }

    pub(super) async fn put_words(&self, ticket: &Ticket) -> Result<(), StorageError> {
        let backend = self.inner.get_database_backend();
        let doing = "keep the words of a ticket";
        let kept = kept(backend, ticket);
        let id = Value::from(ticket.id.0);
        if backend == DbBackend::Postgres {
            let sql = "INSERT INTO ticket_words (ticket_id, words) VALUES ($1, $2::tsvector) \
                       ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words";
            let put = Statement::from_sql_and_values(backend, sql, [id, kept.into()]);
            return self.inner.execute_raw(put).await.map(drop).map_err(failed(doing));
        }
        let sql = "INSERT INTO ticket_words (ticket_id) VALUES ($1) \
                   ON CONFLICT (ticket_id) DO UPDATE SET ticket_id = excluded.ticket_id \
                   RETURNING id";
        let put = Statement::from_sql_and_values(backend, sql, [id]);
        let number = self.inner.query_one_raw(put).await.map_err(failed(doing))?;
        let number = number.map(|row| row.try_get_by_index::<i64>(0)).transpose();
        let number = number.map_err(failed(doing))?.unwrap_or_default();
        let sql = "INSERT OR REPLACE INTO ticket_words_text (rowid, words) VALUES ($1, $2)";
        let put = Statement::from_sql_and_values(backend, sql, [number.into(), kept.into()]);
        self.inner.execute_raw(put).await.map(drop).map_err(failed(doing))
    }

    /// Keeps the words of the tickets that were there before words were kept, oldest first.
    pub(super) async fn keep_all_words(&self) -> Result<(), StorageError> {
        let doing = "keep the words of all tickets";
        let backend = self.inner.get_database_backend();
        let any = Statement::from_string(backend, "SELECT id FROM ticket_words LIMIT 1");
        if self.inner.query_one_raw(any).await.map_err(failed(doing))?.is_some() {
            return Ok(());
        }
        let mut after = None;
        loop {
            let mut page = row::Entity::find();
            if let Some((at, id)) = after {
                let place = [row::Column::SubmittedAt, row::Column::Id].map(Expr::col);
                let there = [Value::from(at), Value::from(id)].map(Expr::value);
                page = page.filter(Expr::tuple(place).gt(Expr::tuple(there)));
            }
            let rows = page
                .order_by_asc(row::Column::SubmittedAt)
                .order_by_asc(row::Column::Id)
                .limit(KEPT)
                .all(&self.inner)
                .await
                .map_err(failed(doing))?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some((last.submitted_at, last.id));
            for m in rows {
                if let Ok(ticket) = Ticket::try_from(m) {
                    self.put_words(&ticket).await?;
                }
            }
        }
    }
}

/// What is kept of a ticket, as the database wants it.
fn kept(backend: DbBackend, ticket: &Ticket) -> String {
    let report = &ticket.report;
    let mut terms = Vec::new();
    for text in [Some(report.text.as_str()), report.place.text.as_deref()].into_iter().flatten() {
        for run in runs(text) {
            terms.extend(pairs(&run));
            // A sign at the end begins no pair, and is found by itself.
            terms.extend(run.last().filter(|sign| !sign.is_ascii()).map(char::to_string));
        }
    }
    terms.extend(ticket.area_path.iter().map(|code| term("area", code)));
    terms.push(term("category", &report.category));
    if backend != DbBackend::Postgres {
        return terms.join(" ");
    }
    let mut vector = String::new();
    // Positions beyond the last that the database knows are the last.
    for (place, word) in terms.iter().enumerate() {
        let _ = write!(vector, "'{word}':{} ", (place + 1).min(16_383));
    }
    vector
}

/// A code as a word that nobody types.
pub(super) fn term(kind: &str, code: &str) -> String {
    let mut term = format!("{kind}x");
    for byte in code.bytes() {
        let _ = write!(term, "{byte:02x}");
    }
    term
}

/// What is asked for, as the database wants it: all words, in tickets with one of each of these
/// groups of terms. Nothing, where nothing is asked for.
fn asked(backend: DbBackend, words: &str, groups: &[Vec<String>]) -> Option<String> {
    let is_server = backend == DbBackend::Postgres;
    let phrase = |run: Vec<char>| {
        let single = match run.as_slice() {
            [sign] if !sign.is_ascii() => Some(*sign),
            _ => None,
        };
        match (is_server, single) {
            (true, Some(sign)) => format!("'{sign}':*"),
            (false, Some(sign)) => format!("\"{sign}\" *"),
            (true, None) => {
                let row: Vec<String> = pairs(&run).iter().map(|pair| format!("'{pair}'")).collect();
                format!("({})", row.join(" <-> "))
            }
            (false, None) => format!("\"{}\"", pairs(&run).join(" ")),
        }
    };
    let mut parts: Vec<String> = runs(words).into_iter().take(MOST_WORDS).map(phrase).collect();
    if parts.is_empty() {
        return None;
    }
    let (or, and) = if is_server { (" | ", " & ") } else { (" OR ", " AND ") };
    parts.extend(groups.iter().map(|group| format!("({})", group.join(or))));
    Some(parts.join(and))
}

/// What belongs together: Chinese without a break, or one word of letters and digits.
fn runs(text: &str) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut open = false;
    for sign in text.chars().flat_map(char::to_lowercase) {
        if !sign.is_alphanumeric() {
            open = false;
            continue;
        }
        let goes_on = |run: &&mut Vec<char>| {
            open && run.last().is_some_and(|last| last.is_ascii() == sign.is_ascii())
        };
        match runs.last_mut().filter(goes_on) {
            Some(run) => run.push(sign),
            None => runs.push(vec![sign]),
        }
        open = true;
    }
    runs
}

/// The pairs of neighbouring signs; letters and digits are a word as they are.
fn pairs(run: &[char]) -> Vec<String> {
    if run.first().is_some_and(char::is_ascii) {
        return vec![run.iter().take(LONGEST_WORD).collect()];
    }
    run.windows(2).map(|pair| pair.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_pairs_and_nothing_of_a_query_is_a_sign_of_the_database() {
        let cut = |text: &str| runs(text).iter().flat_map(|run| pairs(run)).collect::<Vec<_>>();
        assert_eq!(cut("路灯坏了，3号楼ABC"), ["路灯", "灯坏", "坏了", "3", "号楼", "abc"]);
        assert_eq!(cut("灯"), Vec::<String>::new());
        assert_eq!(cut(&"x".repeat(20_000)), ["x".repeat(LONGEST_WORD)]);
        for hostile in ["\" OR *", "' | '", "路灯\" NEAR", "a'b:*", "(((", "-路灯", "^灯灯"] {
            for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
                let asked = asked(backend, hostile, &[]).unwrap_or_default();
                let signs = asked.replace("<->", "").replace(" AND ", "").replace(" & ", "");
                let is_ours = |sign: char| {
                    sign.is_alphanumeric() || matches!(sign, '"' | '\'' | '(' | ')' | ' ')
                };
                assert!(signs.chars().all(is_ours), "{hostile}: {asked}");
                assert_eq!(asked.matches(['"', '\'']).count() % 2, 0, "{asked}");
            }
        }
        assert_eq!(asked(DbBackend::Sqlite, "，。 ", &[]), None);
        let of_area = [vec![term("area", "1")]];
        assert_eq!(
            asked(DbBackend::Sqlite, "路灯坏", &of_area).unwrap(),
            "\"路灯 灯坏\" AND (areax31)"
        );
        assert_eq!(
            asked(DbBackend::Postgres, "路灯坏 灯", &of_area).unwrap(),
            "('路灯' <-> '灯坏') & '灯':* & (areax31)"
        );
    }
}
