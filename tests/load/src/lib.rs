//! `locate(lng, lat)` as a scalar function of DataFusion: SQL over Parquet, on one machine or on a Ballista cluster, gives
//! each point its grid with the same index and the same border rule as the service, and no code of ours in between.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use datafusion::prelude::{ParquetReadOptions, SessionContext};
//! let context = SessionContext::new();
//! context.register_udf(locate_sql::udf::locate("grids.geojson".as_ref())?);
//! context.register_parquet("point", "points/", ParquetReadOptions::default()).await?;
//! let counts = context.sql("select locate(lng, lat) as grid, count(*) from point group by 1").await?;
//! counts.show().await?;
//! # Ok(())
//! # }
//! ```

pub mod cluster;
pub mod points;
pub mod prove;
pub mod udf;
