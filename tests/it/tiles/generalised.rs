//! Borders on small scales: fewer corners, and still a tiling. PostGIS is the judge.

use anyhow::Result;
use tests::cluster::Database;
use tests::command;

async fn city() -> Result<Database> {
    Database::copy_of("city", async |database| {
        command::run(&database.url, &["city", "load", "--scale", "township"]).map(drop)
    })
    .await
}

/// Corners of all basic grids in one of their drawings.
const CORNERS: &str = "
    select sum(st_npoints(geom)), sum(st_npoints(geom_fine)), sum(st_npoints(geom_middle)), sum(st_npoints(geom_coarse))
    from tile_grid where kind = 'basic'";

#[tokio::test]
async fn the_smaller_the_scale_the_fewer_corners_a_border_has() -> Result<()> {
    let database = city().await?;
    let (whole, fine, middle, coarse): (i64, i64, i64, i64) =
        sqlx::query_as(CORNERS).fetch_one(&database.pool).await?;
    assert!(
        fine < whole && middle < fine && coarse < middle,
        "{whole}, {fine}, {middle}, {coarse} corners"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_left_of_the_grids_still_tiles_their_communities() -> Result<()> {
    let database = city().await?;
    for (scale, tolerance_m) in [("fine", 2.5), ("middle", 10.0), ("coarse", 40.0)] {
        // Where borders simplified each by itself, slivers would lie along every one of them: the two sides of a border of
        // 300 m that parts by a metre enclose 300 m2, ten thousand times what is allowed here.
        let (overlap_m2, gap_m2): (f64, f64) = sqlx::query_as(&format!(
            "with grids as (
                 select st_collect(geom_{scale}) as all_of_them, sum(st_area(geom_{scale})) as sum_m2,
                        st_union(geom_{scale}) as joined
                 from tile_grid where kind = 'basic'
             ),
             communities as (
                 select st_union(geom_{scale}) as joined from tile_division where level = 'community'
             )
             select sum_m2 - st_area(g.joined), st_area(st_symdifference(g.joined, c.joined))
             from grids g, communities c"
        ))
        .fetch_one(&database.pool)
        .await?;
        assert!(overlap_m2.abs() < 1.0, "{scale} ({tolerance_m} m): overlap of {overlap_m2} m2");
        assert!(
            gap_m2 < 1.0,
            "{scale} ({tolerance_m} m): {gap_m2} m2 between grids and communities"
        );
    }
    Ok(())
}

#[tokio::test]
async fn borders_stay_within_their_tolerance() -> Result<()> {
    let database = city().await?;
    for (scale, tolerance_m) in [("fine", 2.5), ("middle", 10.0), ("coarse", 40.0)] {
        // map units are metres stretched by 1 / cos 36°
        let moved_m: f64 = sqlx::query_scalar(&format!(
            "select max(st_hausdorffdistance(st_boundary(geom), st_boundary(geom_{scale}))) * cos(radians(36))
             from tile_division
             where level = 'township' and not st_isempty(geom_{scale})"
        ))
        .fetch_one(&database.pool)
        .await?;
        assert!(moved_m < 3.0 * tolerance_m, "{scale}: moved by {moved_m} m");
    }
    Ok(())
}
