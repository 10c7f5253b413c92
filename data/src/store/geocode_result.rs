//! A result is read in one moment, however long that takes.

use super::Store;
use super::geocode_job::{AnsweredRow, COLUMNS, RowFilter, missing, read, rows};
use crate::domain::geocode_job::GeocodeJob;
use crate::domain::id::GeocodeJobId;
use crate::error::Result;

/// Reads the rows of a job as they are in one moment, however long it takes.
#[derive(Debug)]
pub struct ResultReader(sqlx::Transaction<'static, sqlx::Postgres>);

impl Store {
    /// Begins to read a result; the job is that of the same moment.
    pub async fn result_begin(&self, id: GeocodeJobId) -> Result<(ResultReader, GeocodeJob)> {
        const BEGIN: &str = "begin isolation level repeatable read read only";
        let mut transaction = self.pool.begin_with(BEGIN).await?;
        let sql = format!("select {COLUMNS} from geocode_job where geocode_job_id = $1");
        let row = sqlx::query(&sql).bind(id.0).fetch_optional(&mut *transaction).await?;
        let job = row.map(|row| read(&row)).transpose()?.ok_or_else(|| missing(id))?;
        Ok((ResultReader(transaction), job))
    }
}

impl ResultReader {
    /// At most `limit` rows behind row `after`.
    pub async fn rows(
        &mut self,
        id: GeocodeJobId,
        after: i32,
        limit: i64,
    ) -> Result<Vec<AnsweredRow>> {
        let filter = RowFilter { after, limit, ..RowFilter::default() };
        rows(&mut self.0, id, &filter).await
    }
}
