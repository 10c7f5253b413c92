//! Where the town's grids lie.

use crate::oracle::Point;

/// A corner in the town's own units, see the drawing above.
pub type Vertex = (i32, i32);
/// The rings of one part: its outline, then its holes.
pub type Part = &'static [&'static [Vertex]];

/// South-western corner of the town on the lattice.
const ORIGIN: Point = (1_038_000_000, 360_500_000);
/// Lattice steps of one unit, east and north.
const UNIT: Point = (18_500, 15_000);

/// One grid as it was drawn.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Its name in the drawing above.
    pub short: &'static str,
    /// 15 digits.
    pub code: &'static str,
    /// On maps.
    pub name: &'static str,
    /// `basic` or `special`.
    pub kind: &'static str,
    /// Its polygons.
    pub parts: &'static [Part],
    /// A place in it, in units.
    pub inside: Vertex,
}

impl Grid {
    /// Code of its community.
    ///
    /// # Panics
    /// Never: every code of the drawing has 15 digits.
    pub fn community(&self) -> &'static str {
        self.code.get(..12).expect("grid codes have 15 digits")
    }
}

/// The grid named so in the drawing: `A1` … `D2`, or `S` for the special one.
///
/// # Panics
/// When there is none.
pub fn grid(short: &str) -> &'static Grid {
    GRIDS.iter().find(|grid| grid.short == short).expect("a name from the drawing")
}

/// The lattice point of a corner.
pub fn at((east, north): Vertex) -> Point {
    (ORIGIN.0 + east * UNIT.0, ORIGIN.1 + north * UNIT.1)
}

const A2: &[Vertex] = &[(2, 1), (4, 1), (4, 3), (2, 3)];
const D2_ENCLAVE: &[Vertex] = &[(8, 7), (9, 7), (9, 8), (8, 8)];

const fn basic(
    short: &'static str,
    code: &'static str,
    name: &'static str,
    parts: &'static [Part],
    inside: Vertex,
) -> Grid {
    Grid { short, code, name, kind: "basic", parts, inside }
}

/// All grids: nine basic ones that tile the town, and a special one over D2.
pub const GRIDS: [Grid; 10] = [
    basic(
        "A1",
        "620102001001001",
        "甲一",
        &[&[&[(0, 0), (6, 0), (7, 2), (5, 4), (0, 4)], A2]],
        (1, 2),
    ),
    basic("A2", "620102001001002", "甲二", &[&[A2]], (3, 2)),
    basic("A3", "620102001001003", "甲三", &[&[&[(0, 4), (5, 4), (6, 6), (3, 7), (0, 6)]]], (2, 5)),
    basic("B1", "620102001002001", "乙一", &[&[&[(6, 0), (12, 0), (7, 2)]]], (8, 1)),
    basic(
        "B2",
        "620102001002002",
        "乙二",
        &[&[&[(7, 2), (12, 0), (12, 6), (9, 5), (6, 6), (5, 4)]]],
        (9, 3),
    ),
    basic("C1", "620102101001001", "丙一", &[&[&[(0, 6), (3, 7), (6, 6), (6, 9), (0, 9)]]], (2, 8)),
    basic("C2", "620102101001002", "丙二", &[&[&[(0, 9), (6, 9), (6, 12), (0, 12)]]], (3, 10)),
    basic(
        "D1",
        "620102101201001",
        "丁一",
        &[&[&[(6, 6), (9, 5), (12, 6), (12, 9), (6, 9)], D2_ENCLAVE]],
        (7, 7),
    ),
    basic(
        "D2",
        "620102101201002",
        "丁二",
        &[&[&[(6, 9), (12, 9), (12, 12), (6, 12)]], &[D2_ENCLAVE]],
        (9, 11),
    ),
    Grid {
        short: "S",
        code: "620102101201901",
        name: "专属一",
        kind: "special",
        parts: &[&[&[(7, 10), (8, 10), (8, 11), (7, 11)]]],
        inside: (7, 10),
    },
];

/// Well-known text in degrees, each number a whole multiple of 10⁻⁷.
pub fn multipolygon(parts: &[Part]) -> String {
    let corner = |vertex: &Vertex| {
        let (x, y) = at(*vertex);
        format!("{} {}", f64::from(x) / 1e7, f64::from(y) / 1e7)
    };
    let ring = |corners: &&[Vertex]| {
        let closed = corners.iter().chain(corners.first()).map(corner).collect::<Vec<_>>();
        format!("({})", closed.join(","))
    };
    let polygon =
        |part: &Part| format!("({})", part.iter().map(ring).collect::<Vec<_>>().join(","));
    format!("MULTIPOLYGON({})", parts.iter().map(polygon).collect::<Vec<_>>().join(","))
}
