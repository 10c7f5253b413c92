//! The coordinate system that a file says it is in: by number, by name, or by the well-known text of a `.prj`.

use serde::Serialize;
use spatial::crs::Crs;

use super::shape::shorten;

/// What a file declares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeclaredCrs {
    /// In the file's own words, shortened.
    pub text: String,
    /// What we know it as; `None` if it is a system that is not read here.
    pub crs: Option<Crs>,
}

impl DeclaredCrs {
    /// From an authority's number or name: `EPSG:4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `GCJ02`, or well-known text.
    pub fn from_name(name: &str) -> Self {
        let name = name.trim();
        if name.contains('[') {
            return Self::from_wkt(name);
        }
        // urn:ogc:def:crs:EPSG::4326 and http://www.opengis.net/def/crs/EPSG/0/4326 end in the number.
        let upper = name.to_uppercase();
        let parts: Vec<&str> = upper.split([':', '/']).filter(|part| !part.is_empty()).collect();
        let crs = match parts.as_slice() {
            [.., last] if *last == "CRS84" => Some(Crs::Wgs84),
            [before @ .., last] if before.contains(&"EPSG") => format!("EPSG:{last}").parse().ok(),
            [number] if number.chars().all(|c| c.is_ascii_digit()) => {
                format!("EPSG:{number}").parse().ok()
            }
            _ => name.parse().ok(),
        };
        Self { text: shorten(name, 80), crs }
    }

    /// From well-known text, by its authority number where it has one, else by the names that desktop software writes.
    pub fn from_wkt(wkt: &str) -> Self {
        let wkt = wkt.trim();
        let name = wkt.split('"').nth(1).unwrap_or(wkt);
        let crs = epsg_of(wkt).and_then(|number| format!("EPSG:{number}").parse().ok());
        Self { text: shorten(name, 80), crs: crs.or_else(|| by_name(wkt, name)) }
    }
}

/// The number of the outermost AUTHORITY or ID: the last one, as parts come before the whole.
fn epsg_of(wkt: &str) -> Option<u32> {
    let compact: String =
        wkt.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let outermost = compact.strip_suffix("]]")?;
    let (_, number) = outermost
        .rsplit_once("AUTHORITY[\"EPSG\",")
        .or_else(|| outermost.rsplit_once("ID[\"EPSG\","))?;
    number.trim_matches('"').parse().ok()
}

fn by_name(wkt: &str, name: &str) -> Option<Crs> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let projected = wkt.trim_start().to_uppercase().starts_with("PROJ");
    match plain.as_str() {
        "gcswgs1984" | "wgs84" | "wgs1984" | "wgs84crs84" if !projected => Some(Crs::Wgs84),
        "gcschinageodeticcoordinatesystem2000"
        | "chinageodeticcoordinatesystem2000"
        | "cgcs2000"
        | "gcscgcs2000"
            if !projected =>
        {
            Some(Crs::Cgcs2000)
        }
        "gcj02" if !projected => Some(Crs::Gcj02),
        "bd09" if !projected => Some(Crs::Bd09),
        "wgs1984webmercatorauxiliarysphere" | "wgs84pseudomercator" | "popularvisualisationcrs" => {
            Some(Crs::WebMercator)
        }
        _ if projected && plain.starts_with("cgcs2000") => gauss_kruger(wkt, &plain),
        _ => None,
    }
}

/// `CGCS2000_3_Degree_GK_CM_105E`, `CGCS2000_3_Degree_GK_Zone_35` and their 6° sisters.
fn gauss_kruger(wkt: &str, plain: &str) -> Option<Crs> {
    let compact: String =
        wkt.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let parameter = |name: &str| -> Option<f64> {
        let (_, rest) = compact.split_once(&format!("parameter[\"{name}\","))?;
        rest.split(']').next()?.parse().ok()
    };
    let meridian = parameter("central_meridian")?;
    let easting = parameter("false_easting")?;
    let narrow = plain.contains("3degree") || easting >= 24_500_000.0;
    // The tables of `spatial::crs::gauss_kruger`.
    let number = match (narrow, easting > 1_000_000.0) {
        (true, true) => 4513.0 + (meridian / 3.0 - 25.0),
        (true, false) => 4534.0 + (meridian / 3.0 - 25.0),
        (false, true) => 4491.0 + ((meridian + 3.0) / 6.0 - 13.0),
        (false, false) => 4502.0 + ((meridian + 3.0) / 6.0 - 13.0),
    };
    (number.fract() == 0.0).then(|| format!("EPSG:{number}").parse().ok()).flatten()
}
