//! Real borders for the districts, out of a file: read with the importer, cleaned to an exact partition, and every change
//! told.
//!
//! The rule for gaps: a place that the eight districts enclose and none of them has goes to the one with which it shares
//! the longest border. Overlaps have no such answer and are refused.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use geo::{Area, BooleanOps};
use serde_json::Value;
use sha2::{Digest, Sha256};
use spatial::coverage::{Coverage, Defect, DefectKind, LatticeMultiPolygon};
use spatial::crs::{Crs, LngLat, Wgs84};
use spatial::interior::interior_point;
use spatial::measure::{distance_m, multi_area_m2};

use super::City;
use super::districts::DistrictBorder;
use crate::import::clean::area_of;
use crate::import::declare::{choose, contradiction};
use crate::import::source::{Feature, OpenOptions, open};

/// The districts of the city by code, in its order.
pub const DISTRICT_NAMES: [(&str, &str); 8] = [
    ("620102", "城关区"),
    ("620103", "七里河区"),
    ("620104", "西固区"),
    ("620105", "安宁区"),
    ("620111", "红古区"),
    ("620121", "永登县"),
    ("620122", "皋兰县"),
    ("620123", "榆中县"),
];

/// Columns that hold the code of a district, the first one found.
const CODE_COLUMNS: [&str; 5] = ["adcode", "code", "ADCODE", "区划代码", "pac"];
/// Faces that stand for gaps are numbered from here.
const FIRST_GAP: u32 = 1000;

/// The border of one district.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenDistrict {
    /// Six digits, such as `620102`.
    pub code: &'static str,
    /// Its name in our list.
    pub name: &'static str,
    /// Its shape on the lattice; it may have several parts.
    pub shape: LatticeMultiPolygon,
}

/// The eight districts as an exact partition, and what was done to get there.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenDistricts {
    /// In order of code.
    pub districts: Vec<GivenDistrict>,
    /// What was mended in single shapes and between them.
    pub repairs: Vec<Defect>,
    /// The gaps that were given away.
    pub gaps: Vec<FilledGap>,
}

/// A place that no district had.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledGap {
    /// A point in it.
    pub location: LngLat<Wgs84>,
    /// How large it is.
    pub area_m2: f64,
    /// The district that has it now.
    pub given_to: &'static str,
    /// How long a border it shares with each district, the longest first.
    pub shared_m: Vec<(&'static str, f64)>,
}

/// Why a file does not give the borders.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDistricts {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] crate::import::error::ImportError),
    /// It contradicts itself about its coordinate system.
    #[error("{0}")]
    Crs(String),
    /// One of its rows is no district.
    #[error("row {row}: {why}")]
    Row {
        /// Counted from 1.
        row: u64,
        /// What is wrong.
        why: String,
    },
    /// A district is not in it.
    #[error("the file has no district {code} {name}")]
    Missing {
        /// Six digits.
        code: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// Two districts claim the same place.
    #[error("{} and {} overlap by {area_m2:.0} m² at {lng:.6} {lat:.6}", names[0], names[1])]
    Overlap {
        /// Which.
        names: [&'static str; 2],
        /// How much.
        area_m2: f64,
        /// Longitude of a place in it, degrees WGS 84.
        lng: f64,
        /// Its latitude.
        lat: f64,
    },
    /// Cleaning left something that it should not; a defect of this program.
    #[error("the cleaned borders are no partition: {0}")]
    Unclean(String),
}

/// Reads the borders of the eight districts.
///
/// # Errors
/// [`InvalidDistricts`] says what is wrong with the file, and where.
pub fn read_districts(path: &Path) -> Result<GivenDistricts, InvalidDistricts> {
    let mut source = open(path, &OpenOptions::default())?.source;
    let mut features = Vec::new();
    while let Some(row) = source.next_row()? {
        features.push(
            row.map_err(|refusal| InvalidDistricts::Row { row: refusal.row, why: refusal.reason })?,
        );
    }
    let chosen = choose(path, &*source, None)?;
    if let Some(why) = contradiction(&*source, &chosen) {
        return Err(InvalidDistricts::Crs(why));
    }
    let (shapes, repairs) = shapes(&features, chosen.crs)?;
    partition(shapes, repairs)
}

type Shapes = BTreeMap<usize, LatticeMultiPolygon>;

fn shapes(features: &[Feature], crs: Crs) -> Result<(Shapes, Vec<Defect>), InvalidDistricts> {
    let (mut shapes, mut repairs) = (Shapes::new(), Vec::new());
    for feature in features {
        let refuse = |why: String| InvalidDistricts::Row { row: feature.row, why };
        let code = code(feature).ok_or_else(|| {
            refuse(format!("no column with a code of six digits ({})", CODE_COLUMNS.join(", ")))
        })?;
        let index = DISTRICT_NAMES
            .iter()
            .position(|(known, _)| *known == code)
            .ok_or_else(|| refuse(format!("{code} is no district of Lanzhou")))?;
        let (shape, mended) = area_of(crs, feature.shape.as_ref()).map_err(refuse)?;
        repairs.extend(
            mended.into_iter().map(|defect| Defect { faces: vec![index as u32], ..defect }),
        );
        if shapes.insert(index, shape).is_some() {
            return Err(refuse(format!("{code} is there twice")));
        }
    }
    Ok((shapes, repairs))
}

fn code(feature: &Feature) -> Option<String> {
    let value = CODE_COLUMNS.iter().find_map(|name| feature.properties.get(*name))?;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let six = text.get(..6).filter(|six| six.bytes().all(|b| b.is_ascii_digit()))?;
    Some(six.to_owned())
}

/// Makes an exact partition of the shapes.
///
/// # Errors
/// When one is missing or two overlap.
pub fn partition(
    shapes: Shapes,
    mut repairs: Vec<Defect>,
) -> Result<GivenDistricts, InvalidDistricts> {
    for (index, &(code, name)) in DISTRICT_NAMES.iter().enumerate() {
        if !shapes.contains_key(&index) {
            return Err(InvalidDistricts::Missing { code, name });
        }
    }
    let faces = shapes.into_iter().map(|(index, shape)| (index as u32, shape)).collect();
    let (coverage, defects) = Coverage::build(faces);
    if let Some(defect) = defects.iter().find(|d| is_overlap(d)) {
        return Err(overlap(defect));
    }
    repairs.extend(defects.into_iter().filter(|defect| defect.kind.is_repaired()));
    // What all together enclose and none has: the holes of their union.
    let whole = coverage.dissolved(|_| Some(0));
    let holes = whole.into_iter().flat_map(|(_, shape)| shape.0).flat_map(|part| part.holes);
    let gaps: Vec<LatticeMultiPolygon> = holes
        .map(|mut hole| {
            hole.0.reverse();
            LatticeMultiPolygon(vec![spatial::coverage::LatticePolygon::solid(hole)])
        })
        .collect();
    let mut faces: Vec<(u32, LatticeMultiPolygon)> =
        coverage.faces().iter().map(|face| (face.id, face.shape.clone())).collect();
    faces.extend((FIRST_GAP..).zip(gaps.iter().cloned()));
    let (filled, _) = Coverage::build(faces);
    let given = give_away(&filled, &gaps);
    let owner = |id: u32| match id.checked_sub(FIRST_GAP) {
        Some(gap) => given.get(gap as usize).map(|(owner, _)| *owner),
        None => Some(id),
    };
    let dissolved = filled.dissolved(owner);
    let (after, left) = Coverage::build(dissolved.clone());
    if let Some(defect) = left.iter().find(|defect| !defect.kind.is_repaired()) {
        let (lng, lat) = (defect.location.lng(), defect.location.lat());
        return Err(InvalidDistricts::Unclean(format!("{} at {lng:.7} {lat:.7}", defect.kind)));
    }
    let districts = after.faces().iter().map(|face| {
        let (code, name) = DISTRICT_NAMES[face.id as usize];
        GivenDistrict { code, name, shape: face.shape.clone() }
    });
    Ok(GivenDistricts {
        districts: districts.collect(),
        repairs,
        gaps: given.into_iter().map(|(_, gap)| gap).collect(),
    })
}

fn is_overlap(defect: &Defect) -> bool {
    matches!(defect.kind, DefectKind::Overlap | DefectKind::SliverOverlap)
}

fn overlap(defect: &Defect) -> InvalidDistricts {
    let name = |at: usize| {
        let face = defect.faces.get(at).copied().unwrap_or_default();
        DISTRICT_NAMES.get(face as usize).map_or("?", |(_, name)| *name)
    };
    InvalidDistricts::Overlap {
        names: [name(0), name(1)],
        area_m2: defect.area_m2,
        lng: defect.location.lng(),
        lat: defect.location.lat(),
    }
}

/// The district that gets each gap, and the account of it.
fn give_away(filled: &Coverage, gaps: &[LatticeMultiPolygon]) -> Vec<(u32, FilledGap)> {
    let arcs = filled.arcs();
    let one = |(gap, shape): (u32, &LatticeMultiPolygon)| {
        let mut shared: BTreeMap<u32, f64> = BTreeMap::new();
        for arc in &arcs {
            let other = match (arc.left, arc.right) {
                (Some(left), Some(right)) if left == gap => right,
                (Some(left), Some(right)) if right == gap => left,
                _ => continue,
            };
            let steps = arc.points.windows(2);
            let length_m: f64 =
                steps.map(|step| distance_m(step[0].lng_lat(), step[1].lng_lat())).sum();
            *shared.entry(other).or_default() += length_m;
        }
        let mut shared: Vec<(u32, f64)> =
            shared.into_iter().filter(|(id, _)| *id < FIRST_GAP).collect();
        // The longest first; of equals the lower code.
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let owner = shared.first()?.0;
        let name = |id: u32| DISTRICT_NAMES[id as usize].1;
        Some((
            owner,
            FilledGap {
                location: interior_point(shape)?.lng_lat(),
                area_m2: multi_area_m2(shape),
                given_to: name(owner),
                shared_m: shared.into_iter().map(|(id, m)| (name(id), m)).collect(),
            },
        ))
    };
    (FIRST_GAP..).zip(gaps).filter_map(one).collect()
}

impl GivenDistricts {
    /// The borders for the generator.
    pub fn borders(&self) -> Vec<DistrictBorder> {
        let border = |district: &GivenDistrict| DistrictBorder {
            code: district.code.to_owned(),
            shape: district.shape.clone(),
        };
        self.districts.iter().map(border).collect()
    }

    /// SHA-256 over all borders, in lower-case hexadecimal digits: the same exactly for the same ones.
    pub fn sha256(&self) -> String {
        let mut sha = Sha256::new();
        for district in &self.districts {
            sha.update(district.code);
            for ring in district.shape.rings() {
                sha.update((ring.0.len() as u64).to_le_bytes());
                for point in &ring.0 {
                    sha.update(point.x.to_le_bytes());
                    sha.update(point.y.to_le_bytes());
                }
            }
        }
        hex::encode(sha.finalize())
    }

    /// How far a city drawn inside these borders departs from them: the share of each district's area that is on the
    /// wrong side of its outline, by name.
    pub fn departure(&self, city: &City) -> Vec<(&'static str, f64)> {
        let of = |district: &GivenDistrict| {
            let drawn = city.divisions.iter().find(|division| division.code == district.code)?;
            let [own, given] = [&drawn.shape, &district.shape].map(LatticeMultiPolygon::to_degrees);
            let wrong = own.xor(&given).unsigned_area();
            Some((district.name, wrong / given.unsigned_area()))
        };
        self.districts.iter().filter_map(of).collect()
    }
}

impl fmt::Display for GivenDistricts {
    /// One line a fact: parts, repairs, gaps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for district in &self.districts {
            let km2 = multi_area_m2(&district.shape) / 1e6;
            let (parts, vertices) = (district.shape.0.len(), district.shape.vertex_count());
            writeln!(
                f,
                "{} {}: {km2:.1} km², {vertices} vertices, {parts} {}",
                district.code,
                district.name,
                if parts == 1 { "part" } else { "parts" }
            )?;
        }
        for defect in &self.repairs {
            let (lng, lat) = (defect.location.lng(), defect.location.lat());
            writeln!(f, "mended: {} × {} at {lng:.6} {lat:.6}", defect.count, defect.kind)?;
        }
        for gap in &self.gaps {
            let shared: Vec<String> = gap
                .shared_m
                .iter()
                .map(|(name, m)| format!("{name} {:.2} km", m / 1000.0))
                .collect();
            writeln!(
                f,
                "gap of {:.3} km² at {:.6} {:.6} given to {} (shared borders: {})",
                gap.area_m2 / 1e6,
                gap.location.lng(),
                gap.location.lat(),
                gap.given_to,
                shared.join(", ")
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "given_tests.rs"]
mod tests;
