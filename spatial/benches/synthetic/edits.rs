//! Borders moved a little, again and again, as a planner would.

use std::collections::HashMap;

use super::chance::Chance;
use super::{City, LatticeMultiPolygon, LatticePoint};

/// Vertices that an edit moves at most.
const RUN: usize = 20;

/// The faces as they are after the edits so far.
pub struct Edits {
    pub faces: Vec<LatticeMultiPolygon>,
    owners: HashMap<LatticePoint, Vec<u32>>,
    chance: Chance,
}

impl Edits {
    pub fn new(city: &City, seed: u64) -> Self {
        let mut owners: HashMap<LatticePoint, Vec<u32>> = HashMap::new();
        for (id, shape) in &city.faces {
            for point in shape.rings().flat_map(|ring| &ring.0) {
                owners.entry(*point).or_default().push(*id);
            }
        }
        let faces = city.faces.iter().map(|(_, shape)| shape.clone()).collect();
        Self { faces, owners, chance: Chance(seed) }
    }

    /// Moves a run of vertices between two faces a third of the way to the middle of their
    /// neighbours; the two faces as they are then.
    pub fn next(&mut self) -> Vec<(u32, LatticeMultiPolygon)> {
        loop {
            let face = self.chance.below(self.faces.len());
            let ring = &self.faces[face].0[0].exterior.0;
            let start = self.chance.below(ring.len());
            let owners = |at: usize| &self.owners[&ring[(start + at) % ring.len()]];
            let pair = owners(1).clone();
            let most = RUN.min(ring.len().saturating_sub(3));
            let run = (1..=most).take_while(|at| *owners(*at) == pair).count();
            if run < RUN / 2 || pair.len() != 2 {
                continue;
            }
            let vertex = |at: usize| ring[(start + at) % ring.len()];
            let moved = |at: usize| {
                let (before, here, after) = (vertex(at - 1), vertex(at), vertex(at + 1));
                let near = |before: i32, here: i32, after: i32| {
                    let middle = f64::midpoint(f64::from(before), f64::from(after));
                    (f64::from(here) + (middle - f64::from(here)) / 3.0).round() as i32
                };
                let x = near(before.x, here.x, after.x);
                (here, LatticePoint::new(x, near(before.y, here.y, after.y)))
            };
            let steps: HashMap<_, _> = (1..=run).map(moved).collect();
            let lands_on_another = steps.values().any(|to| self.owners.contains_key(to));
            if lands_on_another {
                continue;
            }
            for (from, to) in &steps {
                self.owners.remove(from);
                self.owners.insert(*to, pair.clone());
            }
            let mut change = |id: &u32| {
                let shape = &mut self.faces[*id as usize];
                for point in &mut shape.0[0].exterior.0 {
                    *point = steps.get(point).copied().unwrap_or(*point);
                }
                (*id, shape.clone())
            };
            return pair.iter().map(&mut change).collect();
        }
    }
}
