//! Synthetic points in Parquet: the same for the same numbers, spread over the box of the grids and a little beyond.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use data::import::locate_file::Areas;
use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

/// Files the points are spread over: more than there are executors' threads.
const FILES: u64 = 8;
const BATCH: u64 = 1 << 16;

/// A number that looks like chance (`SplitMix64`).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Writes `rows` points with ids from 0 into `folder`, in the box of `areas` grown by a twentieth.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, rows: u64, areas: &Areas) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let bounds = areas.bounds().context("the grids have no extent")?;
    let along = |low: i32, extent: i64, chance: u64| {
        let units = f64::from(low)
            + extent as f64 * ((chance >> 11) as f64 / (1u64 << 53) as f64 * 1.1 - 0.05);
        units.round() / 1e7
    };
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("lng", DataType::Float64, false),
        Field::new("lat", DataType::Float64, false),
    ]));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(1 << 20))
        .build();
    let per_file = rows.div_ceil(FILES);
    for file in 0..FILES {
        let path = folder.join(format!("points-{file}.parquet"));
        let mut writer = ArrowWriter::try_new(
            File::create(path)?,
            Arc::clone(&schema),
            Some(properties.clone()),
        )?;
        let ids = (file * per_file).min(rows)..((file + 1) * per_file).min(rows);
        for first in ids.clone().step_by(BATCH as usize) {
            let ids = first..(first + BATCH).min(ids.end);
            let lng = ids.clone().map(|id| along(bounds.min.x, bounds.width(), mixed(2 * id)));
            let lat = ids.clone().map(|id| along(bounds.min.y, bounds.height(), mixed(2 * id + 1)));
            let columns: Vec<ArrayRef> = vec![
                Arc::new(ids.clone().map(|id| id as i64).collect::<Int64Array>()),
                Arc::new(lng.collect::<Float64Array>()),
                Arc::new(lat.collect::<Float64Array>()),
            ];
            writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
        }
        writer.close()?;
    }
    Ok(())
}
