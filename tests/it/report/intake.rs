//! One report, from the request to the rows.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use spatial::crs::{Crs, LngLat, Wgs84};
use tests::town;

use super::town_app;

#[tokio::test]
async fn a_report_is_kept_with_its_grid_its_divisions_and_its_holder() -> Result<()> {
    let (database, app) = town_app().await?;
    let answer = app.report("first", &town::report_in("A1")).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let body = &answer.body;
    let id: i64 = body["id"].as_str().context("id is text")?.parse()?;
    assert_eq!(answer.header("location"), format!("/v1/incidents/{id}"));
    assert_eq!(body["located_by"], "coordinate");
    assert_eq!(body["grid"]["code"], town::grid("A1").code);
    assert_eq!(body["community"], json!({"code": "620102001001", "name": "甲社区"}));
    assert_eq!(body["township"], json!({"code": "620102001", "name": "东岸街道"}));
    assert_eq!(body["district"], json!({"code": "620102", "name": "城关区"}));
    assert_eq!(body["category"], json!({"code": "0201", "name": "道路破损"}));
    assert_eq!(body["state"], "dispatched");
    assert_eq!(body["level"], "grid");
    assert_eq!(body["holder"]["kind"], "grid_worker");
    assert_eq!(body["holder"]["name"], "王一");
    assert!(
        body["holder"]["reason"].as_str().is_some_and(|reason| reason.contains("on shift")),
        "{body}"
    );
    assert_eq!((&body["boundary_version"], &body["roster_version"]), (&json!(1), &json!(1)));

    let kept: (String, String, String, bool) = sqlx::query_as(
        "select grid_code, description, channel, due_at > reported_at from incident where incident_id = $1",
    )
    .bind(id)
    .fetch_one(&database.pool)
    .await?;
    let wanted =
        (town::grid("A1").code.to_owned(), "路面塌陷".to_owned(), "mini_program".to_owned(), true);
    assert_eq!(kept, wanted);
    let (first, last): (String, String) = sqlx::query_as(
        "select min(action) filter (where ordinal = 1), min(to_state) filter (where ordinal = n)
         from incident_event
         cross join (select max(ordinal) as n from incident_event where incident_id = $1) m
         where incident_id = $1",
    )
    .bind(id)
    .fetch_one(&database.pool)
    .await?;
    assert_eq!((first.as_str(), last.as_str()), ("report", "dispatched"));
    assert!(database.count("clock_interval").await? >= 1);
    Ok(())
}

#[tokio::test]
async fn what_is_read_later_is_what_was_answered() -> Result<()> {
    let (_database, app) = town_app().await?;
    let told = app.report("first", &town::report_in("B2")).await?.body;
    let id = told["id"].as_str().context("id")?;
    let read = app.get(&format!("/v1/incidents/{id}")).await?;
    assert_eq!(read.status, 200);
    assert_eq!(read.body, told);
    assert!(
        read.header("etag").contains(&told["row_version"].to_string()),
        "{}",
        read.header("etag")
    );
    Ok(())
}

/// Place, then who holds it: kind, name, level.
const HOLDERS: [(&str, &str, &str, &str); 8] = [
    ("A1", "grid_worker", "王一", "grid"),
    ("A3", "grid_worker", "张三", "grid"),
    ("B1", "grid_worker", "赵四副", "grid"), // the primary is never on shift
    ("B2", "grid_worker", "钱五", "grid"),
    ("C1", "grid_worker", "孙六", "grid"),
    ("C2", "grid_worker", "孙六", "grid"), // nobody is on shift, the worker of C1 is nearest
    ("D1", "grid_worker", "吴八", "grid"),
    ("D2", "grid_worker", "吴八", "grid"), // nobody is on the roster, the worker of D1 is nearest
];

#[tokio::test]
async fn the_worker_on_shift_holds_it_and_otherwise_whoever_is_nearest_or_the_desk() -> Result<()> {
    let (database, app) = town_app().await?;
    assert_holders(&app, "day", &HOLDERS).await?;
    // At the end of all shifts the desks of the communities take over.
    sqlx::raw_sql(
        "delete from shift; insert into roster_version (reason) values ('everybody went home')",
    )
    .execute(&database.pool)
    .await?;
    let desks = [
        ("A1", "unit", "甲社区指挥中心", "community"),
        ("C2", "unit", "丙社区指挥中心", "community"),
        ("D2", "unit", "丁村指挥中心", "community"),
    ];
    assert_holders(&app, "night", &desks).await
}

async fn assert_holders(
    app: &tests::app::App,
    run: &str,
    holders: &[(&str, &str, &str, &str)],
) -> Result<()> {
    for (short, kind, name, level) in holders {
        let body = app.report(&format!("{run}-{short}"), &town::report_in(short)).await?.body;
        let holder = (&body["holder"]["kind"], &body["holder"]["name"], &body["level"]);
        assert_eq!(holder, (&json!(kind), &json!(name), &json!(level)), "{short}: {body}");
        assert!(
            body["holder"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()),
            "{short}: no reason"
        );
    }
    Ok(())
}

#[tokio::test]
async fn of_two_primaries_the_one_with_fewer_open_cases_holds_the_next() -> Result<()> {
    let (database, app) = town_app().await?;
    let mut names = Vec::new();
    for turn in 0..6 {
        let body = app.report(&format!("turn-{turn}"), &town::report_in("A2")).await?.body;
        names.push(body["holder"]["name"].as_str().context("name")?.to_owned());
    }
    for pair in names.chunks(2) {
        assert_ne!(pair[0], pair[1], "{names:?}");
    }
    let loads: Vec<i32> =
        sqlx::query_scalar("select open_cases from grid_worker_load where open_cases > 0")
            .fetch_all(&database.pool)
            .await?;
    assert_eq!(loads, [3, 3]);
    Ok(())
}

#[tokio::test]
async fn a_point_in_any_declared_system_is_kept_as_given_and_understood_in_wgs84() -> Result<()> {
    let (_database, app) = town_app().await?;
    let (x, y) = town::at(town::grid("C1").inside);
    let (lng, lat) = (f64::from(x + 77) / 1e7, f64::from(y + 77) / 1e7);
    for system in ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:3857"] {
        let crs: Crs = system.parse()?;
        let (given_x, given_y) = crs.from_wgs84(LngLat::<Wgs84>::new(lng, lat)?)?;
        let mut report = town::report_in("C1");
        report["location"] = json!({"lng": given_x, "lat": given_y, "crs": system});
        let body = app.report(system, &report).await?.body;
        assert_eq!(body["grid"]["code"], town::grid("C1").code, "{system}: {body}");
        assert_eq!(body["location"]["crs"], "wgs84");
        let off = |name: &str, wanted: f64| {
            (body["location"][name].as_f64().unwrap_or(f64::NAN) - wanted).abs()
        };
        // One step of the lattice.
        assert!(
            off("lng", lng) <= 1.01e-7 && off("lat", lat) <= 1.01e-7,
            "{system}: {}",
            body["location"]
        );
        assert_eq!(body["given"]["lng"].as_f64(), Some(given_x));
        assert_eq!(body["given"]["lat"].as_f64(), Some(given_y));
    }
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_known_word_for_word_is_a_place() -> Result<()> {
    let (database, app) = town_app().await?;
    let (text, code): (String, String) = sqlx::query_as(
        "select a.full_text, g.code from address a join grid g using (grid_id) where g.code = $1 order by address_id limit 1",
    )
    .bind(town::grid("D1").code)
    .fetch_one(&database.pool)
    .await?;
    let report =
        json!({"channel": "hotline", "category": "0301", "description": "停水", "address": text});
    let body = app.report("by-address", &report).await?.body;
    assert_eq!(body["located_by"], "address", "{body}");
    assert_eq!(body["address"]["full_text"], text);
    assert_eq!(body["grid"]["code"], code);
    assert!(body["location"]["lng"].is_f64());
    assert_eq!(body["given"]["address"], text);
    Ok(())
}

#[tokio::test]
async fn a_coordinate_decides_even_where_an_address_is_given_too() -> Result<()> {
    let (database, app) = town_app().await?;
    let text: String =
        sqlx::query_scalar("select full_text from address order by address_id limit 1")
            .fetch_one(&database.pool)
            .await?;
    let mut report = town::report_in("D1");
    report["address"] = json!(text);
    let body = app.report("both", &report).await?.body;
    assert_eq!(body["located_by"], "coordinate");
    assert_eq!(body["grid"]["code"], town::grid("D1").code);
    assert_eq!(body["given"]["address"], text);
    Ok(())
}

#[tokio::test]
async fn a_report_with_an_unknown_address_is_kept_and_the_desk_of_the_city_holds_it() -> Result<()>
{
    let (_database, app) = town_app().await?;
    let nowhere = json!({"channel": "hotline", "category": "0402", "description": "噪声", "address": "河边那个小区门口"});
    let answer = app.report("unknown-address", &nowhere).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let body = &answer.body;
    assert_eq!(body["located_by"], "none");
    assert_eq!((&body["location"], &body["grid"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&body["holder"]["kind"], &body["holder"]["name"]),
        (&json!("unit"), &json!("兰州市指挥中心"))
    );
    assert_eq!(body["level"], "city");
    assert_eq!(body["state"], "received", "nobody has found out yet where it is");
    Ok(())
}

#[tokio::test]
async fn a_report_from_outside_every_grid_is_kept_with_its_place_and_a_desk_holds_it() -> Result<()>
{
    let (_database, app) = town_app().await?;
    let answer = app.report("outside", &town::report_at(town::at((20, 3)))).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let body = &answer.body;
    assert_eq!(body["located_by"], "coordinate");
    assert_eq!(body["grid"], Value::Null);
    assert!(body["location"]["lng"].is_f64());
    assert_eq!(body["holder"]["kind"], "unit");
    assert!(body["holder"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    Ok(())
}

#[tokio::test]
async fn a_report_of_the_past_is_due_from_when_it_was_told() -> Result<()> {
    let (_database, app) = town_app().await?;
    let told = chrono::Utc::now() - chrono::TimeDelta::hours(30);
    let mut report = town::report_in("A1");
    report["reported_at"] = json!(told.to_rfc3339());
    let body = app.report("late", &report).await?.body;
    let time = |name: &str| -> Result<chrono::DateTime<chrono::Utc>> {
        Ok(body[name].as_str().with_context(|| format!("{name} in {body}"))?.parse()?)
    };
    assert!((time("reported_at")? - told).abs() < chrono::TimeDelta::milliseconds(1));
    assert!(time("received_at")? - told > chrono::TimeDelta::hours(29));
    assert!(time("due_at")? < told + chrono::TimeDelta::days(60));
    Ok(())
}
