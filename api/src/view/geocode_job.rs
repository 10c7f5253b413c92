//! Files of addresses as clients see them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use data::actions::geocode_job::upload::Uploaded;
use data::domain::geocode_job::{GeocodeJob, Mapping, RowAnswer};
use data::sheet::Sheet;
use data::store::AnsweredRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A file of addresses that are found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJob)]
pub struct GeocodeJobView {
    /// Its id.
    pub id: String,
    /// `uploaded`, `waiting`, `running`, `done`, `cancelled` or `deleted` (its texts are).
    #[schema(example = "running")]
    pub state: &'static str,
    /// Name of the file.
    pub file_name: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// How it was read: encoding and separator, or the name of the sheet.
    #[schema(value_type = Object)]
    pub reading: serde_json::Value,
    /// The system of the answers.
    pub crs: String,
    /// Its columns, by which a mapping names them.
    pub columns: Vec<String>,
    /// What the columns mean; absent before the start.
    pub mapping: Option<MappingBody>,
    /// Rows below the header.
    pub rows: i32,
    /// Rows this run is through with.
    pub done: i32,
    /// How many rows came out how.
    pub outcomes: BTreeMap<String, i64>,
    /// 1 for the first run, one more for each rerun.
    pub run: i32,
    /// Rows that this run answered anew; the others are as they would be.
    pub computed: i32,
    /// Rows that came out otherwise than in the run before.
    pub changed: i32,
    /// Whether every row has an answer.
    pub complete: bool,
    /// Boundary version of the last answers.
    pub boundary_version: Option<i32>,
    /// Gazetteer version of the last answers.
    pub gazetteer_version: Option<i64>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When this run was asked for.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When its texts are deleted.
    pub expires_at: DateTime<Utc>,
}

/// A file that was taken, and what it may mean.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJobUploaded)]
pub struct UploadedView {
    /// The job.
    pub job: GeocodeJobView,
    /// What the columns may mean: to be sent back, corrected, with the start.
    pub proposed_mapping: MappingBody,
    /// The first rows, cells in the order of the columns.
    pub first_rows: Vec<Vec<String>>,
}

/// Jobs of the key.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJobList)]
pub struct GeocodeJobListView {
    /// The newest first.
    pub jobs: Vec<GeocodeJobView>,
    /// Where the next page begins; absent on the last.
    pub next_cursor: Option<String>,
}

/// Which columns say what, by name. The address stands in `text` or in `elements`; `lng`, `lat` and `point_crs` come together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = JobMapping)]
#[serde(deny_unknown_fields, default)]
pub struct MappingBody {
    /// Your own id of a row.
    pub id: Option<String>,
    /// The address in words; several columns are read one after the other.
    pub text: Vec<String>,
    /// The address in parts: `district`, `township`, `community`, `road`, `number`, `compound`, `building`, `unit`, `room`.
    pub elements: BTreeMap<String, String>,
    /// Longitude, or easting.
    pub lng: Option<String>,
    /// Latitude, or northing.
    pub lat: Option<String>,
    /// The system of the points in the file. Never guessed.
    pub point_crs: Option<String>,
}

/// What the columns mean, to begin the work.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = GeocodeJobStart)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// Which columns say what.
    pub mapping: MappingBody,
}

/// How to read a file; what is not said is found out.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// The system of the answers: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    pub crs: String,
    /// Name of the file.
    pub file_name: Option<String>,
    /// `utf-8`, `gb18030` (also `gbk`), `utf-16le` or `utf-16be`.
    pub encoding: Option<String>,
    /// `,`, `;`, `|` or `tab`.
    pub separator: Option<String>,
    /// Name of the sheet of a workbook; its first visible one with cells, when absent.
    pub sheet: Option<String>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JobListQuery {
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Jobs on a page, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// Which rows to show.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JobRowsQuery {
    /// Only those that came out so: `accepted`, `ambiguous`, `doubtful`, `not_found`, `located`, `outside`, `empty`, `fault`, or
    /// `pending`.
    pub status: Option<String>,
    /// Only those that this run answered otherwise than the one before.
    pub changed: Option<bool>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows on a page, 1 to 1,000; 100 when absent.
    pub limit: Option<u32>,
}

/// In which form the result is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ResultQuery {
    /// `csv` or `xlsx`; as the file came, when absent.
    pub format: Option<String>,
    /// What there is so far, too: rows without an answer say `pending`.
    pub partial: Option<bool>,
}

/// What to do with the texts of a job that ends.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeleteQuery {
    /// Delete them now, not when their time is over.
    pub purge: Option<bool>,
}

/// Rows with what was found for them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJobRows)]
pub struct JobRowsView {
    /// In the order of the file.
    pub rows: Vec<JobRowView>,
    /// Where the next page begins; absent on the last.
    pub next_cursor: Option<String>,
}

/// A row with what was found for it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJobRow)]
pub struct JobRowView {
    /// Its number, as the file shows it: the header is row 1.
    pub row: i32,
    /// Its cells, in the order of the columns.
    pub cells: Vec<String>,
    /// `pending` before its turn.
    pub status: String,
    /// What was found.
    #[schema(value_type = Option<Object>)]
    pub answer: Option<RowAnswer>,
    /// What was found in the run before, when that was something else.
    #[schema(value_type = Option<Object>)]
    pub before: Option<RowAnswer>,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJobProgress)]
pub struct ProgressView {
    /// `waiting`, `running`, `done`, `cancelled` or `deleted`.
    pub state: &'static str,
    /// 1 for the first run, one more for each rerun.
    pub run: i32,
    /// Rows of the file.
    pub rows: i32,
    /// Rows the run is through with; it never becomes less.
    pub done: i32,
    /// How many came out how.
    pub outcomes: BTreeMap<String, i64>,
    /// Rows that came out otherwise than in the run before.
    pub changed: i32,
}

impl From<MappingBody> for Mapping {
    fn from(body: MappingBody) -> Self {
        let MappingBody { id, text, elements, lng, lat, point_crs } = body;
        Self { id, text, elements, lng, lat, point_crs }
    }
}

impl From<Mapping> for MappingBody {
    fn from(mapping: Mapping) -> Self {
        let Mapping { id, text, elements, lng, lat, point_crs } = mapping;
        Self { id, text, elements, lng, lat, point_crs }
    }
}

impl From<GeocodeJob> for GeocodeJobView {
    fn from(job: GeocodeJob) -> Self {
        Self {
            id: job.id.to_string(),
            state: job.state.name(),
            complete: job.state == data::domain::geocode_job::JobState::Done,
            file_name: job.file_name,
            format: job.format,
            reading: job.reading,
            crs: job.crs,
            columns: job.columns,
            mapping: job.mapping.map(Into::into),
            rows: job.row_count,
            done: job.done_rows,
            outcomes: job.outcomes,
            run: job.run,
            computed: job.computed_rows,
            changed: job.changed_rows,
            boundary_version: job.versions.map(|one| one.boundary),
            gazetteer_version: job.versions.map(|one| one.gazetteer),
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            expires_at: job.expires_at,
        }
    }
}

impl From<Uploaded> for UploadedView {
    fn from(uploaded: Uploaded) -> Self {
        Self {
            job: uploaded.job.into(),
            proposed_mapping: uploaded.proposed.into(),
            first_rows: uploaded.first_rows.into_iter().map(|row| row.cells).collect(),
        }
    }
}

impl JobRowView {
    /// A row of a job.
    pub fn new(job: &GeocodeJob, row: AnsweredRow) -> Self {
        let status = row.answer.as_ref().map_or("pending", |answer| answer.status.as_str());
        Self {
            row: row.row_no + Sheet::first_row(&job.reading) - 1,
            status: status.to_owned(),
            cells: row.row.cells,
            answer: row.answer,
            before: row.before,
        }
    }
}

impl From<&GeocodeJob> for ProgressView {
    fn from(job: &GeocodeJob) -> Self {
        Self {
            state: job.state.name(),
            run: job.run,
            rows: job.row_count,
            done: job.done_rows,
            outcomes: job.outcomes.clone(),
            changed: job.changed_rows,
        }
    }
}
