//! What an edit of grids makes of the borders that stand, or why it cannot be. Pure: no database, no clock.
//!
//! The edited grids must cover exactly the land of the grids they replace: what they leave out would belong to nobody,
//! what they take beyond it would belong to two. Where a new border ends on a neighbour's old one, the neighbour gets the
//! corner, so that the two share it to the lattice step.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use spatial::code::GridCode;
use spatial::coverage::{Coverage, Defect, DefectKind, LatticeMultiPolygon};
use spatial::{measure, partition};

use crate::domain::boundary::{ChangeKind, Edits, GridChange};
use crate::domain::grid::GridKind;
use crate::error::Fault;
use crate::import::boundary::{Border, Change, Standing, change, is_same_shape};

/// A request with more faults than this is told about the first ones only.
const MOST_FAULTS: usize = 50;

/// What has to be written, and the outlines that moved with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct GridPlan {
    /// New rows and rows that end.
    pub change: Change,
    /// The same for people.
    pub grids: Vec<GridChange>,
    /// Communities whose territory is another one now.
    pub outlines: Vec<Outline>,
}

/// The territory of a division before and after.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    pub code: String,
    pub before: LatticeMultiPolygon,
    pub after: LatticeMultiPolygon,
}

/// Plans `edits` of `standing`: the grids that are edited, those around them, and all grids of the communities of both.
pub(super) fn plan(standing: &[Standing], edits: &Edits) -> Result<GridPlan, Vec<Fault>> {
    let by_code: HashMap<&str, &Standing> =
        standing.iter().map(|old| (old.border.code.as_str(), old)).collect();
    let mut next = resolved(&by_code, edits)?;
    let edited: HashSet<&str> = edits
        .changed
        .iter()
        .map(|edit| edit.code.as_str())
        .chain(edits.ended.iter().map(String::as_str))
        .collect();
    let is_basic = |border: &Border| border.kind == GridKind::Basic.name();
    let replaced: Vec<&Border> = standing
        .iter()
        .map(|old| &old.border)
        .filter(|old| is_basic(old) && edited.contains(old.code.as_str()))
        .collect();
    let staying: Vec<&Border> = standing
        .iter()
        .map(|old| &old.border)
        .filter(|old| is_basic(old) && !edited.contains(old.code.as_str()))
        .collect();
    let joined = join(&mut next, &staying)?;
    keeps_its_land(&replaced, &staying, &next, &joined)?;

    let outlines = outlines(standing, &replaced, &next, &joined)?;
    let touched: Vec<Border> = next.into_iter().chain(joined).collect();
    let mut change = change(standing, touched);
    change
        .close
        .extend(edits.ended.iter().filter_map(|code| by_code.get(code.as_str())).map(|old| old.id));
    change.ended.clone_from(&edits.ended);
    let grids = grids(&by_code, &change);
    Ok(GridPlan { change, grids, outlines })
}

/// The edited grids as they shall stand, in the order of the edits.
fn resolved(by_code: &HashMap<&str, &Standing>, edits: &Edits) -> Result<Vec<Border>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (at, code) in edits.ended.iter().enumerate() {
        if !by_code.contains_key(code.as_str()) {
            faults.push(Fault::at(format!("/ended/{at}"), format!("there is no grid {code}")));
        }
        if !seen.insert(code.as_str()) {
            faults.push(Fault::at(format!("/ended/{at}"), format!("grid {code} is named twice")));
        }
    }
    let mut next = Vec::with_capacity(edits.changed.len());
    for (at, edit) in edits.changed.iter().enumerate() {
        let old = by_code.get(edit.code.as_str()).map(|old| &old.border);
        if !seen.insert(edit.code.as_str()) {
            let why = format!("grid {} is named twice", edit.code);
            faults.push(Fault::at(format!("/grids/{at}/code"), why));
        }
        let of_code =
            || edit.code.parse::<GridCode>().ok().map(|code| code.community().to_string());
        let kind = edit.kind.map(GridKind::name).map(str::to_owned);
        next.push(Border {
            row: at as u64 + 1,
            code: edit.code.clone(),
            level: String::new(),
            kind: kind
                .or(old.map(|old| old.kind.clone()))
                .unwrap_or_else(|| GridKind::Basic.name().to_owned()),
            name: edit
                .name
                .clone()
                .or(old.map(|old| old.name.clone()))
                .unwrap_or_else(|| edit.code.clone()),
            parent: edit
                .community_code
                .clone()
                .or(old.and_then(|old| old.parent.clone()))
                .or_else(of_code),
            people: edit.people.or(old.and_then(|old| old.people)).or(Some(0)),
            shape: edit.shape.clone(),
        });
    }
    if faults.is_empty() { Ok(next) } else { Err(faults) }
}

/// Joins the edited basic grids with each other and with those that stay; gives back the neighbours that got a corner.
fn join(next: &mut [Border], staying: &[&Border]) -> Result<Vec<Border>, Vec<Fault>> {
    let basic: Vec<usize> =
        (0..next.len()).filter(|at| next[*at].kind == GridKind::Basic.name()).collect();
    let boxes: Vec<_> = basic.iter().filter_map(|at| next[*at].shape.bounds()).collect();
    let near: Vec<&Border> = staying
        .iter()
        .copied()
        .filter(|old| {
            old.shape.bounds().is_some_and(|one| boxes.iter().any(|other| one.meets(other)))
        })
        .collect();
    let shapes = basic.iter().map(|at| &next[*at].shape).chain(near.iter().map(|old| &old.shape));
    let (coverage, defects) = Coverage::build((0..).zip(shapes.cloned()).collect());
    let code = |face: u32| {
        let face = face as usize;
        let border = basic.get(face).map(|at| &next[*at]);
        border
            .or_else(|| near.get(face - basic.len()).copied())
            .map_or("", |border| border.code.as_str())
    };
    let overlaps = |defect: &&Defect| {
        matches!(defect.kind, DefectKind::Overlap | DefectKind::SliverOverlap)
            && defect.faces.iter().any(|face| (*face as usize) < basic.len())
    };
    let faults: Vec<Fault> = defects
        .iter()
        .filter(overlaps)
        .take(MOST_FAULTS)
        .map(|defect| {
            let first = defect.faces.first().and_then(|face| basic.get(*face as usize));
            let pointer = first.map_or_else(String::new, |at| format!("/grids/{at}/geometry"));
            let codes: Vec<&str> = defect.faces.iter().map(|face| code(*face)).collect();
            Fault::at(pointer, format!("{} would both hold {}", codes.join(" and "), place(defect)))
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut joined = Vec::new();
    for face in coverage.faces() {
        let at = face.id as usize;
        if let Some(at) = basic.get(at) {
            next[*at].shape.clone_from(&face.shape);
        } else if let Some(old) = near.get(at - basic.len())
            && !is_same_shape(&old.shape, &face.shape)
        {
            joined.push(Border { row: 0, shape: face.shape.clone(), ..(*old).clone() });
        }
    }
    Ok(joined)
}

/// Whether the basic grids of the edit cover exactly the land they covered before.
fn keeps_its_land(
    replaced: &[&Border],
    staying: &[&Border],
    next: &[Border],
    joined: &[Border],
) -> Result<(), Vec<Fault>> {
    let moved: HashSet<&str> = joined.iter().map(|border| border.code.as_str()).collect();
    let before =
        replaced.iter().chain(staying.iter().filter(|old| moved.contains(old.code.as_str())));
    let before: Vec<&Border> = before.copied().collect();
    let after: Vec<&Border> =
        next.iter().filter(|border| border.kind == GridKind::Basic.name()).chain(joined).collect();
    let land = united(before.iter().map(|border| &border.shape));
    let shapes = (0..).zip(after.iter().map(|border| border.shape.clone())).collect();
    let mut faults = Vec::new();
    for defect in partition::check(&land, shapes) {
        let of_edit = defect
            .faces
            .iter()
            .filter_map(|face| after.get(*face as usize))
            .find(|border| border.row > 0);
        let pointer = of_edit
            .map_or_else(String::new, |border| format!("/grids/{}/geometry", border.row - 1));
        let why = match defect.kind {
            DefectKind::Uncovered | DefectKind::SliverGap | DefectKind::Gap => {
                format!("{} would belong to no grid any more", place(&defect))
            }
            DefectKind::OutsideParent | DefectKind::SliverOverlap => format!(
                "{} would be added, which belongs to none of the grids that are edited",
                place(&defect)
            ),
            DefectKind::Overlap => format!("{} would belong to two grids", place(&defect)),
            _ => continue,
        };
        faults.push(Fault::at(pointer, why));
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The communities whose territory is another one, be it by a corner.
fn outlines(
    standing: &[Standing],
    replaced: &[&Border],
    next: &[Border],
    joined: &[Border],
) -> Result<Vec<Outline>, Vec<Fault>> {
    let is_basic = |border: &&Border| border.kind == GridKind::Basic.name();
    let gone: HashSet<&str> = replaced
        .iter()
        .map(|border| border.code.as_str())
        .chain(joined.iter().map(|border| border.code.as_str()))
        .collect();
    let touched = replaced.iter().copied().chain(next).chain(joined);
    let codes: BTreeSet<&str> =
        touched.filter(is_basic).filter_map(|border| border.parent.as_deref()).collect();
    let mut outlines = Vec::new();
    for code in codes {
        let of_code = |border: &&Border| border.parent.as_deref() == Some(code) && is_basic(border);
        let old = || standing.iter().map(|old| &old.border).filter(of_code);
        let staying = old().filter(|border| !gone.contains(border.code.as_str()));
        let before = united(old().map(|border| &border.shape));
        let new: Vec<&LatticeMultiPolygon> = staying
            .chain(next.iter().chain(joined).filter(of_code))
            .map(|border| &border.shape)
            .collect();
        if new.is_empty() {
            let why = format!("community {code} would have no grid any more");
            return Err(vec![Fault::at("", why)]);
        }
        let after = united(new.into_iter());
        if !is_same_shape(&before, &after) {
            outlines.push(Outline { code: code.to_owned(), before, after });
        }
    }
    Ok(outlines)
}

/// Shapes that share their borders as one; nothing is computed, inner borders cancel.
pub(super) fn united<'a>(
    shapes: impl Iterator<Item = &'a LatticeMultiPolygon>,
) -> LatticeMultiPolygon {
    let (coverage, _) = Coverage::build((0..).zip(shapes.cloned()).collect());
    coverage.dissolved(|_| Some(0)).into_iter().next().map(|(_, shape)| shape).unwrap_or_default()
}

fn grids(by_code: &HashMap<&str, &Standing>, change: &Change) -> Vec<GridChange> {
    let mut grids = BTreeMap::new();
    let area = |shape: &LatticeMultiPolygon| Some(measure::multi_area_m2(shape));
    for border in &change.insert {
        let old = by_code.get(border.code.as_str());
        let kind = match (old, border.row) {
            (None, _) => ChangeKind::Added,
            (Some(_), 0) => ChangeKind::Joined,
            (Some(_), _) => ChangeKind::Changed,
        };
        let area_before_m2 = old.and_then(|old| area(&old.border.shape));
        let told = GridChange {
            code: border.code.clone(),
            kind,
            area_before_m2,
            area_after_m2: area(&border.shape),
        };
        grids.insert(border.code.clone(), told);
    }
    for code in &change.ended {
        let area_before_m2 = by_code.get(code.as_str()).and_then(|old| area(&old.border.shape));
        let told = GridChange {
            code: code.clone(),
            kind: ChangeKind::Ended,
            area_before_m2,
            area_after_m2: None,
        };
        grids.insert(code.clone(), told);
    }
    grids.into_values().collect()
}

/// How large it is and where, for a sentence.
pub(super) fn place(defect: &Defect) -> String {
    format!("{:.2} m² near {}", defect.area_m2, defect.location)
}
