//! What is near a point, what is being typed, and callers that declare the wrong system.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::answer;

use super::{city, codes_of, known, started};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one question and its oracle")]
async fn what_is_near_a_point_is_what_postgis_finds_near_it() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let codes = codes_of(&database).await?;
    for one in known(&database, 25).await? {
        let (lng, lat) = (f64::from(one.point.0) / 1e7 + 0.0002, f64::from(one.point.1) / 1e7);
        let body = json!({"lng": lng, "lat": lat, "crs": "wgs84", "within_m": 400, "kinds": "address", "limit": 3, "accuracy_m": 40});
        let answer = app.post("/v1/reverse", &body).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let by_get = format!(
            "/v1/reverse?lng={lng}&lat={lat}&crs=wgs84&within_m=400&kinds=address&limit=3&accuracy_m=40"
        );
        assert_eq!(app.get(&by_get).await?.body, answer.body);
        let first = &answer.body["features"][0];
        let said_m = first["properties"]["distance_m"].as_f64().context("a distance")?;
        let at = &first["geometry"]["coordinates"];
        let (nearest, nearest_m, apart_m): (String, f64, f64) = sqlx::query_as(
            "select c.full_text, st_distance(c.geom::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) as apart_m,
                    st_distance(st_setsrid(st_makepoint($3, $4), 4326)::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography)
             from (
                 select min(full_text) as full_text, st_centroid(st_collect(geom)) as geom
                 from address
                 group by building_id, road, split_part(house_no, '附', 1), compound, building_no
             ) c
             order by apart_m
             limit 1",
        )
        .bind(lng)
        .bind(lat)
        .bind(at[0].as_f64())
        .bind(at[1].as_f64())
        .fetch_one(&database.pool)
        .await?;
        assert!((said_m - apart_m).abs() < 0.2, "{said_m} m, PostGIS says {apart_m} m");
        // The middle of a building is that of its addresses, to the rounding of the two; 241号附5号 is a door of 241号.
        assert!(
            said_m < nearest_m + 1.0,
            "{said_m} m, PostGIS finds {nearest} at {nearest_m} m: {first}"
        );
        let near: Vec<String> = sqlx::query_scalar(
            "select code from grid where kind = 'basic' and valid @> boundary_version_at(now())
               and st_dwithin(geom::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography, 40) order by code",
        )
        .bind(lng)
        .bind(lat)
        .fetch_all(&database.pool)
        .await?;
        let about = &answer.body["geocoding"];
        let mut said: Vec<String> = about["also_grids"]
            .as_array()
            .context("also_grids")?
            .iter()
            .chain([&about["grid"]])
            .filter_map(|grid| Some(grid["code"].as_str()?.to_owned()))
            .collect();
        said.sort();
        assert_eq!(said, near, "{about}");
        assert!(codes.values().any(|code| near.contains(code)));
    }
    let far = json!({"lng": 100.0, "lat": 30.0, "crs": "wgs84"});
    let far = app.post("/v1/reverse", &far).await?.body;
    assert_eq!(
        (far["features"].as_array().map(Vec::len), far["geocoding"]["grid"].is_null()),
        (Some(0), true)
    );
    for (body, pointer) in [
        (json!({"lng": 1.0, "lat": 2.0}), "/crs"),
        (json!({"lng": 36.0, "lat": 103.0, "crs": "wgs84"}), ""),
        (json!({"lng": 1.0, "lat": 2.0, "crs": "wgs84", "limit": 51}), "/limit"),
        (json!({"lng": 1.0, "lat": 2.0, "crs": "wgs84", "within_m": 9000}), "/within_m"),
        (json!({"lng": 1.0, "lat": 2.0, "crs": "wgs84", "kinds": "address,people"}), "/kinds"),
    ] {
        let refused = app.post("/v1/reverse", &body).await?;
        assert_eq!(
            (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{}",
            refused.body
        );
    }
    Ok(())
}

#[tokio::test]
async fn typing_an_address_leads_to_it_and_every_suggestion_exists() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let suggest = async |typed: &str| {
        let request =
            app.request(Method::GET, "/v1/suggest").query(&[("q", typed), ("crs", "wgs84")]);
        let answer = answer(request).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        anyhow::Ok(answer.body)
    };
    let roads: Vec<(String, String)> = sqlx::query_as(
        "select road, min(house_no) from address where road <> '' and house_no ~ '^[0-9]+号$' group by road order by count(*) desc limit 5",
    )
    .fetch_all(&database.pool)
    .await?;
    for (road, house_no) in roads {
        let begun: String = road.chars().take(2).collect();
        let body = suggest(&begun).await?;
        let texts: Vec<&str> = body["suggestions"]
            .as_array()
            .context("suggestions")?
            .iter()
            .filter_map(|one| one["text"].as_str())
            .collect();
        assert!(texts.contains(&road.as_str()), "{begun}: {texts:?}");
        let number = house_no.trim_end_matches('号');
        let body = suggest(&format!("{road}{number}")).await?;
        let wanted = format!("{road}{house_no}");
        let found = body["suggestions"]
            .as_array()
            .context("suggestions")?
            .iter()
            .any(|one| one["text"] == wanted.as_str());
        assert!(found, "{wanted}: {body}");
        for one in body["suggestions"].as_array().context("suggestions")? {
            if one["element"] == "number" {
                let text = one["text"].as_str().context("a text")?;
                let there: bool = sqlx::query_scalar(
                    "select exists (select from address where road || house_no = $1)",
                )
                .bind(text)
                .fetch_one(&database.pool)
                .await?;
                assert!(there, "{text} is suggested and not there");
            }
        }
    }
    assert_eq!(suggest("").await?["suggestions"], json!([]));
    for path in ["/v1/suggest?crs=wgs84", "/v1/suggest?q=x&crs=wgs84&limit=21"] {
        assert_eq!(app.get(path).await?.status, 400, "{path}");
    }
    assert_eq!(app.get("/v1/suggest?q=x").await?.status, 422, "no system");
    Ok(())
}

#[tokio::test]
async fn a_caller_that_sends_another_system_than_it_says_is_named() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let mut last = Value::Null;
    for one in known(&database, 60).await? {
        let points =
            json!([{"lng": f64::from(one.point.0) / 1e7, "lat": f64::from(one.point.1) / 1e7}]);
        let moved = app
            .post("/v1/crs", &json!({"from": "wgs84", "to": "gcj02", "points": points}))
            .await?
            .body;
        let text = json!({"crs": "wgs84", "text": one.text, "point": moved["points"][0]});
        let wrong = app.post("/v1/geocode", &text).await?.body;
        if wrong["geocoding"]["verdict"] == "accepted" {
            let point = &wrong["geocoding"]["point"];
            assert_eq!(
                (point["agrees"].as_bool(), point["likely_crs"].as_str()),
                (Some(false), Some("gcj02")),
                "{point}"
            );
            assert_eq!(wrong["geocoding"]["faults"][0]["fault"], "point.conflict");
            last = point["caller"].clone();
        }
        let mut right = text.clone();
        right["point"]["crs"] = json!("gcj02");
        let right = app.post("/v1/geocode", &right).await?.body;
        let point = &right["geocoding"]["point"];
        assert!(
            point["caller"].is_null()
                && (right["geocoding"]["verdict"] != "accepted" || point["agrees"] == true),
            "{point}"
        );
    }
    assert_eq!(
        (last["declared"].as_str(), last["likely"].as_str()),
        (Some("wgs84"), Some("gcj02")),
        "{last}"
    );
    assert!(app.log().contains("declare the wrong coordinate system"));
    Ok(())
}
