//! Where something happens: buildings drawn by who lives and trades there, and places in front of them.

use spatial::lattice::LatticePoint;
use spatial::locate::rule::contains;
use spatial::locate::{Locate, Locator};

use super::chance::by_sum;
use crate::city::dice::Dice;
use crate::city::{Building, BuildingKind, City};

/// Metres in a step of the lattice at the latitude of Lanzhou, eastwards and northwards. Good enough to say what is near.
const STEP_EAST_M: f64 = 0.009;
const STEP_NORTH_M: f64 = 0.0111;

/// The buildings of a city, ready to draw from.
#[derive(Debug)]
pub(super) struct Places<'a> {
    pub(super) city: &'a City,
    /// Where the addresses of each building begin; one more at the end.
    first_address: Vec<u32>,
    /// Sums of the weights for what happens at home.
    homes: Vec<f64>,
    /// Sums of the weights for what happens in the street.
    streets: Vec<f64>,
    /// A corner of each building.
    corners: Vec<LatticePoint>,
    /// How many tell where one lives.
    pub(super) crowd: f64,
    /// Finds the basic grid of a point.
    grids: Locator,
}

/// A place that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) building: u32,
    pub(super) address: u32,
    pub(super) point: LatticePoint,
}

impl<'a> Places<'a> {
    /// `None` when there is no building with an address.
    pub(super) fn of(city: &'a City, seed: u64, people: u32) -> Option<Self> {
        let mut counts = vec![0u32; city.buildings.len()];
        for address in &city.addresses {
            counts[address.building as usize] += 1;
        }
        let mut first_address = vec![0];
        first_address.extend(counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        }));
        let (mut homes, mut streets) = (Vec::new(), Vec::new());
        let (mut home_sum, mut street_sum) = (0.0, 0.0);
        for (index, building) in city.buildings.iter().enumerate() {
            if 0 < counts[index] {
                let (home, street) = weights(building);
                let trouble = trouble(seed, index as u64);
                home_sum += home * trouble;
                street_sum += street * trouble;
            }
            homes.push(home_sum);
            streets.push(street_sum);
        }
        let corners = city.buildings.iter().map(|b| b.footprint[0]).collect();
        let own = city.divisions.first().map_or(0, |whole| whole.people);
        let crowd = f64::from(people) / f64::from(own.max(1));
        let grids = Locator::new((0..).zip(&city.grids).map(|(id, grid)| (id, grid.shape.clone())));
        (0.0 < home_sum).then_some(Self {
            city,
            first_address,
            homes,
            streets,
            corners,
            crowd,
            grids,
        })
    }

    /// A building, by weight.
    pub(super) fn building(&self, outside: bool, dice: &mut Dice) -> u32 {
        by_sum(if outside { &self.streets } else { &self.homes }, dice) as u32
    }

    /// An address of a building and the place of the matter: in the home, or in front of the house.
    pub(super) fn spot(&self, building: u32, outside: bool, dice: &mut Dice) -> Spot {
        let [first, end] = [0, 1].map(|next| self.first_address[building as usize + next]);
        let address = first + dice.below((end - first) as usize) as u32;
        let own = self.city.addresses[address as usize].point;
        let point = if outside { self.in_front(building, own, dice) } else { own };
        Spot { building, address, point }
    }

    /// A point some metres off that is still in the same grid.
    fn in_front(&self, building: u32, own: LatticePoint, dice: &mut Dice) -> LatticePoint {
        let grid = self.city.buildings[building as usize].grid;
        let shape = &self.city.grids[grid as usize].shape;
        for reach_m in [45.0, 25.0, 12.0] {
            let point = moved(own, reach_m, dice);
            if contains(shape, point) {
                return point;
            }
        }
        own
    }

    /// Whether a point lies in the city.
    pub(super) fn is_inside(&self, point: LatticePoint) -> bool {
        self.grids.locate(point).is_some()
    }

    /// The corner of a building.
    pub(super) fn corner(&self, building: u32) -> LatticePoint {
        self.corners[building as usize]
    }

    /// The buildings within a distance of a point, with the people who live in them.
    pub(super) fn within(&self, centre: LatticePoint, radius_m: f64) -> (Vec<u32>, u64) {
        let near = (0..).zip(&self.corners).filter(|(_, at)| is_near(centre, **at, radius_m));
        let has_address =
            |b: u32| self.first_address[b as usize] < self.first_address[b as usize + 1];
        let found: Vec<u32> = near.map(|(index, _)| index).filter(|b| has_address(*b)).collect();
        let people = found.iter().map(|b| u64::from(self.city.buildings[*b as usize].people)).sum();
        (found, people)
    }
}

/// Whether two points are within a distance.
pub(super) fn is_near(a: LatticePoint, b: LatticePoint, radius_m: f64) -> bool {
    let east = (f64::from(a.x) - f64::from(b.x)) * STEP_EAST_M;
    let north = (f64::from(a.y) - f64::from(b.y)) * STEP_NORTH_M;
    east * east + north * north <= radius_m * radius_m
}

/// A point at most about so far away, mostly much nearer.
pub(super) fn moved(from: LatticePoint, reach_m: f64, dice: &mut Dice) -> LatticePoint {
    let (east, north) = (dice.around(reach_m) / STEP_EAST_M, dice.around(reach_m) / STEP_NORTH_M);
    LatticePoint::new(from.x + east as i32, from.y + north as i32)
}

/// A point moved by metres.
pub(super) fn shifted(from: LatticePoint, east_m: f64, north_m: f64) -> LatticePoint {
    let (east, north) = (east_m / STEP_EAST_M, north_m / STEP_NORTH_M);
    LatticePoint::new(from.x + east as i32, from.y + north as i32)
}

/// What a building weighs for matters at home and in the street.
fn weights(building: &Building) -> (f64, f64) {
    let (people, rooms) = (f64::from(building.people), f64::from(building.rooms()));
    match building.kind {
        BuildingKind::Residential | BuildingKind::House | BuildingKind::Courtyard => {
            (people + 0.2, 0.35 * people + 1.0)
        }
        BuildingKind::Shop => (people + 0.8 * rooms, people + 6.0 * rooms),
        BuildingKind::Office => (0.5 * rooms, 1.5 * rooms + 5.0),
        BuildingKind::Works => (2.0, 4.0),
        BuildingKind::Public => (8.0, 60.0),
    }
}

/// Some places are told of again and again, most hardly ever: a heavy tail with mean about one.
fn trouble(seed: u64, building: u64) -> f64 {
    let mut dice = Dice::new(seed, "life-trouble", building);
    0.3 / (dice.unit() + 0.06) + 0.16
}
