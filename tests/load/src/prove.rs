//! The proof: a cluster of processes and one process without any SQL give every point the same grid.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ballista::prelude::SessionContextExt;
use ballista_core::extension::SessionConfigExt;
use data::import::locate_file::Areas;
use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::execution::SessionStateBuilder;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};

use crate::udf;

/// Rows of a grid, and the sum of a hash of their ids: which rows they are.
pub type Counts = BTreeMap<String, (i64, i64)>;

/// Both factors are primes; products stay below 2^63 up to three billion rows.
const FACTOR: i64 = 2_654_435_761;
const MODULUS: i64 = 4_294_967_291;

/// Children that end with this value.
struct Processes(Vec<Child>);

impl Drop for Processes {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Asks a scheduler and two executors, started as processes, and this process alone, and compares.
///
/// # Errors
/// When they differ, or anything cannot be started.
pub async fn prove(grids: &Path, points: &Path, port: u16) -> Result<()> {
    let areas = udf::areas(grids)?;
    let begun = Instant::now();
    let alone = alone(&areas, points)?;
    let rows: i64 = alone.values().map(|(rows, _)| rows).sum();
    println!(
        "one process {rows} rows, {} answers, {:.1} s",
        alone.len(),
        begun.elapsed().as_secs_f64()
    );

    let work = std::env::temp_dir().join(format!("locate-sql-{}", std::process::id()));
    let start = |arguments: &[&str]| -> Result<Child> {
        let program = std::env::current_exe()?;
        let grids = grids.to_str().context("a path in UTF-8")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .args(["--grids", grids])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().context("starting a process of the cluster")
    };
    let (scheduler, first, second) =
        (port.to_string(), (port + 10).to_string(), (port + 20).to_string());
    let mut processes = Processes(vec![start(&["scheduler", "--port", &scheduler])?]);
    for own in [&first, &second] {
        let folder = work.join(own);
        std::fs::create_dir_all(&folder)?;
        let folder = folder.to_str().context("a path in UTF-8")?;
        let arguments =
            ["executor", "--scheduler-port", &scheduler, "--port", own, "--work", folder];
        processes.0.push(start(&arguments)?);
    }
    let context = connect(grids, port).await?;
    context
        .register_parquet(
            "point",
            points.to_str().context("a path in UTF-8")?,
            ParquetReadOptions::default(),
        )
        .await?;
    let begun = Instant::now();
    let cluster = counted(&context).await?;
    println!(
        "cluster     a scheduler and {} executors, {} answers, {:.1} s",
        processes.0.len() - 1,
        cluster.len(),
        begun.elapsed().as_secs_f64()
    );
    for child in &mut processes.0 {
        ensure!(child.try_wait()?.is_none(), "a process of the cluster has ended by itself");
    }
    std::fs::remove_dir_all(&work).ok();
    let differing = alone
        .keys()
        .chain(cluster.keys())
        .filter(|code| alone.get(*code) != cluster.get(*code))
        .count();
    ensure!(differing == 0, "{differing} grids have other rows on the cluster");
    println!(
        "equal       rows and hash of each of {} grids, and of what lies outside",
        alone.len() - 1
    );
    Ok(())
}

async fn connect(grids: &Path, port: u16) -> Result<SessionContext> {
    let begun = Instant::now();
    let locate = Arc::new(udf::locate(grids)?);
    loop {
        let config = SessionConfig::new_with_ballista().with_target_partitions(8);
        let mut state =
            SessionStateBuilder::new().with_config(config).with_default_features().build();
        datafusion::execution::FunctionRegistry::register_udf(&mut state, Arc::clone(&locate))?;
        match SessionContext::remote_with_state(&format!("df://127.0.0.1:{port}"), state).await {
            Ok(context) => {
                // Whether executors are there shows with the first question.
                if let Ok(answer) = context.sql("select 1").await?.collect().await
                    && !answer.is_empty()
                {
                    return Ok(context);
                }
            }
            Err(error) if begun.elapsed() > Duration::from_secs(60) => {
                bail!("no cluster within a minute: {error}")
            }
            Err(_) => {}
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "no cluster within a minute");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// By SQL.
///
/// # Errors
/// When the question fails.
pub async fn counted(context: &SessionContext) -> Result<Counts> {
    let sql = format!(
        "select coalesce(locate(lng, lat), '') as grid, count(*) as rows, sum((id * {FACTOR}) % {MODULUS}) as hash
         from point
         group by 1"
    );
    let mut counts = Counts::new();
    for batch in context.sql(&sql).await?.collect().await? {
        let codes = cast(batch.column(0), &DataType::Utf8)?;
        let number = |at: usize| cast(batch.column(at), &DataType::Int64);
        let (rows, hashes) = (number(1)?, number(2)?);
        let (codes, rows, hashes) = (
            codes.as_string::<i32>(),
            rows.as_primitive::<Int64Type>(),
            hashes.as_primitive::<Int64Type>(),
        );
        for row in 0..batch.num_rows() {
            counts.insert(codes.value(row).to_owned(), (rows.value(row), hashes.value(row)));
        }
    }
    Ok(counts)
}

/// Without SQL: file after file, batch after batch.
///
/// # Errors
/// When a file cannot be read.
pub fn alone(areas: &Areas, points: &Path) -> Result<Counts> {
    let mut by_face = vec![(0i64, 0i64); areas.len() + 1];
    for entry in std::fs::read_dir(points)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "parquet") {
            continue;
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?
            .with_batch_size(1 << 16)
            .build()?;
        for batch in reader {
            let batch = batch?;
            let (ids, lng, lat) = (
                batch.column(0).as_primitive::<Int64Type>(),
                batch.column(1).as_primitive::<Float64Type>(),
                batch.column(2).as_primitive::<Float64Type>(),
            );
            for (id, face) in ids.values().iter().zip(udf::faces(areas, lng, lat)) {
                let slot = face.map_or(areas.len(), |face| face as usize);
                by_face[slot].0 += 1;
                by_face[slot].1 += (id * FACTOR) % MODULUS;
            }
        }
    }
    let codes = areas.names().iter().map(|(code, _)| code.clone()).chain([String::new()]);
    Ok(codes.zip(by_face).filter(|(_, (rows, _))| *rows > 0).collect())
}
