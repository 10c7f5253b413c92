//! The harness about itself: the town is what its drawing says, and the judges can say no.

use anyhow::Result;
use tests::cluster::Database;
use tests::{oracle, tiling, town};

#[tokio::test]
async fn the_town_tiles_exactly_and_the_judge_sees_a_gap_of_one_step() -> Result<()> {
    let database = Database::with_town().await?;
    assert_eq!(tiling::untiled(&database.pool).await?, []);
    oracle::prepare(&database.pool).await?;
    assert_eq!(tiling::misplaced_addresses(&database.pool).await?, 0);
    assert_eq!(tiling::cut_buildings(&database.pool).await?, 0);

    // One corner of one grid moves by one step of 10⁻⁷ degrees: its community no longer adds up.
    let exact = town::multipolygon(town::grid("A2").parts);
    let moved = exact.replace("103.8074 36.0545", "103.8074001 36.0545");
    assert_ne!(moved, exact);
    sqlx::query("update grid set geom = st_geomfromtext($1, 4326) where code = $2")
        .bind(moved)
        .bind(town::grid("A2").code)
        .execute(&database.pool)
        .await?;
    let untiled = tiling::untiled(&database.pool).await?;
    assert_eq!(untiled.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["620102001001"]);
    Ok(())
}

#[tokio::test]
async fn each_grid_owns_the_place_that_the_drawing_names() -> Result<()> {
    let database = Database::with_town().await?;
    oracle::prepare(&database.pool).await?;
    let basic: Vec<_> = town::GRIDS.iter().filter(|grid| grid.kind == "basic").collect();
    let points: Vec<_> = basic.iter().map(|grid| town::at(grid.inside)).collect();
    let owners = oracle::owners(&database.pool, &points).await?;
    for (grid, owners) in basic.iter().zip(owners) {
        let codes: Vec<String> =
            sqlx::query_scalar("select code from grid where grid_id = any($1)")
                .bind(owners)
                .fetch_all(&database.pool)
                .await?;
        assert_eq!(codes, [grid.code], "{}", grid.short);
    }
    Ok(())
}

#[tokio::test]
async fn a_border_belongs_to_the_grid_east_and_north_of_it() -> Result<()> {
    let database = Database::with_town().await?;
    oracle::prepare(&database.pool).await?;
    // The corner where C1, C2, D1 and D2 meet, and one step to each side of it.
    let (x, y) = town::at((6, 9));
    let points = [(x, y), (x - 1, y), (x, y - 1), (x - 1, y - 1)];
    let owners = oracle::owners(&database.pool, &points).await?;
    let mut codes = Vec::new();
    for owners in owners {
        assert_eq!(owners.len(), 1);
        let code: String = sqlx::query_scalar("select code from grid where grid_id = $1")
            .bind(owners[0])
            .fetch_one(&database.pool)
            .await?;
        codes.push(code);
    }
    let wanted = ["D2", "C2", "D1", "C1"].map(|short| town::grid(short).code);
    assert_eq!(codes, wanted);
    Ok(())
}
