//! Children and the divisions that they lie in.

use std::collections::{BTreeMap, HashMap};

use spatial::coverage::LatticeMultiPolygon;
use spatial::interior::interior_point;
use spatial::locate::{Locate, Locator};
use spatial::partition;

use super::coverage::problem;
use crate::import::boundary::Border;
use crate::import::report::Report;

/// The divisions of one level, to find parents in.
pub struct Parents<'a> {
    locator: Locator,
    borders: Vec<&'a Border>,
    by_code: HashMap<&'a str, usize>,
}

impl<'a> Parents<'a> {
    /// An index over the divisions of one level.
    pub fn new(borders: Vec<&'a Border>) -> Self {
        let faces = (0..).zip(borders.iter().map(|border| border.shape.clone()));
        let by_code = (0..).zip(&borders).map(|(at, border)| (border.code.as_str(), at)).collect();
        Self { locator: Locator::new(faces), by_code, borders }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.borders.is_empty()
    }

    /// The code of the division that holds a point inside `shape`.
    pub fn holding(&self, shape: &LatticeMultiPolygon) -> Option<&str> {
        let face = self.locator.locate(interior_point(shape)?)?;
        self.borders.get(face as usize).map(|border| border.code.as_str())
    }

    fn by_code(&self, code: &str) -> Option<&Border> {
        self.by_code.get(code).map(|&at| self.borders[at])
    }
}

/// Judges whether children tile their parents, and reports where they do not.
///
/// Children whose parent is not among `parents` are counted in a note.
pub fn children(parents: &Parents<'_>, children: &[&Border], report: &mut Report) {
    let mut families: BTreeMap<&str, Vec<&Border>> = BTreeMap::new();
    let mut orphans = 0;
    for child in children {
        match child.parent.as_deref().filter(|code| parents.by_code(code).is_some()) {
            Some(parent) => families.entry(parent).or_default().push(child),
            None => orphans += 1,
        }
    }
    if orphans > 0 {
        report.note(format!("{orphans} rows name no parent that is known here"));
    }
    for (code, children) in families {
        let Some(parent) = parents.by_code(code) else { continue };
        let shapes = (0..).zip(children.iter().map(|child| child.shape.clone())).collect();
        for defect in partition::check(&parent.shape, shapes) {
            // Gaps and overlaps among the children were judged with the whole layer.
            let of_parent = matches!(
                defect.kind,
                spatial::coverage::DefectKind::OutsideParent
                    | spatial::coverage::DefectKind::Uncovered
            );
            if of_parent {
                let child = |&id: &u32| children.get(id as usize).map(|child| child.code.clone());
                let mut codes: Vec<String> = defect.faces.iter().filter_map(child).collect();
                codes.push(code.to_owned());
                report.problem(problem(&defect, codes));
            }
        }
    }
}
