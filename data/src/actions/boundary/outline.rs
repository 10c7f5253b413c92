//! The outlines of divisions follow their grids: a community is the union of its grids, a township that of its
//! communities, and so on up, before and after. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use spatial::coverage::{DefectKind, LatticeMultiPolygon};
use spatial::partition;

use super::plan::{Outline, place, united};
use crate::error::Fault;
use crate::import::boundary::{Border, Standing, is_same_shape};

/// Levels from below, each with the one above.
const LEVELS: [&str; 4] = ["community", "township", "district", "city"];

/// Rows of divisions that end, and their successors.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DivisionPlan {
    pub close: Vec<i32>,
    pub insert: Vec<Border>,
}

/// Plans what `outlines` of communities make of all `divisions`. A corner on a shared border goes through silently; land
/// that changes hands between communities only `if_moved` allows it.
pub(super) fn plan(
    outlines: Vec<Outline>,
    divisions: &[Standing],
    if_moved: bool,
) -> Result<DivisionPlan, Vec<Fault>> {
    let mut plan = DivisionPlan::default();
    // A file of grids alone has no divisions to keep in step.
    if divisions.is_empty() {
        return Ok(plan);
    }
    let mut faults = Vec::new();
    for outline in &outlines {
        if find(divisions, "community", &outline.code).is_none() {
            faults.push(Fault::at("", format!("there is no community {}", outline.code)));
        } else if !if_moved && let Some(what) = moved_land(outline) {
            let why = format!("{what}; publish it with move_divisions if that is meant");
            faults.push(Fault::at("", why));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut moved: BTreeMap<String, LatticeMultiPolygon> =
        outlines.into_iter().map(|outline| (outline.code, outline.after)).collect();
    for (at, level) in LEVELS.into_iter().enumerate() {
        for (code, shape) in &moved {
            let Some(old) = find(divisions, level, code) else { continue };
            plan.close.push(old.id);
            plan.insert.push(Border { shape: shape.clone(), ..old.border.clone() });
        }
        let Some(above) = LEVELS.get(at + 1) else { break };
        moved = above_of(&moved, divisions, level, above);
    }
    Ok(plan)
}

/// The divisions one level up whose outlines move, too.
fn above_of(
    moved: &BTreeMap<String, LatticeMultiPolygon>,
    divisions: &[Standing],
    level: &str,
    above: &str,
) -> BTreeMap<String, LatticeMultiPolygon> {
    let parent = |code: &String| find(divisions, level, code)?.border.parent.clone();
    let parents: BTreeSet<String> = moved.keys().filter_map(parent).collect();
    let mut children: HashMap<&str, Vec<&Border>> = HashMap::new();
    for division in divisions.iter().filter(|division| division.border.level == level) {
        if let Some(parent) = &division.border.parent {
            children.entry(parent).or_default().push(&division.border);
        }
    }
    let outline = |code: String| {
        find(divisions, above, &code)?;
        let members = children.get(code.as_str())?;
        let before = united(members.iter().map(|child| &child.shape));
        let after =
            united(members.iter().map(|child| moved.get(&child.code).unwrap_or(&child.shape)));
        (!is_same_shape(&before, &after)).then_some((code, after))
    };
    parents.into_iter().filter_map(outline).collect()
}

fn find<'a>(divisions: &'a [Standing], level: &str, code: &str) -> Option<&'a Standing> {
    divisions.iter().find(|one| one.border.level == level && one.border.code == code)
}

/// What a community would win or lose beyond the width of a lattice step.
fn moved_land(outline: &Outline) -> Option<String> {
    let defects = partition::check(&outline.before, vec![(0, outline.after.clone())]);
    defects.iter().find_map(|defect| match defect.kind {
        DefectKind::Uncovered => {
            Some(format!("community {} would lose {}", outline.code, place(defect)))
        }
        DefectKind::OutsideParent => {
            Some(format!("community {} would win {}", outline.code, place(defect)))
        }
        _ => None,
    })
}
