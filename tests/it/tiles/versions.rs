//! Which map a tile is of: always exactly one, whatever happens to the database meanwhile.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use futures::future::join_all;
use tiles::{ErrorKind, TileAnswer, TileError, TileOptions, TileService};

use super::{layer, mesh, service, tile_at};

/// The tile in the middle of the mesh.
async fn middle(
    service: &TileService,
    name: &str,
    version: u32,
    z: u8,
) -> Result<TileAnswer, TileError> {
    let (x, y) = tile_at(103.82, 36.07, z);
    service.tile(name, version, z, x, y).await
}

fn feature_count(answer: &TileAnswer) -> usize {
    layer(answer).map_or(0, |layer| layer.features.len())
}

#[tokio::test]
async fn an_old_version_is_not_there_any_more_and_the_answer_names_the_new_one() -> Result<()> {
    let (database, service) = mesh(0).await?;
    assert_eq!(service.version(), Some(1));
    let before = feature_count(&middle(&service, "buildings", 1, 14).await?);
    sqlx::raw_sql(
        "insert into building (geom) values (st_makeenvelope(103.8201, 36.0701, 103.8204, 36.0703, 4326));
         select refresh_tile_tables();",
    )
    .execute(&database.pool)
    .await?;
    // not told: what is kept may still be answered, what has to be drawn may not
    let refused = middle(&service, "buildings", 1, 15).await.unwrap_err();
    assert_eq!(refused.to_string(), "map version 1 is not the current one, which is 2");
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    assert!(middle(&service, "buildings", 1, 14).await.is_err());
    assert_eq!(feature_count(&middle(&service, "buildings", 2, 14).await?), before + 1);
    Ok(())
}

#[tokio::test]
async fn borders_are_those_in_force() -> Result<()> {
    let (database, service) = mesh(0).await?;
    let names = async |version| -> Result<Vec<String>> {
        let answer = middle(&service, "divisions", version, 12).await?;
        let features = layer(&answer).unwrap().features;
        let name =
            |feature: &super::mvt::Feature| feature.attributes["name"].as_str().unwrap().to_owned();
        Ok(features.iter().map(name).collect())
    };
    assert!(names(1).await?.contains(&"甲社区".to_owned()));
    sqlx::raw_sql(
        "insert into boundary_version (effective_at, published_by) values
             (now(), 'test'), (now() + interval '1 day', 'test');
         update division set valid = '[1,2)' where level = 'community';
         insert into division (code, level, kind, name, parent_code, geom, label, valid)
         select code, level, kind, '乙社区', parent_code, geom, label, int4range(2, 3) from division where level = 'community'
         union all
         select code, level, kind, '丙社区', parent_code, geom, label, int4range(3, null) from division where level = 'community';
         select refresh_tile_tables();",
    )
    .execute(&database.pool)
    .await?;
    service.refresh().await?;
    let names = names(2).await?;
    assert!(names.contains(&"乙社区".to_owned()), "{names:?}");
    assert_eq!(names.len(), 3, "{names:?}");
    Ok(())
}

#[tokio::test]
async fn a_request_during_a_refill_waits_and_gets_no_mixture() -> Result<()> {
    let (database, service) = mesh(100).await?;
    let mut refill = database.pool.begin().await?;
    sqlx::raw_sql("select refresh_tile_tables()").execute(&mut *refill).await?;
    let request = tokio::spawn({
        let service = service.clone();
        async move { middle(&service, "grids", 1, 12).await }
    });
    let waiting = "select count(*) from pg_stat_activity
                   where datname = current_database() and application_name = 'wangge-tiles' and wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&database.pool).await? == 0 {
        tokio::task::yield_now().await;
    }
    refill.commit().await?;
    let refused = request.await?.unwrap_err();
    assert!(matches!(refused, TileError::OtherVersion { asked: 1, current: 2 }), "{refused:?}");
    assert_eq!(feature_count(&middle(&service, "grids", 2, 10).await?), 24 * 24);
    Ok(())
}

#[tokio::test]
async fn a_refill_that_is_rolled_back_never_happened() -> Result<()> {
    let (database, service) = mesh(100).await?;
    let before = middle(&service, "grids", 1, 12).await?;
    let mut refill = database.pool.begin().await?;
    sqlx::raw_sql("delete from grid; select refresh_tile_tables()").execute(&mut *refill).await?;
    refill.rollback().await?;
    assert_eq!(service.refresh().await?, Some(1));
    let again = super::service(&database).await?;
    assert_eq!(middle(&again, "grids", 1, 12).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_refill_of_the_same_rows_draws_the_same_tiles() -> Result<()> {
    let (database, service) = mesh(1000).await?;
    let all = async |version: u32| -> Result<Vec<TileAnswer>> {
        let drawn = service.layers().iter().map(|layer| {
            middle(&service, layer.name, version, layer.minzoom.max(13).min(layer.maxzoom))
        });
        join_all(drawn).await.into_iter().map(|answer| Ok(answer?)).collect()
    };
    let first = all(1).await?;
    sqlx::raw_sql("select refresh_tile_tables()").execute(&database.pool).await?;
    service.refresh().await?;
    assert_eq!(all(2).await?, first);
    Ok(())
}

#[tokio::test]
async fn a_version_made_before_or_after_the_refill_is_the_one_that_is_drawn() -> Result<()> {
    let (database, service) = mesh(0).await?;
    let insert = "insert into map_version (reason) values ('test')";
    for statements in
        [[insert, "select refresh_tile_tables()"], ["select refresh_tile_tables()", insert]]
    {
        let mut change = database.pool.begin().await?;
        for statement in statements {
            sqlx::raw_sql(statement).execute(&mut *change).await?;
        }
        change.commit().await?;
        let newest: i32 = sqlx::query_scalar("select max(map_version_id) from map_version")
            .fetch_one(&database.pool)
            .await?;
        assert_eq!(service.refresh().await?, Some(newest.unsigned_abs()));
    }
    Ok(())
}

#[tokio::test]
async fn a_map_client_is_told_where_the_data_is_and_whence() -> Result<()> {
    let (_database, service) = mesh(10).await?;
    let json = serde_json::to_value(service.tilejson("divisions", "https://wall.example/")?)?;
    assert_eq!(json["tiles"][0], "https://wall.example/tiles/divisions/1/{z}/{x}/{y}");
    assert_eq!(json["attribution"], "synthetic demo city");
    for (told, real) in json["bounds"].as_array().unwrap().iter().zip(mesh::BOUNDS) {
        assert!((told.as_f64().unwrap() - real).abs() < 1e-7, "{told} {real}");
    }
    Ok(())
}

#[tokio::test]
async fn an_empty_database_has_no_map_until_one_is_loaded() -> Result<()> {
    let database = tests::cluster::Database::empty().await?;
    let service = service(&database).await?;
    assert!(matches!(middle(&service, "grids", 1, 12).await, Err(TileError::NoMap)));
    mesh::load(&database, 0).await?;
    assert_eq!(service.refresh().await?, Some(1));
    assert!(middle(&service, "grids", 1, 12).await?.drawn().is_some());
    Ok(())
}

#[tokio::test]
async fn connections_that_were_cut_are_replaced() -> Result<()> {
    let (database, service) = mesh(0).await?;
    for x in 0..8 {
        service.tile("grids", 1, 10, x, 0).await?;
        service.tile("grids", 1, 14, x, 0).await?;
    }
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
               where datname = current_database() and application_name = 'wangge-tiles'";
    let cut: i64 = sqlx::query_scalar(cut).fetch_one(&database.pool).await?;
    assert!(cut >= 2);
    let drawn = join_all((10..=16).map(|z| middle(&service, "grids", 1, z))).await;
    assert!(drawn.iter().all(Result::is_ok), "{drawn:?}");
    Ok(())
}

#[tokio::test]
async fn a_tile_that_the_database_cannot_draw_in_time_is_stopped_and_drawn_later() -> Result<()> {
    let (database, _service) = mesh(0).await?;
    let options =
        TileOptions { statement_timeout: Duration::from_millis(200), ..TileOptions::default() };
    let service =
        TileService::connect_with(&database.url, Path::new("/nonexistent"), options).await?;
    let mut blocker = database.pool.begin().await?;
    sqlx::raw_sql("lock table tile_grid").execute(&mut *blocker).await?;
    let refused = middle(&service, "grids", 1, 12).await.unwrap_err();
    assert!(matches!(refused, TileError::TooSlow { layer: "grids", limit_ms: 200 }), "{refused:?}");
    blocker.rollback().await?;
    assert!(middle(&service, "grids", 1, 12).await?.drawn().is_some());
    Ok(())
}
