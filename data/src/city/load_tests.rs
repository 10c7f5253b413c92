use super::super::{CityOptions, CityScale, DivisionRow, generate};
use super::*;
use crate::test_town::TestTown;

fn rows() -> Vec<DivisionRow> {
    let row = |code: &str, name: &str| DivisionRow {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: String::new(),
        parent: String::new(),
    };
    vec![
        row("620102001000", "试街道"),
        row("620102001001", "甲社区居委会"),
        row("620102001002", "乙社区居委会"),
        row("620102002000", "验街道"),
        row("620102002001", "丙社区居委会"),
    ]
}

const SHAPE_OF_TABLES: &str = "select coalesce(string_agg(line, E'\\n' order by line), '')
    from (
        select indexdef as line from pg_indexes where schemaname = 'public'
        union all
        select conrelid::regclass || conname || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace
    ) as lines";

async fn shape_of_tables(town: &TestTown) -> String {
    sqlx::query_scalar(SHAPE_OF_TABLES).fetch_one(&town.store.pool).await.unwrap()
}

#[test]
fn a_city_takes_the_place_of_another_only_when_asked_and_only_once() {
    let options = CityOptions { seed: 11, scale: CityScale::Community };
    let city = generate(&options, &rows()).unwrap();
    let recipe = Recipe::of(&options, &rows());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let town = TestTown::build().await;
        let before = shape_of_tables(&town).await;
        let quiet = Progress::silent();

        let refused = load(&city, &recipe, &town.store, Present::Keep, &quiet).await.unwrap_err();
        assert!(matches!(refused, LoadError::Occupied { grids: 3 }), "{refused}");
        assert_eq!(town.count("select count(*) from boundary_version").await, 1);
        assert_eq!(town.count("select count(*) from address").await, 2);
        assert!(!is_there(&town.store, &recipe).await.unwrap());

        let loaded = load(&city, &recipe, &town.store, Present::Replace, &quiet).await.unwrap();
        let content_sha256 = city.content_sha256();
        assert_eq!(loaded, Loaded::Fresh { boundary_version: 2, content_sha256 });
        assert_eq!(shape_of_tables(&town).await, before, "the tables are as they were made");
        check_loaded(&town, &city).await;

        let again = load(&city, &recipe, &town.store, Present::Replace, &quiet).await.unwrap();
        assert_eq!(again, Loaded::AlreadyThere);
        assert!(is_there(&town.store, &recipe).await.unwrap());
        assert_eq!(town.count("select count(*) from boundary_version").await, 2);
    });
}

async fn check_loaded(town: &TestTown, city: &City) {
    let grids = (city.grids.len() + city.specials.len()) as i64;
    for (query, expected) in [
        ("select count(*) from grid where upper_inf(valid)", grids),
        ("select count(*) from grid where valid = '[1,2)'", 3),
        ("select count(*) from grid where not st_isvalid(geom)", 0),
        ("select count(*) from division where upper_inf(valid)", city.divisions.len() as i64),
        ("select count(*) from building", city.buildings.len() as i64),
        ("select count(*) from address", city.addresses.len() as i64),
        ("select count(*) from grid_worker where voided_at is null", city.workers.len() as i64),
        ("select count(*) from grid_worker where voided_at is not null", 4),
        ("select count(*) from roster join grid_worker using (grid_worker_id) where upper_inf(period) and voided_at is not null", 0),
        ("select count(distinct grid_code) from roster where upper_inf(period) and role = 'primary'", grids),
        ("select count(*) from unit where division_code not in (select code from division where upper_inf(valid))", 0),
        ("select count(*) from shift", 5 * city.workers.len() as i64),
        (
            "select count(*) from address a join building b using (building_id) join grid g on g.grid_id = b.grid_id
             where st_contains(b.geom, a.geom) and st_contains(g.geom, b.geom) and a.grid_id = g.grid_id",
            city.addresses.len() as i64,
        ),
        ("select count(*) from dataset where synthetic", 1),
    ] {
        assert_eq!(town.count(query).await, expected, "{query}");
    }
    // Rows that come later get keys of their own.
    town.execute("insert into road (name, class, geom) values ('新路', 'lane', 'SRID=4326;LINESTRING(0 0, 1 1)')").await;
}

#[test]
fn postgis_finds_a_given_border_and_the_outline_drawn_in_it_less_than_a_lattice_step_apart() {
    let (given, city) = &*crate::city::tests::WITHIN;
    let text = |shape: &spatial::coverage::LatticeMultiPolygon| {
        use geozero::ToWkt;
        geo_types::Geometry::from(shape.to_degrees()).to_wkt().unwrap()
    };
    let (given, drawn) = (text(given), text(&city.divisions[1].shape));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let town = TestTown::build().await;
        // Square degrees of difference for a degree of border, and the farthest that one is from the other.
        let sql =
            "select st_area(st_symdifference(g, d)) / st_perimeter(g), st_hausdorffdistance(g, d)
            from (select st_geomfromtext($1) as g, st_geomfromtext($2) as d) s";
        let (mean, most): (f64, f64) = sqlx::query_as(sql)
            .bind(&given)
            .bind(&drawn)
            .fetch_one(&town.store.pool)
            .await
            .unwrap();
        assert!(mean < 0.5e-7 && most < 1.0e-7, "{mean:e} on the mean, {most:e} at most, degrees");
    });
}
