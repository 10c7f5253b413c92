//! What each district gets of what there is to be in all.

use super::anchors::DISTRICTS;
use super::territory::Part;
use super::{City, CityScale};

/// How many buildings each district keeps of those raised: its share, and what others lack while it has more.
pub(crate) fn building_counts(raised: &[usize], parts: &[Part]) -> Vec<usize> {
    let mut counts = vec![0; raised.len()];
    let mut lacking = 0;
    for part in parts {
        let (d, share) = (part.district as usize, DISTRICTS[part.district as usize].buildings);
        counts[d] = share.min(raised[d]);
        lacking += share - counts[d];
    }
    let mut spare: usize = raised.iter().zip(&counts).map(|(r, c)| r - c).sum();
    for (count, &raised) in counts.iter_mut().zip(raised) {
        let own = raised - *count;
        let more = (lacking * own).checked_div(spare).unwrap_or(0).min(own);
        (*count, lacking, spare) = (*count + more, lacking - more.min(lacking), spare - own);
    }
    counts
}

impl City {
    /// Lets people live in the buildings, to the last one, and counts them upwards.
    pub(crate) fn people(&mut self, parts: &[Part]) {
        let whole = matches!(self.options.scale, CityScale::District | CityScale::City);
        for part in parts {
            let district = &DISTRICTS[part.district as usize];
            let here: Vec<bool> =
                self.grids.iter().map(|g| self.district_code(g) == district.code).collect();
            let own: Vec<usize> = (0..self.buildings.len())
                .filter(|&b| here[self.buildings[b].grid as usize])
                .collect();
            let homes = |b: &usize| u64::from(self.buildings[*b].homes());
            let all: u64 = own.iter().map(homes).sum();
            let total = if whole { district.people } else { all * 11 / 5 };
            let (mut seen, mut given) = (0, 0);
            for b in own {
                // What is due so far, rounded down: the differences add up to the total exactly.
                seen += u64::from(self.buildings[b].homes());
                let due = (u128::from(total) * u128::from(seen) / u128::from(all.max(1))) as u64;
                self.buildings[b].people = (due - given) as u32;
                given = due;
            }
        }
        for building in &self.buildings {
            self.grids[building.grid as usize].people += building.people;
        }
        for grid in &self.grids {
            self.divisions[grid.community as usize].people += grid.people;
        }
        for index in (1..self.divisions.len()).rev() {
            let people = self.divisions[index].people;
            if let Some(parent) = self.divisions[index].parent {
                self.divisions[parent as usize].people += people;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_district_lacks_others_have_more_of() {
        let part = |district| Part { district, townships: 0..1, grids: 1 };
        let parts: Vec<Part> = (0..8).map(part).collect();
        let plenty: Vec<usize> = DISTRICTS.iter().map(|d| d.buildings + 5000).collect();
        let mut raised = plenty.clone();
        assert_eq!(building_counts(&raised, &parts).iter().sum::<usize>(), 120_000);
        raised[0] = 9000;
        let counts = building_counts(&raised, &parts);
        assert_eq!((counts[0], counts.iter().sum::<usize>()), (9000, 120_000));
        assert!(counts.iter().zip(&raised).all(|(count, raised)| count <= raised));
        assert_eq!(building_counts(&[10; 8], &parts), [10; 8]);
    }
}
