//! One layer as a coverage: joined where borders nearly meet, judged where they do not.

use spatial::coverage::{Coverage, Defect, DefectKind, LatticeMultiPolygon};

use crate::import::report::{Problem, Report};

/// Joins the borders of one layer and reports what cannot be joined. `codes[id]` names face `id`; what is wrong among
/// faces below `first_new` alone was so before and is not told again.
///
/// The shapes come back under their ids, with the corners of their neighbours on their edges. Gaps and overlaps up to
/// `snap_m` metres wide are closed and divided.
pub fn coverage(
    faces: Vec<(u32, LatticeMultiPolygon)>,
    codes: &[&str],
    first_new: u32,
    snap_m: f64,
    report: &mut Report,
) -> Vec<(u32, LatticeMultiPolygon)> {
    let (coverage, defects) = Coverage::snapped(faces, snap_m);
    let code = |id: &u32| codes.get(*id as usize).map_or_else(String::new, |&code| code.to_owned());
    let mut joined = Joined::default();
    for defect in defects.iter().filter(|defect| defect.faces.iter().any(|id| *id >= first_new)) {
        if defect.kind.is_repaired() {
            joined.count(defect);
        } else {
            report.problem(problem(defect, defect.faces.iter().map(code).collect()));
        }
    }
    report.notes.extend(joined.notes());
    coverage.faces().iter().map(|face| (face.id, face.shape.clone())).collect()
}

/// Repairs of borders against each other are too many to list; they are counted.
#[derive(Default)]
struct Joined {
    corners: u32,
    moved: u32,
    closed: Extent,
    divided: Extent,
}

/// How many places and how large together.
#[derive(Default)]
struct Extent {
    count: u32,
    area_m2: f64,
}

impl Extent {
    fn add(&mut self, defect: &Defect) {
        self.count += defect.count;
        self.area_m2 += defect.area_m2;
    }
}

impl Joined {
    fn count(&mut self, defect: &Defect) {
        match defect.kind {
            DefectKind::TJunction => self.corners += defect.count,
            DefectKind::Snapped => self.moved += defect.count,
            DefectKind::ClosedGap => self.closed.add(defect),
            DefectKind::DividedOverlap => self.divided.add(defect),
            _ => {}
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.corners > 0 {
            notes.push(format!(
                "{} corners of neighbours lay on borders that had none there: the borders got them",
                self.corners
            ));
        }
        if self.moved > 0 {
            notes.push(format!(
                "{} corners lay within 2 cm of a neighbour's: moved onto it",
                self.moved
            ));
        }
        for (Extent { count, area_m2 }, what) in [
            (&self.closed, "gaps within the tolerance were given to a neighbour"),
            (&self.divided, "overlaps within the tolerance were left to one of the two"),
        ] {
            if *count > 0 {
                notes.push(format!("{count} {what}: {area_m2:.2} m² together"));
            }
        }
        notes
    }
}

/// A finding as an entry of the report.
pub(super) fn problem(defect: &Defect, codes: Vec<String>) -> Problem {
    let between = match codes.as_slice() {
        [] => String::new(),
        [one] => format!(" beside {one}"),
        many => format!(" between {}", many.join(", ")),
    };
    let what = match defect.kind {
        DefectKind::Gap => format!("no area covers a place{between}"),
        DefectKind::SliverGap => format!("a hair of a gap lies{between}"),
        DefectKind::Overlap => format!("a place belongs to more than one{between}"),
        DefectKind::SliverOverlap => format!("a hair of an overlap lies{between}"),
        DefectKind::OutsideParent => format!("a child reaches beyond its parent{between}"),
        DefectKind::Uncovered => format!("a place of the parent belongs to no child{between}"),
        other => format!("{other}{between}"),
    };
    Problem {
        kind: defect.kind.name().to_owned(),
        what,
        codes,
        place: Some(defect.location.into()),
        area_m2: defect.area_m2,
    }
}
