//! Files of addresses to be found: jobs, their rows, and acts on them. The work itself is in `geocode_chunk`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::types::Json;

use super::{Store, broken};
use crate::domain::geocode_job::{GeocodeJob, JobState, Mapping, RowAnswer, Versions};
use crate::domain::id::{ApiKeyId, GeocodeJobId};
use crate::error::{DataError, Result};
use crate::sheet::{Sheet, SheetRow};

pub(super) const COLUMNS: &str = "geocode_job_id, api_key_id, file_name, format, reading, header, columns, crs, mapping,
    state, row_count, run, done_rows, computed_rows, changed_rows, outcomes, boundary_version, gazetteer_version,
    alias_version, created_at, started_at, finished_at, expires_at";
/// Rows of one statement of an upload.
const PIECE: usize = 5_000;

/// Whose jobs are in sight.
#[derive(Clone, Copy, Debug)]
pub struct JobViewer {
    /// The key that asks.
    pub api_key: ApiKeyId,
    /// Whether it sees those of all keys.
    pub sees_all: bool,
}

/// A row with what was found for it.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredRow {
    /// Its number, from 1.
    pub row_no: i32,
    /// As it came.
    pub row: SheetRow,
    /// What was found; none before its turn.
    pub answer: Option<RowAnswer>,
    /// What was found in the run before, when that was something else.
    pub before: Option<RowAnswer>,
    /// The versions it was found with.
    pub versions: Option<Versions>,
}

/// Which rows of a job.
#[derive(Clone, Debug, Default)]
pub struct RowFilter {
    /// Only those that came out so.
    pub status: Option<String>,
    /// Only those that the last run answered otherwise than the one before.
    pub changed: bool,
    /// Behind this row.
    pub after: i32,
    /// At most so many.
    pub limit: i64,
}

impl Store {
    /// Keeps a file, all of it or nothing.
    pub async fn geocode_job_insert(
        &self,
        api_key: ApiKeyId,
        file_name: &str,
        crs: &str,
        sheet: &Sheet,
        expires_at: DateTime<Utc>,
    ) -> Result<GeocodeJobId> {
        let mut transaction = self.pool.begin().await?;
        let id: i64 = sqlx::query_scalar(
            "insert into geocode_job
                 (api_key_id, file_name, format, reading, header, columns, crs, state, row_count, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, 'uploaded', $8, $9)
             returning geocode_job_id",
        )
        .bind(api_key.0)
        .bind(file_name)
        .bind(sheet.format)
        .bind(&sheet.reading)
        .bind(&sheet.header)
        .bind(&sheet.columns)
        .bind(crs)
        .bind(sheet.rows.len() as i32)
        .bind(expires_at)
        .fetch_one(&mut *transaction)
        .await?;
        for (piece, rows) in (0..).zip(sheet.rows.chunks(PIECE)) {
            let first = piece * PIECE as i32 + 1;
            let cells = rows.iter().map(|row| serde_json::to_string(&row.cells));
            let cells: Vec<String> =
                cells.collect::<Result<_, _>>().map_err(|error| odd(&error))?;
            let kinds: Vec<&str> = rows.iter().map(|row| row.kinds.as_str()).collect();
            sqlx::query(
                "insert into geocode_job_row (geocode_job_id, row_no, cells, kinds)
                 select $1, $2 + place - 1, cells::json, kinds
                 from unnest($3::text[], $4::text[]) with ordinality as told (cells, kinds, place)",
            )
            .bind(id)
            .bind(first)
            .bind(cells)
            .bind(kinds)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(GeocodeJobId(id))
    }

    /// One job.
    ///
    /// # Errors
    /// [`DataError::NotFound`] when there is none, or it is another key's.
    pub async fn geocode_job_view(
        &self,
        id: GeocodeJobId,
        viewer: JobViewer,
    ) -> Result<GeocodeJob> {
        let sql = format!(
            "select {COLUMNS} from geocode_job where geocode_job_id = $1 and (api_key_id = $2 or $3)"
        );
        let row = sqlx::query(&sql)
            .bind(id.0)
            .bind(viewer.api_key.0)
            .bind(viewer.sees_all)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| read(&row)).transpose()?.ok_or_else(|| missing(id))
    }

    /// Jobs, the newest first.
    pub async fn geocode_job_list(
        &self,
        viewer: JobViewer,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<GeocodeJob>> {
        let sql = format!(
            "select {COLUMNS}
             from geocode_job
             where (api_key_id = $1 or $2) and ($3::bigint is null or geocode_job_id < $3)
             order by geocode_job_id desc
             limit $4"
        );
        sqlx::query(&sql)
            .bind(viewer.api_key.0)
            .bind(viewer.sees_all)
            .bind(before)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// How many jobs of a key still have their texts.
    pub async fn geocode_jobs_kept(&self, api_key: ApiKeyId) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "select count(*) from geocode_job where api_key_id = $1 and state <> 'deleted'",
        )
        .bind(api_key.0)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Rows of a job with what was found for them, in their order.
    pub async fn geocode_job_rows(
        &self,
        id: GeocodeJobId,
        filter: &RowFilter,
    ) -> Result<Vec<AnsweredRow>> {
        rows(&mut *self.pool.acquire().await?, id, filter).await
    }

    /// Asks for the work: from `uploaded` or `cancelled` on with a mapping, all rows anew.
    ///
    /// # Errors
    /// [`DataError::Conflict`] when it stands otherwise.
    pub async fn geocode_job_start(
        &self,
        id: GeocodeJobId,
        mapping: &Mapping,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let state = lock(&mut transaction, id).await?;
        if !matches!(state, JobState::Uploaded | JobState::Cancelled) {
            return Err(conflict(id, state, "it cannot be started"));
        }
        sqlx::query("delete from geocode_job_answer where geocode_job_id = $1")
            .bind(id.0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "update geocode_job
             set state = 'waiting', mapping = $2, run = 1, done_rows = 0, computed_rows = 0, changed_rows = 0,
                 outcomes = '{}', started_at = now(), worked_at = now(), finished_at = null,
                 expires_at = greatest(expires_at, $3)
             where geocode_job_id = $1",
        )
        .bind(id.0)
        .bind(Json(mapping))
        .bind(expires_at)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Asks for another run over a finished job: rows whose answer may be another by now.
    ///
    /// # Errors
    /// [`DataError::Conflict`] when it is not finished.
    pub async fn geocode_job_rerun(
        &self,
        id: GeocodeJobId,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let state = lock(&mut transaction, id).await?;
        if state != JobState::Done {
            return Err(conflict(id, state, "only a finished one is run again"));
        }
        sqlx::query(
            "update geocode_job
             set state = 'waiting', run = run + 1, done_rows = 0, computed_rows = 0, changed_rows = 0, outcomes = '{}',
                 started_at = now(), worked_at = now(), finished_at = null, expires_at = greatest(expires_at, $2)
             where geocode_job_id = $1",
        )
        .bind(id.0)
        .bind(expires_at)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Ends the work before it is done; the answers so far stay. Does nothing to a job at rest.
    pub async fn geocode_job_cancel(&self, id: GeocodeJobId) -> Result<()> {
        sqlx::query(
            "update geocode_job
             set state = 'cancelled', finished_at = now()
             where geocode_job_id = $1 and state in ('uploaded', 'waiting', 'running')",
        )
        .bind(id.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes all texts of a job; the job stays with its numbers.
    pub async fn geocode_job_delete(&self, id: GeocodeJobId) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction, id).await?;
        for table in ["geocode_job_answer", "geocode_job_row"] {
            sqlx::query(&format!("delete from {table} where geocode_job_id = $1"))
                .bind(id.0)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query(
            "update geocode_job
             set state = 'deleted', file_name = '', header = '{}', columns = '{}', mapping = null,
                 finished_at = coalesce(finished_at, now())
             where geocode_job_id = $1",
        )
        .bind(id.0)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Jobs whose texts have been kept long enough.
    pub async fn geocode_jobs_overdue(&self) -> Result<Vec<GeocodeJobId>> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "select geocode_job_id
             from geocode_job
             where expires_at <= now() and state <> 'deleted'
             order by expires_at
             limit 100",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(GeocodeJobId).collect())
    }
}

async fn lock(
    transaction: &mut sqlx::Transaction<'static, sqlx::Postgres>,
    id: GeocodeJobId,
) -> Result<JobState> {
    let name: Option<String> =
        sqlx::query_scalar("select state from geocode_job where geocode_job_id = $1 for update")
            .bind(id.0)
            .fetch_optional(&mut **transaction)
            .await?;
    state(&name.ok_or_else(|| missing(id))?)
}

pub(super) async fn rows(
    connection: &mut sqlx::PgConnection,
    id: GeocodeJobId,
    filter: &RowFilter,
) -> Result<Vec<AnsweredRow>> {
    sqlx::query(
        "select r.row_no, r.cells, r.kinds, a.answer, a.boundary_version, a.gazetteer_version, a.alias_version,
                case when a.run = j.run then a.before end as before
         from geocode_job_row r
         join geocode_job j on j.geocode_job_id = r.geocode_job_id
         left join geocode_job_answer a on a.geocode_job_id = r.geocode_job_id and a.row_no = r.row_no
         where r.geocode_job_id = $1 and $2 < r.row_no
           and ($3::text is null or coalesce(a.status, 'pending') = $3)
           and (not $4 or a.run = j.run and a.before is not null)
         order by r.row_no
         limit $5",
    )
    .bind(id.0)
    .bind(filter.after)
    .bind(&filter.status)
    .bind(filter.changed)
    .bind(filter.limit)
    .fetch_all(connection)
    .await?
    .iter()
    .map(answered)
    .collect()
}

pub(super) fn missing(id: GeocodeJobId) -> DataError {
    DataError::NotFound { what: "file job", id: id.to_string() }
}

fn conflict(id: GeocodeJobId, state: JobState, why: &str) -> DataError {
    DataError::Conflict(format!("file job {id} is {}: {why}", state.name()))
}

fn odd(error: &serde_json::Error) -> DataError {
    DataError::Broken { what: "row of a file", why: error.to_string() }
}

fn state(name: &str) -> Result<JobState> {
    JobState::named(name).ok_or_else(|| broken("state of a file job", name))
}

fn answered(row: &PgRow) -> Result<AnsweredRow> {
    let Json(cells): Json<Vec<String>> = row.try_get("cells")?;
    let answer: Option<Json<RowAnswer>> = row.try_get("answer")?;
    let before: Option<Json<RowAnswer>> = row.try_get("before")?;
    Ok(AnsweredRow {
        row_no: row.try_get("row_no")?,
        row: SheetRow { cells, kinds: row.try_get("kinds")? },
        answer: answer.map(|Json(answer)| answer),
        before: before.map(|Json(before)| before),
        versions: versions(row)?,
    })
}

pub(super) fn versions(row: &PgRow) -> Result<Option<Versions>> {
    let boundary: Option<i32> = row.try_get("boundary_version")?;
    let gazetteer: Option<i64> = row.try_get("gazetteer_version")?;
    let alias: Option<i64> = row.try_get("alias_version")?;
    let all = boundary.zip(gazetteer).zip(alias);
    Ok(all.map(|((boundary, gazetteer), alias)| Versions { boundary, gazetteer, alias }))
}

pub(super) fn read(row: &PgRow) -> Result<GeocodeJob> {
    let mapping: Option<Json<Mapping>> = row.try_get("mapping")?;
    let Json(outcomes): Json<BTreeMap<String, i64>> = row.try_get("outcomes")?;
    let name: String = row.try_get("state")?;
    Ok(GeocodeJob {
        id: GeocodeJobId(row.try_get("geocode_job_id")?),
        api_key: ApiKeyId(row.try_get("api_key_id")?),
        file_name: row.try_get("file_name")?,
        format: row.try_get("format")?,
        reading: row.try_get("reading")?,
        header: row.try_get("header")?,
        columns: row.try_get("columns")?,
        crs: row.try_get("crs")?,
        mapping: mapping.map(|Json(mapping)| mapping),
        state: state(&name)?,
        row_count: row.try_get("row_count")?,
        run: row.try_get("run")?,
        done_rows: row.try_get("done_rows")?,
        computed_rows: row.try_get("computed_rows")?,
        changed_rows: row.try_get("changed_rows")?,
        outcomes,
        versions: versions(row)?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}
