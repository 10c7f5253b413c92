//! From a seed to a city, one stage after the other.

use spatial::coverage::LatticeMultiPolygon;
use spatial::interior::interior_point;
use spatial::lattice::LatticePoint;
use spatial::measure::multi_area_m2;

use super::blocks::Blocks;
use super::buildings::{self, Ground};
use super::divisions::{DivisionRow, InvalidDivisions, Township, townships};
use super::outline::outline;
use super::roads::{Streets, class_word};
use super::specials::{self, Special};
use super::terrain::Terrain;
use super::territory::{self, Territory};
use super::zones::{Zone, Zones};
use super::{
    City, CityDivision, CityGrid, CityOptions, CityRoad, CityScale, CityWater, addresses,
    entrances, plan, workers,
};

/// The district that is drawn, twelve digits, and its name.
const DISTRICT: (&str, &str) = ("620102000000", "城关区");
/// The whole district's share of a city of 4,417 grids, 120,000 buildings, 2,729,000 addresses, 4.578 million people and
/// 18,000 workers.
const GRIDS: usize = 680;
const BUILDINGS: usize = 19_000;
const ADDRESSES: u64 = 420_000;
const PEOPLE: u64 = 704_000;
const WORKERS: usize = 2780;

/// Draws the city.
///
/// # Errors
/// [`InvalidDivisions::Missing`] when the rows hold no community of 城关区.
pub fn generate(options: &CityOptions, rows: &[DivisionRow]) -> Result<City, InvalidDivisions> {
    let seed = options.seed;
    let places = townships(rows, DISTRICT.0)?;
    let terrain = Terrain::new(seed);
    let zones = Zones::new(seed, &terrain);
    let plan = plan::draw(seed, &terrain, &zones, &territory::near_district);
    let chosen = territory::district_faces(&plan, &terrain);
    let blocks = Blocks::of(&plan, &terrain, &chosen);
    let territory = territory::share(&blocks, &places, seed, GRIDS);
    let mut streets = Streets::of(&blocks);
    streets.name(&blocks, &territory, &places, seed);
    let specials = specials::choose(&blocks, &territory, &places, seed);
    let draft = Draft { options: *options, places, blocks, territory, streets, specials };
    Ok(draft.finished())
}

struct Draft {
    options: CityOptions,
    places: Vec<Township>,
    blocks: Blocks,
    territory: Territory,
    streets: Streets,
    specials: Vec<Special>,
}

/// What of the whole is kept: all of it, or one township or community.
struct Kept {
    blocks: Vec<u32>,
    communities: Vec<u32>,
    grids: Vec<u32>,
}

impl Draft {
    fn finished(self) -> City {
        let kept = self.kept();
        let mut city = self.bordered(&kept);
        self.build(&kept, &mut city);
        city.people(self.options);
        let workers = if self.options.scale == CityScale::District {
            WORKERS
        } else {
            (kept.grids.len() * WORKERS).div_ceil(GRIDS)
        };
        city.workers = workers::workers(&city, self.options.seed, workers);
        city.units = workers::units(&city);
        city
    }

    fn kept(&self) -> Kept {
        let first = |community: u32| match self.options.scale {
            CityScale::District => true,
            CityScale::Township => self.territory.communities[community as usize].0 == 0,
            CityScale::Community => community == 0,
        };
        let communities: Vec<u32> =
            (0..self.territory.communities.len() as u32).filter(|&c| first(c)).collect();
        let grids = (0..self.territory.grids.len() as u32)
            .filter(|&g| first(self.territory.grids[g as usize].0))
            .collect();
        let blocks = (0..self.blocks.blocks.len() as u32)
            .filter(|&b| first(self.territory.community[b as usize]))
            .collect();
        Kept { blocks, communities, grids }
    }

    /// Divisions, grids, roads and water with their outlines.
    fn bordered(&self, kept: &Kept) -> City {
        let mut inside = vec![false; self.blocks.blocks.len()];
        for &block in &kept.blocks {
            inside[block as usize] = true;
        }
        let whole = outline(&self.blocks, &kept.blocks, &|b| inside[b as usize]);
        let mut city = City {
            options: self.options,
            divisions: Vec::new(),
            grids: Vec::new(),
            specials: Vec::new(),
            roads: self.roads(&inside),
            waters: self.waters(kept, &inside),
            compounds: Vec::new(),
            buildings: Vec::new(),
            addresses: Vec::new(),
            workers: Vec::new(),
            units: Vec::new(),
        };
        city.divide("6201", "city", "city", "兰州市", None, whole.clone());
        city.divide("620102", "district", "district", DISTRICT.1, Some(0), whole);
        self.divisions(kept, &mut city);
        city
    }

    fn divisions(&self, kept: &Kept, city: &mut City) {
        let territory = &self.territory;
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); territory.communities.len()];
        for &block in &kept.blocks {
            members[territory.community[block as usize] as usize].push(block);
        }
        let mut township_index = vec![None; self.places.len()];
        for (t, place) in self.places.iter().enumerate() {
            let own: Vec<u32> = kept
                .blocks
                .iter()
                .copied()
                .filter(|&b| territory.township[b as usize] == t as u32)
                .collect();
            if own.is_empty() {
                continue;
            }
            let shape = outline(&self.blocks, &own, &|b| {
                territory.township[b as usize] == t as u32
                    && kept.communities.binary_search(&territory.community[b as usize]).is_ok()
            });
            township_index[t] = Some(city.divisions.len() as u32);
            city.divide(&place.code, "township", place.kind, &place.name, Some(1), shape);
        }
        for &c in &kept.communities {
            let (t, n) = territory.communities[c as usize];
            let place = &self.places[t as usize].communities[n as usize];
            let own = &members[c as usize];
            let shape = outline(&self.blocks, own, &|b| territory.community[b as usize] == c);
            let kind = if place.village { "village" } else { "community" };
            let index = city.divisions.len() as u32;
            city.divide(
                &place.code,
                "community",
                kind,
                &place.name,
                township_index[t as usize],
                shape,
            );
            for &g in kept.grids.iter().filter(|&&g| territory.grids[g as usize].0 == c) {
                let shape = outline(&self.blocks, own, &|b| territory.grid[b as usize] == g);
                let number = territory.grids[g as usize].1;
                let name = format!("{}第{number}网格", place.name);
                city.grids.push(grid(format!("{}{number:03}", place.code), index, name, shape));
            }
        }
        self.special_grids(kept, city);
    }

    fn special_grids(&self, kept: &Kept, city: &mut City) {
        let mut count = std::collections::HashMap::new();
        for special in &self.specials {
            let Ok(grid_index) = kept.grids.binary_search(&special.grid) else { continue };
            let community = city.grids[grid_index].community;
            let number = count.entry(community).or_insert(900);
            *number += 1;
            let code = format!("{}{number:03}", city.divisions[community as usize].code);
            let shape = outline(&self.blocks, &special.blocks, &|b| special.blocks.contains(&b));
            city.specials.push(grid(code, community, special.name.clone(), shape));
        }
    }

    /// Streets as far as they touch what is kept; indices stay those of the draft.
    fn roads(&self, inside: &[bool]) -> Vec<CityRoad> {
        let touches = |arc: u32| {
            let arc = &self.blocks.arcs[arc as usize];
            [arc.left, arc.right].into_iter().flatten().any(|b| inside[b as usize])
        };
        (0..self.streets.streets.len() as u32)
            .map(|s| {
                let street = &self.streets.streets[s as usize];
                let near = street.steps.iter().any(|step| touches(step.arc));
                let line = if near { self.streets.line(&self.blocks, s) } else { Vec::new() };
                CityRoad { name: street.name.clone(), class: class_word(street.class), line }
            })
            .collect()
    }

    fn waters(&self, kept: &Kept, inside: &[bool]) -> Vec<CityWater> {
        let wet = |b: u32| inside[b as usize] && self.blocks.blocks[b as usize].zone == Zone::Water;
        let shape = outline(&self.blocks, &kept.blocks, &wet);
        let river =
            |part| CityWater { name: "黄河".to_owned(), shape: LatticeMultiPolygon(vec![part]) };
        shape.0.into_iter().map(river).collect()
    }

    fn build(&self, kept: &Kept, city: &mut City) {
        let seed = self.options.seed;
        let purposes = specials::purposes(&self.blocks, &self.specials, seed);
        let ground = Ground {
            seed,
            blocks: &self.blocks,
            territory: &self.territory,
            streets: &self.streets,
            specials: &self.specials,
            purposes: &purposes,
        };
        let mut raised = buildings::raise(ground, &kept.blocks);
        if self.options.scale == CityScale::District {
            buildings::thin(&mut raised, BUILDINGS, seed);
            buildings::fit_rooms(&mut raised, ADDRESSES, seed);
        }
        city.compounds = entrances::settle(ground, &mut raised);
        for building in &mut raised {
            let own = kept.grids.binary_search(&building.grid).expect("its block's grid is kept");
            building.grid = own as u32;
        }
        city.addresses = addresses::addresses(&raised, seed);
        city.buildings = raised;
    }
}

fn grid(code: String, community: u32, name: String, shape: LatticeMultiPolygon) -> CityGrid {
    let (area_m2, label) = (multi_area_m2(&shape), label(&shape));
    CityGrid { code, community, name, people: 0, area_m2, shape, label }
}

fn label(shape: &LatticeMultiPolygon) -> LatticePoint {
    interior_point(shape).expect("every region is wider than a lattice step")
}

impl City {
    fn divide(
        &mut self,
        code: &str,
        level: &'static str,
        kind: &'static str,
        name: &str,
        parent: Option<u32>,
        shape: LatticeMultiPolygon,
    ) {
        let label = label(&shape);
        let (code, name) = (code.to_owned(), name.to_owned());
        self.divisions.push(CityDivision {
            code,
            level,
            kind,
            name,
            parent,
            people: 0,
            shape,
            label,
        });
    }

    /// Lets people live in the buildings, to the last one, and counts them upwards.
    fn people(&mut self, options: CityOptions) {
        let homes: Vec<u64> = self.buildings.iter().map(|b| u64::from(b.homes())).collect();
        let all: u64 = homes.iter().sum();
        let total = if options.scale == CityScale::District { PEOPLE } else { all * 21 / 10 };
        let (mut seen, mut given) = (0, 0);
        for (building, own) in self.buildings.iter_mut().zip(homes) {
            // What is due so far, rounded down: the differences add up to the total exactly.
            seen += own;
            let due = (u128::from(total) * u128::from(seen) / u128::from(all.max(1))) as u64;
            building.people = (due - given) as u32;
            given = due;
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
