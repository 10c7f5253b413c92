//! Where the district lies and where its townships lie in it: the only facts of geography the city is given.
//!
//! All in metres east and north of 103.83° E, 36.06° N, rough on purpose: neighbours are right, distances are not promised.

use super::terrain::Xy;

/// The outline of 城关区 before streets and ridges shape it, anticlockwise.
pub(crate) const DISTRICT: &[(f64, f64)] = &[
    (-4150.0, -700.0),
    (-4000.0, -2500.0),
    (-3100.0, -4200.0),
    (-1300.0, -5300.0),
    (700.0, -5800.0),
    (2500.0, -5000.0),
    (4300.0, -5300.0),
    (6200.0, -4500.0),
    (8300.0, -4900.0),
    (10_400.0, -4100.0),
    (12_400.0, -4500.0),
    (14_300.0, -3300.0),
    (15_300.0, -1400.0),
    (15_100.0, 600.0),
    (16_100.0, 2500.0),
    (15_300.0, 4700.0),
    (13_500.0, 6300.0),
    (12_100.0, 8100.0),
    (9900.0, 9100.0),
    (7900.0, 8300.0),
    (6200.0, 9100.0),
    (4300.0, 8500.0),
    (2700.0, 9300.0),
    (800.0, 8600.0),
    (-800.0, 9200.0),
    (-2700.0, 8200.0),
    (-3800.0, 6600.0),
    (-3300.0, 4900.0),
    (-4400.0, 3300.0),
    (-4050.0, 1700.0),
    (-4700.0, 500.0),
];

/// The middle of each township of 620102: nine-digit code, metres east, metres north.
const TOWNSHIPS: &[(&str, f64, f64)] = &[
    ("620102001", -450.0, -900.0),
    ("620102002", -1250.0, -50.0),
    ("620102003", 4500.0, 500.0),
    ("620102004", -2900.0, -250.0),
    ("620102005", 3500.0, 1450.0),
    ("620102006", -200.0, -2500.0),
    ("620102007", -1900.0, -1150.0),
    ("620102008", 450.0, -1100.0),
    ("620102009", 500.0, 250.0),
    ("620102010", -2100.0, -3300.0),
    ("620102011", -2200.0, 3200.0),
    ("620102012", 500.0, 3000.0),
    ("620102013", 1500.0, -2400.0),
    ("620102014", 7000.0, -800.0),
    ("620102015", 10_200.0, -900.0),
    ("620102016", 3300.0, -1300.0),
    ("620102017", 1600.0, -200.0),
    ("620102018", 2100.0, -1500.0),
    ("620102019", 750.0, -1750.0),
    ("620102020", 2750.0, 350.0),
    ("620102021", 3600.0, 4600.0),
    ("620102022", 4700.0, -650.0),
    ("620102023", 5400.0, -1800.0),
    ("620102024", 9800.0, 4600.0),
    ("620102025", 6500.0, 1450.0),
    ("620102400", 5600.0, 700.0),
];

/// The rough middle of a township, where known.
pub(crate) fn township(code: &str) -> Option<Xy> {
    TOWNSHIPS.iter().find(|t| t.0 == code).map(|&(_, x, y)| Xy { x, y })
}

/// Signed distance to the outline of the district, metres, positive inside.
pub(crate) fn depth_m(at: Xy) -> f64 {
    let (mut inside, mut nearest) = (false, f64::MAX);
    for (a, b) in DISTRICT.iter().zip(DISTRICT.iter().cycle().skip(1)) {
        if (a.1 <= at.y) != (b.1 <= at.y) {
            let x = a.0 + (at.y - a.1) / (b.1 - a.1) * (b.0 - a.0);
            inside ^= at.x < x;
        }
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let t = (((at.x - a.0) * dx + (at.y - a.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let foot = Xy { x: a.0 + t * dx, y: a.1 + t * dy };
        nearest = nearest.min(foot.distance_m(at));
    }
    if inside { nearest } else { -nearest }
}
