//! Aliases and what was done to them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::{FromRow as _, PgConnection, Postgres, Row as _, Transaction};

use super::event::LogLine;
use super::{Store, broken};
use crate::domain::alias::{Alias, AliasAction, AliasEvent, AliasState};
use crate::domain::alias_book::Reading;
use crate::domain::id::AliasId;
use crate::error::{DataError, Result};

const COLUMNS: &str = "alias_id, text, normal, target_kind, target_id, target_text, scope_code, scope_path, state,
    valid_from, nullif(valid_to, 'infinity') as valid_to, reason, proposed_by, proposed_at, decided_by, decided_at, hits,
    last_hit_at";

/// What is asked of the list of aliases; everything that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct AliasFilter {
    /// In this state.
    pub state: Option<AliasState>,
    /// With these letters in the alias or in what it stands for.
    pub text: Option<String>,
    /// Said in this division.
    pub scope_code: Option<String>,
    /// Code of the caller's area: what is said in it, around it and in the whole city.
    pub area: Option<String>,
    /// Only with ids below this one.
    pub before: Option<i32>,
    /// At most so many.
    pub limit: i64,
}

/// An act on one alias, or on a text that is to become one: nobody else decides about that text meanwhile.
#[derive(Debug)]
pub struct AliasTransaction(Transaction<'static, Postgres>);

impl Store {
    /// Begins an act on whatever has this normal text.
    pub async fn alias_begin(&self, normal: &str) -> Result<AliasTransaction> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("select pg_advisory_xact_lock(hashtext('alias'), hashtext($1))")
            .bind(normal)
            .execute(&mut *transaction)
            .await?;
        Ok(AliasTransaction(transaction))
    }

    /// One alias.
    ///
    /// # Errors
    /// [`DataError::NotFound`].
    pub async fn alias_view(&self, id: AliasId) -> Result<Alias> {
        let row = sqlx::query(&format!("select {COLUMNS} from alias where alias_id = $1"))
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| read(&row)).transpose()?.ok_or_else(|| missing(id))
    }

    /// Aliases, the newest first.
    pub async fn alias_list(&self, filter: &AliasFilter) -> Result<Vec<Alias>> {
        let like = |text: &String| {
            let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{plain}%")
        };
        sqlx::query(&format!(
            "select {COLUMNS}
             from alias
             where ($1::text is null or state = $1)
               and ($2::text is null or text like $2 or normal like $2 or target_text like $2)
               and ($3::text is null or scope_code = $3)
               and ($4::text is null or scope_code = '' or $4 = any(string_to_array(scope_path, '/'))
                    or starts_with($4, scope_code))
               and ($5::int is null or alias_id < $5)
             order by alias_id desc
             limit $6"
        ))
        .bind(filter.state.map(AliasState::name))
        .bind(filter.text.as_ref().map(like))
        .bind(filter.scope_code.as_ref())
        .bind(filter.area.as_ref())
        .bind(filter.before)
        .bind(filter.limit)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(read)
        .collect()
    }

    /// What was done to an alias, in order, with the stored hashes.
    pub async fn alias_events(&self, id: AliasId) -> Result<Vec<(AliasEvent, Vec<u8>)>> {
        let names = (AliasAction::named as fn(&str) -> _, AliasState::named as fn(&str) -> _);
        let lines = self.log_lines("alias", i64::from(id.0), names).await?;
        let event = |line: LogLine<AliasAction, AliasState>| AliasEvent {
            alias_id: id,
            ordinal: line.ordinal,
            action: line.action,
            from_state: line.from_state,
            to_state: line.to_state,
            actor: line.actor,
            reason: line.reason,
            occurred_at: line.occurred_at,
        };
        Ok(lines.into_iter().map(|(line, hash)| (event(line), hash)).collect())
    }

    /// Aliases whose time is over and that do not say so yet.
    pub async fn alias_overdue(&self) -> Result<Vec<(AliasId, String)>> {
        let rows: Vec<(i32, String)> = sqlx::query_as(
            "select alias_id, normal
             from alias
             where state in ('proposed', 'approved') and valid_to <= now()
             order by valid_to
             limit 100",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(id, normal)| (AliasId(id), normal)).collect())
    }

    /// Adds to the counters of how often aliases were read.
    pub async fn alias_count(&self, hits: &HashMap<AliasId, i64>) -> Result<()> {
        let mut hits: Vec<(i32, i64)> = hits.iter().map(|(id, count)| (id.0, *count)).collect();
        // In one order on every node: two that count the same aliases never wait for each other in a circle.
        hits.sort_unstable();
        let (ids, counts): (Vec<i32>, Vec<i64>) = hits.into_iter().unzip();
        sqlx::query(
            "with locked as materialized (
                 select alias_id from alias where alias_id = any($1) order by alias_id for no key update
             )
             update alias
             set hits = hits + told.count, last_hit_at = date_trunc('minute', now())
             from unnest($1::int[], $2::bigint[]) told (id, count), locked
             where alias.alias_id = told.id and locked.alias_id = told.id",
        )
        .bind(ids)
        .bind(counts)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The official name or address that reads like `normal`, with what it is; names are compared by `same`.
    pub async fn official_name(
        &self,
        text: &str,
        normal: &str,
        same: impl Fn(&str) -> bool,
    ) -> Result<Option<(String, String)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(include_str!("sql/official_names.sql"))
            .bind(text)
            .bind(normal)
            .bind(normal.chars().count() as i32)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().find(|(_, name)| same(name)))
    }

    /// The text of an address.
    pub async fn address_text(&self, id: i32) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("select full_text from address where address_id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// The address of a building: that of one of its doors without staircase and room.
    pub async fn building_text(&self, id: i32) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "select concat(district, township, community, road, house_no, compound, building_no)
             from address
             where building_id = $1
             order by address_id
             limit 1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?)
    }
}

impl AliasTransaction {
    /// Another alias of this text and scope that is proposed or read in the same time.
    pub async fn rival(&mut self, alias: &Alias) -> Result<Option<Alias>> {
        let row = sqlx::query(&format!(
            "select {COLUMNS}
             from alias
             where normal = $1 and scope_code = $2 and alias_id <> $3 and state in ('proposed', 'approved')
               and tstzrange(valid_from, valid_to) && tstzrange($4, coalesce($5, 'infinity'))
             limit 1"
        ))
        .bind(&alias.normal)
        .bind(&alias.scope_code)
        .bind(alias.alias_id.0)
        .bind(alias.valid_from)
        .bind(alias.valid_to)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// The alias as it stands, locked until the end of this act.
    ///
    /// # Errors
    /// [`DataError::NotFound`].
    pub async fn view(&mut self, id: AliasId) -> Result<Alias> {
        let sql = format!("select {COLUMNS} from alias where alias_id = $1 for no key update");
        let row = sqlx::query(&sql).bind(id.0).fetch_optional(&mut *self.0).await?;
        row.map(|row| read(&row)).transpose()?.ok_or_else(|| missing(id))
    }

    /// Writes a new alias and gives back its id.
    pub async fn insert(&mut self, alias: &Alias) -> Result<AliasId> {
        let id: i32 = sqlx::query_scalar(
            "insert into alias (text, normal, target_kind, target_id, target_text, scope_code, scope_path, state,
                 valid_from, valid_to, reason, proposed_by, proposed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 'infinity'), $11, $12, $13)
             returning alias_id",
        )
        .bind(&alias.text)
        .bind(&alias.normal)
        .bind(&alias.target_kind)
        .bind(&alias.target_id)
        .bind(&alias.target_text)
        .bind(&alias.scope_code)
        .bind(&alias.scope_path)
        .bind(alias.state.name())
        .bind(alias.valid_from)
        .bind(alias.valid_to)
        .bind(&alias.reason)
        .bind(&alias.proposed_by)
        .bind(alias.proposed_at)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(AliasId(id))
    }

    /// Writes state, time and who decided.
    pub async fn update(&mut self, alias: &Alias) -> Result<()> {
        sqlx::query(
            "update alias
             set state = $2, valid_from = $3, valid_to = coalesce($4, 'infinity'), decided_by = $5, decided_at = $6
             where alias_id = $1",
        )
        .bind(alias.alias_id.0)
        .bind(alias.state.name())
        .bind(alias.valid_from)
        .bind(alias.valid_to)
        .bind(&alias.decided_by)
        .bind(alias.decided_at)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Adds a line to the log, chained to the one before, and tells all nodes.
    pub async fn log(&mut self, alias: &Alias, mut event: AliasEvent) -> Result<()> {
        let last: Option<(i32, Vec<u8>)> = sqlx::query_as(
            "select ordinal, hash from alias_event where alias_id = $1 order by ordinal desc limit 1",
        )
        .bind(event.alias_id.0)
        .fetch_optional(&mut *self.0)
        .await?;
        event.ordinal = last.as_ref().map_or(1, |(ordinal, _)| ordinal + 1);
        let hash = event.hash(last.as_ref().map(|(_, hash)| hash.as_slice()));
        sqlx::query(
            "with event as (
                 insert into alias_event
                     (alias_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             )
             insert into outbox (topic, area_path, payload, occurred_at)
             values ('alias', $10, jsonb_build_object('alias_id', $1, 'state', $5), $8)",
        )
        .bind(event.alias_id.0)
        .bind(event.ordinal)
        .bind(event.action.name())
        .bind(event.from_state.map(AliasState::name))
        .bind(event.to_state.name())
        .bind(&event.actor)
        .bind(&event.reason)
        .bind(event.occurred_at)
        .bind(hash.as_slice())
        .bind(&alias.scope_path)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Ends the act.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

/// All aliases that are read now or will be.
pub(super) async fn readings(connection: &mut PgConnection) -> Result<Vec<Reading>> {
    type Row = (i32, String, String, String, String, DateTime<Utc>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = sqlx::query_as(
        "select alias_id, normal, target_text, scope_code, scope_path, valid_from, nullif(valid_to, 'infinity')
         from alias
         where state = 'approved' and now() < valid_to
         order by alias_id",
    )
    .fetch_all(connection)
    .await?;
    let reading =
        |(id, normal, target_text, scope_code, scope_path, valid_from, valid_to)| Reading {
            alias_id: AliasId(id),
            normal,
            target_text,
            scope_code,
            scope_path,
            valid_from,
            valid_to,
        };
    Ok(rows.into_iter().map(reading).collect())
}

fn missing(id: AliasId) -> DataError {
    DataError::NotFound { what: "alias", id: id.to_string() }
}

fn state(name: &str) -> Result<AliasState> {
    AliasState::named(name).ok_or_else(|| broken("alias state", name))
}

fn read(row: &PgRow) -> Result<Alias> {
    type Said = (i32, String, String, String, String, String, String, String, String);
    let (alias_id, text, normal, target_kind, target_id, target_text, scope_code, scope_path, name) =
        Said::from_row(row)?;
    Ok(Alias {
        alias_id: AliasId(alias_id),
        text,
        normal,
        target_kind,
        target_id,
        target_text,
        scope_code,
        scope_path,
        state: state(&name)?,
        valid_from: row.try_get("valid_from")?,
        valid_to: row.try_get("valid_to")?,
        reason: row.try_get("reason")?,
        proposed_by: row.try_get("proposed_by")?,
        proposed_at: row.try_get("proposed_at")?,
        decided_by: row.try_get("decided_by")?,
        decided_at: row.try_get("decided_at")?,
        hits: row.try_get("hits")?,
        last_hit_at: row.try_get("last_hit_at")?,
    })
}
