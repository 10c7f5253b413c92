//! Real input: the districts of Lanzhou from four sources in three coordinate systems, and its metro stations in GCJ-02.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use tests::cluster::Database;
use tests::command::Server;
use tests::{command, shared_data};

const DISTRICTS: [&str; 8] =
    ["七里河区", "城关区", "安宁区", "榆中县", "永登县", "皋兰县", "红古区", "西固区"];

/// File, its system.
const FILES: [(&str, &str); 4] = [
    ("districts_amap2025_wgs84.geojson", "wgs84"),
    ("districts_tianditu_cgcs2000.geojson", "cgcs2000"),
    ("districts_amap2021_gcj02.geojson", "gcj02"),
    ("districts_datav2021_gcj02.geojson", "gcj02"),
];

#[tokio::test]
async fn all_four_files_are_imported_and_say_what_was_wrong_with_them() -> Result<()> {
    let Some(folder) = shared_data::find("lanzhou-districts") else { return Ok(()) };
    for (name, crs) in FILES {
        let database = Database::empty().await?;
        let report = import(&database, &folder.join(name), crs)?;
        assert_eq!(report["rows_read"], 8, "{name}: {report}");
        assert_eq!(report["rows_refused"], 0, "{name}: {}", report["refused"]);
        let (districts, valid, area_km2): (Vec<String>, bool, f64) = sqlx::query_as(
            "select array_agg(name order by name collate \"C\"), bool_and(st_isvalid(geom)), sum(st_area(geom::geography)) / 1e6
             from division where level = 'district'",
        )
        .fetch_one(&database.pool)
        .await?;
        assert_eq!(districts, DISTRICTS, "{name}");
        assert!(valid, "{name}: an invalid shape was stored");
        // The statistics bureau says 13,100 km²; the files differ among themselves.
        assert!((12_900.0..13_400.0).contains(&area_km2), "{name}: {area_km2} km²");
        let overlap_m2: f64 = sqlx::query_scalar(
            "select coalesce(sum(st_area(st_intersection(a.geom, b.geom)::geography)), 0)
             from division a join division b on a.division_id < b.division_id and a.level = b.level and st_intersects(a.geom, b.geom)",
        )
        .fetch_one(&database.pool)
        .await?;
        assert!(overlap_m2 < 1.0, "{name}: districts overlap by {overlap_m2} m²");
    }
    Ok(())
}

fn import(database: &Database, file: &Path, crs: &str) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let account = folder.path().join("report.json");
    let (file, account_name) = (file.to_string_lossy(), account.to_string_lossy());
    command::run(
        &database.url,
        &[
            "import",
            "divisions",
            &file,
            "--crs",
            crs,
            "--level",
            "district",
            "--map",
            "code=adcode",
            "--report",
            &account_name,
        ],
    )?;
    Ok(serde_json::from_str(&std::fs::read_to_string(account)?)?)
}

#[tokio::test]
async fn the_wrong_system_is_noticed_when_the_right_one_is_there_already() -> Result<()> {
    let Some(folder) = shared_data::find("lanzhou-districts") else { return Ok(()) };
    let database = Database::empty().await?;
    import(&database, &folder.join("districts_amap2025_wgs84.geojson"), "wgs84")?;
    let (before, _) = areas(&database).await?;
    // A GCJ-02 file that somebody declares to be WGS 84, some 220 m off.
    let file = folder.join("districts_amap2021_gcj02.geojson");
    let outcome = command::try_run(
        &database.url,
        &[
            "import",
            "divisions",
            &file.to_string_lossy(),
            "--crs",
            "wgs84",
            "--level",
            "district",
            "--map",
            "code=adcode",
            "--dry-run",
        ],
    )?;
    let said = format!("{}{}", outcome.stdout, outcome.stderr).to_lowercase();
    assert!(
        said.contains("gcj-02") || said.contains("gcj02"),
        "nothing is said about the system:\n{said}"
    );
    assert_eq!(areas(&database).await?.0, before, "a dry run wrote");
    Ok(())
}

async fn areas(database: &Database) -> Result<(Vec<(String, f64)>, i64)> {
    let areas =
        sqlx::query_as("select code, st_area(geom) from division order by code, division_id")
            .fetch_all(&database.pool)
            .await?;
    Ok((areas, database.count("boundary_version").await?))
}

/// The name of the district of each station, as `wangge locate` writes it.
fn stations_located(
    districts: &Path,
    districts_crs: &str,
    stations: &Path,
    stations_crs: &str,
) -> Result<BTreeMap<String, String>> {
    let written = command::run(
        Server::None,
        &[
            "locate",
            "--grids",
            &districts.to_string_lossy(),
            "--grids-crs",
            districts_crs,
            "--grids-map",
            "code=adcode",
            "--crs",
            stations_crs,
            &stations.to_string_lossy(),
        ],
    )?;
    let mut rows = written.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().context("a header")?;
    let column = |name: &str| {
        header
            .iter()
            .position(|column| *column == name)
            .with_context(|| format!("no column {name} in {header:?}"))
    };
    let (station, district, status) = (column("name")?, column("grid_name")?, column("status")?);
    let mut located = BTreeMap::new();
    for row in rows {
        assert_eq!(row[status], "inside", "{row:?}");
        located.insert(row[station].to_owned(), row[district].to_owned());
    }
    Ok(located)
}

#[tokio::test]
async fn metro_stations_in_gcj02_lie_in_their_districts_without_server_and_database() -> Result<()>
{
    let (Some(districts), Some(places)) =
        (shared_data::find("lanzhou-districts"), shared_data::find("lanzhou-places"))
    else {
        return Ok(());
    };
    let stations = places.join("metro_stations.csv");
    let located = stations_located(
        &districts.join("districts_amap2025_wgs84.geojson"),
        "wgs84",
        &stations,
        "gcj02",
    )?;
    assert_eq!(located.len(), 27, "{located:?}");
    for (station, district) in [
        ("陈官营", "西固区"),
        ("奥体中心", "七里河区"),
        ("西关", "城关区"),
        ("东方红广场", "城关区"),
        ("兰州西站北广场", "七里河区"),
    ] {
        assert_eq!(
            located.get(station).map(String::as_str),
            Some(district),
            "{station} in {located:?}"
        );
    }
    // Another source, already in the stations' own system, gives the same without any conversion.
    let unconverted = stations_located(
        &districts.join("districts_amap2021_gcj02.geojson"),
        "wgs84",
        &stations,
        "wgs84",
    )?;
    assert_eq!(located, unconverted);
    Ok(())
}
