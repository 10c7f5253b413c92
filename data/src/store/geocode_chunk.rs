//! The next rows of a job that waits, locked until their answers are written: whoever holds them, only one does, and when
//! it dies they are free again as if nothing had been begun.

use sqlx::types::Json;
use sqlx::{Postgres, Row as _, Transaction};

use super::{Store, geocode_job};
use crate::domain::geocode_job::{GeocodeJob, JobState, RowAnswer, Versions};
use crate::error::{DataError, Result};

/// A row that is to be answered, or that is answered with the versions of now.
#[derive(Clone, Debug)]
pub struct ChunkRow {
    /// Its number, from 1.
    pub row_no: i32,
    /// As it came.
    pub cells: Vec<String>,
    /// How it came out before, and with which versions.
    pub known: Option<(String, Versions)>,
}

/// An answer to be written.
#[derive(Clone, Debug)]
pub struct ChunkAnswer {
    /// The row.
    pub row_no: i32,
    /// What was found.
    pub answer: RowAnswer,
}

/// The open transaction; dropped without commit it leaves no trace.
#[derive(Debug)]
pub struct ChunkTransaction(Transaction<'static, Postgres>);

impl Store {
    /// Takes the job that has waited longest, and at most `limit` of its next rows. `None` when there is nothing to do, or
    /// others are at it.
    pub async fn geocode_chunk_begin(
        &self,
        limit: i64,
    ) -> Result<Option<(ChunkTransaction, GeocodeJob, Vec<ChunkRow>)>> {
        let mut transaction = self.pool.begin().await?;
        let sql = format!(
            "select {}
             from geocode_job
             where state in ('waiting', 'running')
             order by worked_at
             limit 1
             for update skip locked",
            geocode_job::COLUMNS
        );
        let Some(row) = sqlx::query(&sql).fetch_optional(&mut *transaction).await? else {
            return Ok(None);
        };
        let job = geocode_job::read(&row)?;
        let rows = sqlx::query(
            "select r.row_no, r.cells, a.status, a.boundary_version, a.gazetteer_version, a.alias_version
             from geocode_job_row r
             left join geocode_job_answer a on a.geocode_job_id = r.geocode_job_id and a.row_no = r.row_no
             where r.geocode_job_id = $1 and $2 < r.row_no
             order by r.row_no
             limit $3",
        )
        .bind(job.id.0)
        .bind(job.done_rows)
        .bind(limit)
        .fetch_all(&mut *transaction)
        .await?;
        let read = |row: &sqlx::postgres::PgRow| -> Result<ChunkRow> {
            let Json(cells): Json<Vec<String>> = row.try_get("cells")?;
            let status: Option<String> = row.try_get("status")?;
            let known = status.zip(geocode_job::versions(row)?);
            Ok(ChunkRow { row_no: row.try_get("row_no")?, cells, known })
        };
        let rows = rows.iter().map(read).collect::<Result<_>>()?;
        Ok(Some((ChunkTransaction(transaction), job, rows)))
    }
}

impl ChunkTransaction {
    /// Writes answers found with `versions`; gives back how many differ from those of the run before.
    pub async fn write(
        &mut self,
        job: &GeocodeJob,
        versions: Versions,
        answers: &[ChunkAnswer],
    ) -> Result<i32> {
        let mut texts = Vec::with_capacity(answers.len());
        for one in answers {
            let text = serde_json::to_string(&one.answer)
                .map_err(|error| DataError::Broken { what: "answer", why: error.to_string() })?;
            texts.push(text);
        }
        let numbers: Vec<i32> = answers.iter().map(|one| one.row_no).collect();
        let statuses: Vec<&str> = answers.iter().map(|one| one.answer.status.as_str()).collect();
        let changed: i64 = sqlx::query_scalar(
            "with written as (
                 insert into geocode_job_answer as known
                     (geocode_job_id, row_no, run, status, answer, boundary_version, gazetteer_version, alias_version)
                 select $1, row_no, $2, status, answer::jsonb, $3, $4, $5
                 from unnest($6::int[], $7::text[], $8::text[]) as told (row_no, status, answer)
                 on conflict (geocode_job_id, row_no) do update
                 set run = excluded.run, status = excluded.status, answer = excluded.answer,
                     before = case when known.answer <> excluded.answer then known.answer end,
                     boundary_version = excluded.boundary_version, gazetteer_version = excluded.gazetteer_version,
                     alias_version = excluded.alias_version
                 returning before
             )
             select count(before) from written",
        )
        .bind(job.id.0)
        .bind(job.run)
        .bind(versions.boundary)
        .bind(versions.gazetteer)
        .bind(versions.alias)
        .bind(numbers)
        .bind(statuses)
        .bind(texts)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(changed as i32)
    }

    /// Writes how far the job has come, and ends the transaction.
    pub async fn commit(mut self, job: &GeocodeJob) -> Result<()> {
        let versions = job.versions;
        sqlx::query(
            "update geocode_job
             set state = $2, done_rows = $3, computed_rows = $4, changed_rows = $5, outcomes = $6,
                 boundary_version = coalesce($7, boundary_version), gazetteer_version = coalesce($8, gazetteer_version),
                 alias_version = coalesce($9, alias_version), worked_at = clock_timestamp(),
                 finished_at = case when $2 = 'done' then clock_timestamp() end
             where geocode_job_id = $1",
        )
        .bind(job.id.0)
        .bind(job.state.name())
        .bind(job.done_rows)
        .bind(job.computed_rows)
        .bind(job.changed_rows)
        .bind(Json(&job.outcomes))
        .bind(versions.map(|one| one.boundary))
        .bind(versions.map(|one| one.gazetteer))
        .bind(versions.map(|one| one.alias))
        .execute(&mut *self.0)
        .await?;
        debug_assert!(matches!(job.state, JobState::Running | JobState::Done));
        Ok(self.0.commit().await?)
    }
}
