//! Who could take a matter at a place: a pure function of the place, the category, the time and the two versions.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;

use super::near::{NEAREST_WITHIN_M, nearest_on_shift};
use super::{RoutingView, Spot};
use crate::domain::assign::{Choice, Pool, Staff};
use crate::domain::category::Category;
use crate::domain::grid::Grid;
use crate::domain::why::Passed;

impl RoutingView {
    /// Who could take a matter of `category` at `point` at the time `at`: the workers of the special grid over it (where
    /// the category asks for them first), of the basic grid, whoever on shift is nearest, and the desks from the community
    /// up. Outside all grids only the desks of the city.
    pub fn choose(&self, point: LatticePoint, category: &Category, at: DateTime<Utc>) -> Choice {
        let Spot::Inside { grid, special } = self.borders.locate(point) else {
            return Choice {
                desks: self.duty.city_desk(&self.borders).into_iter().collect(),
                ..Choice::default()
            };
        };
        let desks = self.duty.desks(&self.borders, &self.borders.chain_of(grid));
        let special = special.filter(|_| category.special_first);
        let mut passed = Vec::new();
        for grid in special.into_iter().chain([grid]) {
            let candidates = self.duty.candidates(&grid.code, at);
            if candidates.is_empty() {
                passed.push(self.why_nobody(grid));
            } else {
                let staff = Staff::Grid { code: grid.code.clone(), kind: grid.kind };
                return Choice { pool: Some(Pool { staff, candidates }), passed, desks };
            }
        }
        let pool = nearest_on_shift(self, point, at);
        if pool.is_none() {
            passed.push(Passed::NobodyWithin { metres: NEAREST_WITHIN_M });
        }
        Choice { pool, passed, desks }
    }

    fn why_nobody(&self, grid: &Grid) -> Passed {
        let (code, kind) = (grid.code.clone(), grid.kind);
        if self.duty.has_roster(&grid.code) {
            Passed::OffShift { code, kind }
        } else {
            Passed::NoRoster { code, kind }
        }
    }
}
