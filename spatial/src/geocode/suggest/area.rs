//! Where a caller works.

use super::super::snapshot::{NONE, Snapshot, View};
use crate::code::DivisionCode;

/// The names of a part of the city: what lies there is suggested first. Made once for a desk or a worker and kept; it
/// holds for the snapshot it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// One bit for each name.
    names: Vec<u64>,
}

impl Area {
    fn add(&mut self, name: u32) {
        if name == NONE {
            return;
        }
        let at = name as usize / 64;
        if self.names.len() <= at {
            self.names.resize(at + 1, 0);
        }
        self.names[at] |= 1 << (name % 64);
    }

    fn add_site(&mut self, view: &View<'_>, site: u32) {
        view.site_names(site).into_iter().for_each(|name| self.add(name));
    }

    pub(super) fn holds(&self, name: u32) -> bool {
        let word = self.names.get(name as usize / 64);
        name != NONE && word.is_some_and(|word| word & (1 << (name % 64)) != 0)
    }
}

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// The area of a division; empty where the snapshot has none with that code. Costs under a millisecond.
    pub fn area_of_division(&self, code: DivisionCode) -> Area {
        let view = self.view();
        let number = |at: usize| {
            u64::from(view.division_code_low.u32(at))
                | (u64::from(view.division_code_high.u32(at)) << 32)
        };
        let parsed = |at: usize| format!("{:012}", number(at)).parse::<DivisionCode>().ok();
        let mut inside: Vec<bool> = (0..view.divisions())
            .map(|at| parsed(at).is_some_and(|other| code.contains(other)))
            .collect();
        // Divisions without a code of their own belong where those above them do.
        for _ in 0..3 {
            for at in 0..inside.len() {
                let parent = view.division_parent.u32(at) as usize;
                inside[at] |= inside.get(parent).copied().unwrap_or(false);
            }
        }
        let mut area = Area::default();
        for site in 0..view.sites() as u32 {
            let division = view.site_division.u32(site as usize) as usize;
            if inside.get(division).copied().unwrap_or(false) {
                area.add_site(&view, site);
            }
        }
        area
    }

    /// The area of some grids, by the caller's ids. Costs about a millisecond.
    pub fn area_of_grids(&self, grids: &[u32]) -> Area {
        let view = self.view();
        let mut area = Area::default();
        let mut last = NONE;
        for building in 0..view.buildings() {
            let site = view.building_site.u32(building);
            if site != last && grids.contains(&view.building_grid.u32(building)) {
                area.add_site(&view, site);
                last = site;
            }
        }
        area
    }
}
