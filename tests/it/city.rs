//! The synthetic city at the scale of one township: the invariants that the whole city is promised to keep.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tests::app::App;
use tests::cluster::Database;
use tests::{command, oracle, tiling};

use crate::locate::assert_agrees;

async fn city() -> Result<Database> {
    let database = Database::copy_of("city", async |database| {
        command::run(&database.url, &["city", "load", "--scale", "township"]).map(drop)
    })
    .await?;
    oracle::prepare(&database.pool).await?;
    Ok(database)
}

#[tokio::test]
async fn grids_tile_communities_and_so_on_up_to_the_city_to_the_lattice() -> Result<()> {
    let database = city().await?;
    assert_eq!(tiling::untiled(&database.pool).await?, []);
    let parents: i64 =
        sqlx::query_scalar("select count(distinct community_code) from grid where kind = 'basic'")
            .fetch_one(&database.pool)
            .await?;
    assert!(parents > 3, "only {parents} communities with grids");
    let valid: i64 = sqlx::query_scalar(
        "select count(*) from (select geom from grid union all select geom from division) s where not st_isvalid(geom)",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(valid, 0, "invalid shapes");
    Ok(())
}

#[tokio::test]
async fn every_address_lies_in_its_one_building_and_its_one_grid_and_no_border_cuts_a_building()
-> Result<()> {
    let database = city().await?;
    assert!(database.count("address").await? > 5_000);
    assert_eq!(tiling::misplaced_addresses(&database.pool).await?, 0);
    assert_eq!(tiling::cut_buildings(&database.pool).await?, 0);
    let overlapping: i64 = sqlx::query_scalar(
        "select count(*) from building a join building b on a.building_id < b.building_id and a.geom && b.geom
         where st_relate(a.geom, b.geom, 'T********')",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(overlapping, 0, "buildings that stand in each other");
    Ok(())
}

#[tokio::test]
async fn the_check_finds_no_fault_until_something_is_moved() -> Result<()> {
    let database = city().await?;
    let said = command::run(&database.url, &["city", "check"])?;
    assert!(said.contains("ok") && !said.contains("FAULT"), "{said}");
    let spoil = [
        (
            "addresses that are not in exactly one building",
            "update address set geom = st_translate(geom, 0.02, 0) where address_id = (select min(address_id) from address)",
        ),
        (
            "border edges by which",
            "update grid set geom = (select geom from grid where kind = 'basic' order by grid_id limit 1) where grid_id = (select max(grid_id) from grid where kind = 'basic')",
        ),
        (
            "grids whose people",
            "update building set people = people + 1 where building_id = (select min(building_id) from building)",
        ),
    ];
    for (fault, sql) in spoil {
        sqlx::query(sql).execute(&database.pool).await?;
        let output =
            command::wangge()?.args(["city", "check", "--database-url", &database.url]).output()?;
        let said = String::from_utf8(output.stdout)?;
        let line = said
            .lines()
            .find(|line| line.contains(fault))
            .context("the check says nothing of it")?;
        assert!(!output.status.success() && line.ends_with("FAULT"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn service_points_and_firms_stand_at_addresses() -> Result<()> {
    let database = city().await?;
    for table in ["poi", "legal_entity"] {
        let astray: i64 = sqlx::query_scalar(&format!(
            "select count(*) from {table} p left join address a using (address_id)
             where a.address_id is null or a.building_id <> p.building_id or a.grid_id <> p.grid_id"
        ))
        .fetch_one(&database.pool)
        .await?;
        assert!(database.count(table).await? > 20);
        assert_eq!(astray, 0, "{table}");
    }
    Ok(())
}

#[tokio::test]
async fn every_stored_coordinate_lies_on_the_lattice() -> Result<()> {
    let database = city().await?;
    let off: i64 = sqlx::query_scalar(
        "select count(*)
         from (select geom from grid union all select geom from division union all select geom from building
               union all select geom from poi union all select geom from legal_entity union all select geom from address union all select label from grid) s
         cross join st_dumppoints(s.geom) p
         where st_x(p.geom) <> round(st_x(p.geom) * 1e7) / 1e7 or st_y(p.geom) <> round(st_y(p.geom) * 1e7) / 1e7",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(off, 0);
    Ok(())
}

#[tokio::test]
async fn the_service_and_postgis_agree_on_every_corner_and_on_twenty_thousand_points() -> Result<()>
{
    let database = city().await?;
    let app = App::start(&database.url).await?;
    let corners: Vec<(i64, i64)> = sqlx::query_as(
        "select distinct round(st_x(p.geom) * 1e7)::bigint, round(st_y(p.geom) * 1e7)::bigint
         from grid g cross join st_dumppoints(g.geom) p where g.kind = 'basic' order by 1, 2",
    )
    .fetch_all(&database.pool)
    .await?;
    let mut random = StdRng::seed_from_u64(5);
    let mut points = BTreeSet::new();
    for (x, y) in &corners {
        points.insert((*x as i32, *y as i32));
        points.insert((
            *x as i32 + random.random_range(-1..=1),
            *y as i32 + random.random_range(-1..=1),
        ));
    }
    let (west, east) = corners
        .iter()
        .map(|(x, _)| *x as i32)
        .fold((i32::MAX, i32::MIN), |(a, b), x| (a.min(x), b.max(x)));
    let (south, north) = corners
        .iter()
        .map(|(_, y)| *y as i32)
        .fold((i32::MAX, i32::MIN), |(a, b), y| (a.min(y), b.max(y)));
    points.extend(
        (0..20_000).map(|_| (random.random_range(west..=east), random.random_range(south..=north))),
    );
    assert_agrees(&app, &database, &Vec::from_iter(points)).await
}

#[tokio::test]
async fn every_grid_has_somebody_to_hold_what_happens_in_it() -> Result<()> {
    let database = city().await?;
    let deserted: i64 = sqlx::query_scalar(
        "select count(*) from grid g
         where g.kind = 'basic'
           and not exists (select 1 from roster r where r.grid_code = g.code and r.role = 'primary')",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(deserted, 0, "grids without a primary worker");
    let without_desk: i64 = sqlx::query_scalar(
        "select count(*) from division d where not exists (select 1 from unit u where u.division_code = d.code)",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(without_desk, 0, "divisions without an area centre");
    Ok(())
}

#[tokio::test]
async fn the_city_says_that_it_is_made_up_and_loads_once() -> Result<()> {
    let database = city().await?;
    let synthetic: Vec<bool> =
        sqlx::query_scalar("select synthetic from dataset").fetch_all(&database.pool).await?;
    assert!(!synthetic.is_empty() && synthetic.iter().all(|synthetic| *synthetic));
    let before = (database.count("boundary_version").await?, database.count("grid").await?);
    let said = command::run(&database.url, &["city", "load", "--scale", "township"])?;
    assert!(said.contains("already"), "{said}");
    assert_eq!((database.count("boundary_version").await?, database.count("grid").await?), before);
    Ok(())
}

#[tokio::test]
async fn codes_follow_the_standard_from_the_city_down_to_the_grid() -> Result<()> {
    let database = city().await?;
    let codes: Vec<(String, Option<String>)> =
        sqlx::query_as("select code, community_code from grid").fetch_all(&database.pool).await?;
    for (code, community) in codes {
        let community = community.context("a grid without a community")?;
        assert!(
            code.len() == 15 && code.starts_with(&community) && community.len() == 12,
            "{code} in {community}"
        );
    }
    let strays: i64 = sqlx::query_scalar(
        "select count(*) from division d left join division p on p.code = d.parent_code
         where d.level <> 'city' and (p.code is null or not starts_with(d.code, p.code))",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(strays, 0);
    Ok(())
}
