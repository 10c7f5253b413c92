//! Coordinates inside a text, and points beside the rows of a batch.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;

use super::{Known, city, codes_of, known, started};

/// A place in the numbers of a system.
fn in_system(one: &Known, crs: Crs) -> Result<(f64, f64)> {
    Ok(crs.from_wgs84(LatticePoint::new(one.point.0, one.point.1).lng_lat())?)
}

fn faults(of: &Value) -> Vec<&str> {
    of["faults"].as_array().into_iter().flatten().filter_map(|one| one["fault"].as_str()).collect()
}

#[tokio::test]
async fn coordinates_inside_the_text_are_read_in_the_declared_system() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let codes = codes_of(&database).await?;
    let mut taken = 0;
    for (at, one) in known(&database, 60).await?.iter().enumerate() {
        let crs = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09][at % 3];
        let (lng, lat) = in_system(one, crs)?;
        let text = match at % 2 {
            0 => format!("位置{lat:.6}，{lng:.6}，井盖破损"),
            _ => format!("东经{lng:.6}北纬{lat:.6}路面塌陷"),
        };
        let body =
            app.post("/v1/geocode", &json!({"crs": crs.to_string(), "text": text})).await?.body;
        let place = &body["features"][0];
        assert_eq!(place["properties"]["level"], "coordinate", "{body}");
        // PostGIS named the grid of the place itself; a border within the last digit leaves it open.
        let grid = codes[&one.grid].as_str();
        if body["geocoding"]["verdict"] == "accepted" {
            taken += 1;
            assert_eq!(place["properties"]["grid"]["code"], grid, "{body}");
        }
        let said = |at: usize| place["geometry"]["coordinates"][at].as_f64().context("a number");
        assert!((said(0)? - lng).abs() < 2e-6 && (said(1)? - lat).abs() < 2e-6, "{body}");
        let written = &body["geocoding"]["point"]["written"];
        let letters: Vec<char> = text.chars().collect();
        let span = |at: usize| written["span"][at].as_u64().context("a span");
        let part: String = letters[span(0)? as usize..span(1)? as usize].iter().collect();
        assert_eq!((&written["said"], &written["crs"]), (&json!(part), &json!(crs.to_string())));
        assert_eq!(written["latitude_first"], at % 2 == 0);
    }
    assert!(taken > 55, "{taken} of 60 are in one grid");
    Ok(())
}

#[tokio::test]
async fn a_coordinate_inside_the_text_that_contradicts_it_is_a_fault_and_another_system_is_named()
-> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let all = known(&database, 40).await?;
    let (mut agreed, mut named) = (0, 0);
    for (at, one) in all.iter().enumerate() {
        let elsewhere = &all[(at + 7) % all.len()];
        let (lng, lat) = in_system(one, Crs::Gcj02)?;
        let ask = async |text: String, crs: &str| {
            Ok::<_, anyhow::Error>(
                app.post("/v1/geocode", &json!({"crs": crs, "text": text})).await?.body,
            )
        };
        let text = format!("{}({lng:.6},{lat:.6})停水", one.text);
        let right = ask(text.clone(), "gcj02").await?;
        if right["geocoding"]["verdict"] != "accepted" {
            continue;
        }
        agreed += 1;
        assert_eq!(
            right["features"][0]["properties"]["id"], one.id,
            "digits are no doors: {right}"
        );
        assert_eq!(right["geocoding"]["point"]["agrees"], true, "{right}");
        assert!(faults(&right["geocoding"]).is_empty(), "{right}");
        let wrong = ask(text, "wgs84").await?;
        if wrong["geocoding"]["point"]["likely_crs"] == "gcj02" {
            named += 1;
            assert!(faults(&wrong["geocoding"]).contains(&"point.conflict"), "{wrong}");
        }
        let (lng, lat) = in_system(elsewhere, Crs::Wgs84)?;
        let other = ask(format!("{}({lng:.6},{lat:.6})停水", one.text), "wgs84").await?;
        let apart = other["geocoding"]["point"]["distance_m"].as_f64().context("a distance")?;
        let conflict = faults(&other["geocoding"]).contains(&"point.conflict");
        assert_eq!(conflict, other["geocoding"]["point"]["agrees"] == false, "{apart} m: {other}");
    }
    assert!(agreed > 30 && named > agreed / 2, "{agreed} agreed, of {named} the system was named");
    let outside = app
        .post("/v1/geocode", &json!({"crs": "wgs84", "text": "位置100.123456,30.123456"}))
        .await?
        .body;
    assert_eq!(
        (outside["geocoding"]["verdict"].as_str(), faults(&outside["geocoding"])),
        (Some("not_found"), vec!["coordinate.outside"])
    );
    Ok(())
}

#[tokio::test]
async fn a_batch_compares_the_point_of_each_row_as_one_text_does() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let all = known(&database, 30).await?;
    let rows: Vec<Value> = all
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let of = if at % 3 == 0 { &all[(at + 5) % all.len()] } else { one };
            let (lng, lat) = (f64::from(of.point.0) / 1e7, f64::from(of.point.1) / 1e7);
            json!({"text": one.text, "point": {"lng": lng, "lat": lat, "crs": "wgs84"}})
        })
        .collect();
    let batch = app.post("/v1/geocode/batch", &json!({"crs": "gcj02", "rows": rows})).await?.body;
    for (at, row) in rows.iter().enumerate() {
        let mut alone = row.clone();
        alone["crs"] = json!("gcj02");
        let one = app.post("/v1/geocode", &alone).await?.body;
        let (told, point) = (&batch["rows"][at], &one["geocoding"]["point"]);
        assert_eq!(
            (&told["point_agrees"], &told["point_distance_m"]),
            (&point["agrees"], &point["distance_m"]),
            "{told} {one}"
        );
        let is_conflict = point["agrees"] == false;
        assert_eq!(told["fault"] == "point.conflict", is_conflict, "{told}");
    }
    let bad = json!({"crs": "wgs84", "rows": [{"text": "x", "point": {"lng": 36.0, "lat": 103.0}}, {"text": "x", "point": {"lng": 1.0, "lat": 2.0, "crs": "mars"}}]});
    let refused = app.post("/v1/geocode/batch", &bad).await?.body;
    assert_eq!(refused["counts"]["invalid"], 2, "{refused}");
    Ok(())
}
