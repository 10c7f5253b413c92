//! The areas that points are looked up in, and what is said about one point.

use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::Crs;
use spatial::lattice::{LatticeBox, LatticePoint};
use spatial::locate::{CellIndex, Key, Locate, Locator};

use super::LocateFile;
use crate::import::error::ImportError;
use crate::import::grids;
use crate::import::mapping::{Mapping, Spec};
use crate::import::report::{Refusal, Report};
use crate::import::source::{Position, Row, open};
use crate::import::{clean, declare, judge};

/// The areas that points are looked up in.
pub struct Areas {
    locator: Locator,
    /// In front of it, unless areas overlap.
    cells: Option<CellIndex>,
    /// Code and name by face id.
    names: Vec<(String, String)>,
}

/// Fields of a file of areas; both may be missing.
pub static FIELDS: &[Spec] =
    &[Spec::optional("code", grids::CODE), Spec::optional("name", grids::NAME)];

/// Where a point lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// In the area of this number.
    Inside(u32),
    /// In none; the nearest and how far it is in metres.
    Outside(Option<(u32, f64)>),
    /// It is no place, and why.
    Invalid(String),
}

impl Found {
    /// The word for it in the output.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Inside(_) => "inside",
            Self::Outside(_) => "outside",
            Self::Invalid(_) => "invalid",
        }
    }
}

impl Areas {
    /// Reads, cleans and indexes the grids of a file.
    ///
    /// # Errors
    /// If the file cannot be read or has no area at all.
    pub fn read(options: &LocateFile) -> Result<(Self, Report), ImportError> {
        let mut opened = open(&options.grids, &options.grids_open)?;
        let mut report = Report {
            target: "areas".to_owned(),
            file: options.grids.display().to_string(),
            format: opened.format.to_string(),
            notes: std::mem::take(&mut opened.notes),
            ..Report::default()
        };
        let crs = declare::choose(&options.grids, &*opened.source, options.grids_crs)?;
        report.crs.clone_from(&crs.told);
        let mut mapping = Mapping::new(FIELDS, &options.grids_map)?;
        mapping.check_columns(&opened.source.columns())?;
        let mut faces: Vec<(u32, LatticeMultiPolygon)> = Vec::new();
        let mut names = Vec::new();
        while let Some(row) = opened.source.next_row()? {
            report.rows_read += 1;
            match face(row, crs.crs, &mut mapping) {
                Ok((row, code, name, shape, defects)) => {
                    report.repair(clean::repairs(row, &code, &defects));
                    faces.push((names.len() as u32, shape));
                    names.push((code, name));
                }
                Err(refusal) => report.refuse(refusal),
            }
        }
        report.notes.extend(declare::contradiction(&*opened.source, &crs));
        if faces.is_empty() {
            return Err(ImportError::unreadable(
                &options.grids,
                match report.refused.first() {
                    Some(first) => format!(
                        "none of its {} rows is a usable area; row {}: {}",
                        report.rows_read, first.row, first.reason
                    ),
                    None => "it has no rows".to_owned(),
                },
            ));
        }
        report.rows_written = faces.len() as u64;
        let codes: Vec<&str> = names.iter().map(|(code, _)| code.as_str()).collect();
        let faces = judge::coverage(faces, &codes, 0, 0.0, &mut report);
        let locator = Locator::new(faces);
        let key = Key { version: 0, borders: locator.digest() };
        let cells = CellIndex::build(&locator, key).ok();
        Ok((Self { locator, cells, names }, report))
    }

    /// How many areas there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Code and name of each, by the number that [`Found`] tells.
    pub fn names(&self) -> &[(String, String)] {
        &self.names
    }

    /// The smallest box around all of them.
    pub fn bounds(&self) -> Option<LatticeBox> {
        self.locator.bounds()
    }

    /// The numbers of the areas that hold lattice points; `found[i]` is the answer for `points[i]`.
    ///
    /// # Panics
    /// When the two slices differ in length.
    pub fn locate(&self, points: &[LatticePoint], found: &mut [Option<u32>]) {
        match &self.cells {
            Some(cells) => cells.locate_batch(points, found),
            None => self.locator.locate_batch(points, found),
        }
    }

    /// Where many positions of the system `crs` lie, in their order; a position that could not be read comes with why.
    pub fn find(&self, crs: Crs, positions: Vec<Result<Position, String>>) -> Vec<Found> {
        let places: Vec<Result<LatticePoint, String>> = positions
            .into_iter()
            .map(|position| position.and_then(|position| clean::place(crs, position)))
            .collect();
        // What is no place is looked up somewhere, so that all of it is one run of numbers.
        let points: Vec<LatticePoint> = places
            .iter()
            .map(|place| *place.as_ref().unwrap_or(&LatticePoint::default()))
            .collect();
        let mut faces = vec![None; points.len()];
        self.locate(&points, &mut faces);
        places
            .into_iter()
            .zip(faces)
            .map(|(place, face)| match (place, face) {
                (Err(why), _) => Found::Invalid(why),
                (Ok(_), Some(face)) => Found::Inside(face),
                (Ok(point), None) => Found::Outside(self.locator.nearest(point)),
            })
            .collect()
    }

    /// What is said about a point besides where it lies.
    pub(super) fn note(&self, found: &Found) -> String {
        match found {
            Found::Inside(_) | Found::Outside(None) => String::new(),
            Found::Outside(Some((face, _))) => {
                let (code, name) = self.name(*face);
                format!("nearest is {code} {name}").trim_end().to_owned()
            }
            Found::Invalid(why) => why.clone(),
        }
    }

    /// Code and name of an area.
    pub(super) fn name(&self, face: u32) -> (&str, &str) {
        self.names
            .get(face as usize)
            .map_or(("", ""), |(code, name)| (code.as_str(), name.as_str()))
    }
}

type Face = (u64, String, String, LatticeMultiPolygon, Vec<spatial::coverage::Defect>);

fn face(row: Row, crs: Crs, mapping: &mut Mapping) -> Result<Face, Refusal> {
    let feature = row?;
    let fields =
        mapping.apply(&feature.properties).map_err(|why| Refusal::new(feature.row, None, why))?;
    let name = fields.text_or_empty("name");
    let code = fields.text("code").map_or_else(|| feature.row.to_string(), str::to_owned);
    let (shape, defects) = clean::area_of(crs, feature.shape.as_ref())
        .map_err(|why| Refusal::new(feature.row, Some(code.clone()), why))?;
    Ok((feature.row, code, name, shape, defects))
}
