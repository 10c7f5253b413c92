//! Coordinate systems as the well-known text that desktop software writes beside a Shapefile.

use spatial::crs::Crs;

const GREENWICH_DEGREES: &str = "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]";

/// The text of a `.prj`.
pub(crate) fn prj(crs: Crs) -> String {
    match crs {
        Crs::Wgs84 => wgs84("GCS_WGS_1984"),
        // They have no official text: degrees on WGS 84 under their own name, which the import knows again.
        Crs::Gcj02 => wgs84("GCJ02"),
        Crs::Bd09 => wgs84("BD09"),
        Crs::Cgcs2000 => cgcs2000(),
        Crs::WebMercator => format!(
            "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",{},\
             PROJECTION[\"Mercator_Auxiliary_Sphere\"],PARAMETER[\"False_Easting\",0.0],\
             PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",0.0],\
             PARAMETER[\"Standard_Parallel_1\",0.0],PARAMETER[\"Auxiliary_Sphere_Type\",0.0],\
             UNIT[\"Meter\",1.0]]",
            wgs84("GCS_WGS_1984")
        ),
        Crs::GaussKruger(zone) => gauss_kruger(zone.epsg()),
    }
}

fn wgs84(name: &str) -> String {
    format!(
        "GEOGCS[\"{name}\",DATUM[\"D_WGS_1984\",\
         SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],{GREENWICH_DEGREES}]"
    )
}

fn cgcs2000() -> String {
    format!(
        "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",\
         SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],{GREENWICH_DEGREES}]"
    )
}

/// The tables of `spatial::crs::gauss_kruger`, read from number to zone.
fn gauss_kruger(epsg: u16) -> String {
    let (width, zone, prefixed) = match epsg {
        4491..=4501 => (6, epsg - 4491 + 13, true),
        4502..=4512 => (6, epsg - 4502 + 13, false),
        4513..=4533 => (3, epsg - 4513 + 25, true),
        _ => (3, epsg.saturating_sub(4534) + 25, false),
    };
    let meridian = if width == 6 { 6 * zone - 3 } else { 3 * zone };
    let easting = if prefixed { u32::from(zone) * 1_000_000 + 500_000 } else { 500_000 };
    let degree = if width == 3 { "3_Degree_" } else { "" };
    let name = if prefixed {
        format!("CGCS2000_{degree}GK_Zone_{zone}")
    } else {
        format!("CGCS2000_{degree}GK_CM_{meridian}E")
    };
    format!(
        "PROJCS[\"{name}\",{},PROJECTION[\"Gauss_Kruger\"],\
         PARAMETER[\"False_Easting\",{easting}.0],PARAMETER[\"False_Northing\",0.0],\
         PARAMETER[\"Central_Meridian\",{meridian}.0],PARAMETER[\"Scale_Factor\",1.0],\
         PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]",
        cgcs2000()
    )
}
