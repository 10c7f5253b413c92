//! Coordinate systems: what there is, and conversion between them.

use axum::Json;
use data::error::Fault;
use spatial::crs::Crs;

use crate::auth::Reader;
use crate::error::{ApiError, Result};
use crate::extract::JsonBody;
use crate::view::crs::{CrsAnswerView, CrsBody, CrsListView, CrsView, XyView};
use crate::view::problem::ProblemView;

/// Most points of one request.
const MOST_POINTS: usize = 10_000;
/// A request with more bad points than this is told about the first ones only.
const MOST_FAULTS: usize = 100;

static SYSTEMS: [CrsView; 6] = [
    CrsView {
        crs: "wgs84",
        epsg: "EPSG:4326",
        unit: "degrees",
        meaning: "WGS 84: GPS receivers, OpenStreetMap; what is stored here",
        meaning_zh: "WGS 84:GPS 接收机、OpenStreetMap;系统内部存储坐标系",
    },
    CrsView {
        crs: "cgcs2000",
        epsg: "EPSG:4490",
        unit: "degrees",
        meaning: "CGCS2000: official maps and surveys of China; taken as equal to WGS 84, which it is to about a metre",
        meaning_zh: "国家大地坐标系 2000:官方测绘成果;与 WGS 84 视为相同(相差约 1 米以内)",
    },
    CrsView {
        crs: "gcj02",
        epsg: "",
        unit: "degrees",
        meaning: "GCJ-02: AMap, Tencent, WeChat mini-programs; moved by hundreds of metres",
        meaning_zh: "国测局坐标:高德、腾讯、微信小程序;与 WGS 84 相差数百米",
    },
    CrsView {
        crs: "bd09",
        epsg: "",
        unit: "degrees",
        meaning: "BD-09: Baidu maps; GCJ-02 moved once more",
        meaning_zh: "百度坐标:在国测局坐标上再次偏移",
    },
    CrsView {
        crs: "EPSG:3857",
        epsg: "EPSG:3857",
        unit: "metres",
        meaning: "Web Mercator: tiles of web maps",
        meaning_zh: "Web 墨卡托投影:网络地图瓦片",
    },
    CrsView {
        crs: "EPSG:4491 … EPSG:4554",
        epsg: "EPSG:4491 … EPSG:4554",
        unit: "metres",
        meaning: "Gauss-Krüger zones of CGCS2000, easting before northing; Lanzhou lies in EPSG:4544 (105° E)",
        meaning_zh: "CGCS2000 高斯-克吕格投影,先东后北;兰州在 EPSG:4544(中央子午线 105°)",
    },
];

/// Coordinate systems
///
/// What a `crs` may be, and what it means.
#[utoipa::path(
    get, path = "/v1/crs", tag = "geocoding",
    responses(
        (status = 200, description = "The systems", body = CrsListView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn crs_list(Reader(_caller): Reader) -> Json<CrsListView> {
    Json(CrsListView { systems: SYSTEMS.to_vec() })
}

/// Convert points
///
/// Between any two systems; there and back is exact to a millimetre. All or nothing: a point that is none of its system is
/// named, and nothing is converted.
#[utoipa::path(
    post, path = "/v1/crs", tag = "geocoding", request_body = CrsBody,
    responses(
        (status = 200, description = "The points, in their order", body = CrsAnswerView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn crs_convert(
    Reader(_caller): Reader,
    JsonBody(body): JsonBody<CrsBody>,
) -> Result<Json<CrsAnswerView>> {
    if body.points.len() > MOST_POINTS {
        let detail = format!("got {} points, at most {MOST_POINTS} at once", body.points.len());
        return Err(ApiError::invalid_at("/points", detail));
    }
    let from = named("/from", body.from.as_deref())?;
    let to = named("/to", body.to.as_deref())?;
    let (mut points, mut faults) = (Vec::with_capacity(body.points.len()), Vec::new());
    for (at, point) in body.points.iter().enumerate() {
        match convert(*point, from, to) {
            Ok(point) => points.push(point),
            Err(why) if faults.len() < MOST_FAULTS => {
                faults.push(Fault::at(format!("/points/{at}"), why));
            }
            Err(_) => {}
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    Ok(Json(CrsAnswerView { from: from.to_string(), to: to.to_string(), points }))
}

fn named(pointer: &str, name: Option<&str>) -> Result<Crs> {
    let name = name.ok_or_else(|| ApiError::invalid_at(pointer, "missing: name a system"))?;
    name.parse()
        .map_err(|error: spatial::crs::UnknownCrs| ApiError::invalid_at(pointer, error.to_string()))
}

fn convert(point: XyView, from: Crs, to: Crs) -> Result<XyView, String> {
    let place = from.to_wgs84(point.lng, point.lat).map_err(|error| told(&error))?;
    let (x, y) = to.from_wgs84(place).map_err(|error| told(&error))?;
    let unit = if to.is_geographic() { 1e9 } else { 1e4 };
    let [lng, lat] = [x, y].map(|value| (value * unit).round() / unit);
    Ok(XyView { lng, lat })
}

fn told(error: &spatial::crs::CrsError) -> String {
    crate::error::chain(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_to_a_millimetre() {
        let given = XyView { lng: 103.834_345_678, lat: 36.061_112_345 };
        for crs in ["cgcs2000", "gcj02", "bd09", "EPSG:3857", "EPSG:4544"] {
            let crs: Crs = crs.parse().unwrap();
            let there = convert(given, Crs::Wgs84, crs).unwrap();
            let back = convert(there, crs, Crs::Wgs84).unwrap();
            let apart = (back.lng - given.lng).abs().max((back.lat - given.lat).abs());
            assert!(apart < 9e-9, "{crs}: {apart}");
        }
    }

    #[test]
    fn every_system_that_is_listed_alone_is_understood() {
        for system in SYSTEMS.iter().filter(|system| !system.crs.contains('…')) {
            assert!(system.crs.parse::<Crs>().is_ok(), "{}", system.crs);
        }
    }

    #[test]
    fn what_is_no_coordinate_is_told_with_its_reason() {
        let swapped = XyView { lng: 36.0, lat: 103.8 };
        let why = convert(swapped, Crs::Gcj02, Crs::Wgs84).unwrap_err();
        assert!(why.contains("swapped"), "{why}");
    }
}
