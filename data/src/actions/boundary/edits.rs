//! Edited grids as a request carries them.

use geozero::GeozeroGeometry as _;
use geozero::geojson::GeoJson;
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::Crs;

use crate::domain::boundary::GridEdit;
use crate::domain::grid::GridKind;
use crate::error::Fault;
use crate::import::boundary::Border;
use crate::import::clean;
use crate::import::source::ShapeBuilder;

/// Most grids of one publication.
pub const MOST_GRIDS: usize = 5_000;

/// One grid as a request names it.
#[derive(Clone, Debug, Default)]
pub struct GivenEdit {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// `basic` or `special`.
    pub kind: Option<String>,
    /// The community it belongs to.
    pub community_code: Option<String>,
    /// How many people live in it.
    pub people: Option<i32>,
    /// A polygon or multipolygon as GeoJSON text (RFC 7946: WGS 84, lng then lat).
    pub geometry: String,
}

/// Reads one; `at` is its place in the request.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(at: usize, given: GivenEdit) -> Result<GridEdit, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut fault =
        |member: &str, why: String| faults.push(Fault::at(format!("/grids/{at}/{member}"), why));
    if !is_code(&given.code) {
        fault("code", format!("{:?} is no code: 1 to 32 of A-Z a-z 0-9 _ . : -", given.code));
    }
    if let Some(code) = given.community_code.as_ref().filter(|code| !is_code(code)) {
        fault("community_code", format!("{code:?} is no code: 1 to 32 of A-Z a-z 0-9 _ . : -"));
    }
    if given.name.as_ref().is_some_and(|name| {
        name.trim().is_empty() || name.contains('\0') || 200 < name.chars().count()
    }) {
        fault("name", "it is blank, longer than 200 characters or holds U+0000".to_owned());
    }
    if given.people.is_some_and(|people| people < 0) {
        fault("people", "there are no fewer than 0".to_owned());
    }
    let kind = given.kind.as_deref().map(GridKind::named);
    if kind == Some(None) {
        let kind = given.kind.as_deref().unwrap_or_default();
        fault("kind", format!("{kind:?} is neither basic nor special"));
    }
    let shape = shape(&given.geometry).unwrap_or_else(|why| {
        fault("geometry", why);
        LatticeMultiPolygon::default()
    });
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(GridEdit {
        code: given.code,
        name: given.name,
        kind: kind.flatten(),
        community_code: given.community_code,
        people: given.people,
        shape,
    })
}

fn is_code(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

fn shape(geometry: &str) -> Result<LatticeMultiPolygon, String> {
    let mut builder = ShapeBuilder::default();
    GeoJson(geometry).process_geom(&mut builder).map_err(|error| error.to_string())?;
    clean::area_of(Crs::Wgs84, builder.finish()?.as_ref()).map(|(shape, _repairs)| shape)
}

impl From<Border> for GridEdit {
    /// A grid as a file told it. A file that does not name a grid calls it by its code, and one without kinds calls all
    /// basic: both leave a known grid as it is.
    fn from(border: Border) -> Self {
        let name = (border.name != border.code).then_some(border.name);
        let kind = GridKind::named(&border.kind).filter(|kind| *kind == GridKind::Special);
        Self {
            code: border.code,
            name,
            kind,
            community_code: border.parent,
            people: border.people,
            shape: border.shape,
        }
    }
}
