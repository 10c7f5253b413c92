//! How the service is.

use serde::Serialize;
use utoipa::ToSchema;

/// The process lives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthView {
    /// Always `ok`.
    pub status: &'static str,
    /// Version of the program.
    pub version: &'static str,
}

/// Whether it can do its work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ready)]
pub struct ReadyView {
    /// Whether requests can be answered.
    pub ready: bool,
    /// Whether the database answers.
    pub database: bool,
    /// The boundaries it routes with; null before a city is loaded.
    pub boundary_version: Option<i32>,
    /// The rosters it routes with.
    pub roster_version: Option<i32>,
    /// The map it draws.
    pub map_version: Option<u32>,
    /// Grids in its routing view.
    pub grids: usize,
}
