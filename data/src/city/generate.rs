//! From a seed to a city, one stage after the other.

use rayon::prelude::*;
use spatial::coverage::LatticeMultiPolygon;
use spatial::interior::interior_point;
use spatial::lattice::LatticePoint;
use spatial::measure::multi_area_m2;

use super::anchors::{DISTRICTS, District};
use super::blocks::Blocks;
use super::buildings::{self, Building, Ground};
use super::districts::{DistrictBorder, Outlines, district_faces, rejoin};
use super::divisions::{DivisionRow, InvalidDivisions, Township, townships};
use super::layout::Purpose;
use super::outline::outline;
use super::roads::{Streets, class_word};
use super::specials::{self, Special};
use super::terrain::Terrain;
use super::territory::{self, BlockLoad, Part, Territory};
use super::zones::Zones;
use super::{
    City, CityDivision, CityGrid, CityOptions, CityRoad, CityScale, CityWater, addresses, borders,
    entrances, places, plan, railways, shares, workers,
};

/// Draws the city.
///
/// # Errors
/// [`InvalidDivisions::Missing`] when the rows hold no community of a district that is drawn.
pub fn generate(options: &CityOptions, rows: &[DivisionRow]) -> Result<City, InvalidDivisions> {
    let wanted = wanted(options.scale);
    drawn(options, rows, &Outlines::rough(wanted.clone()), &wanted)
}

/// Draws the city inside district borders that somebody gives. A district's outline is the given one; where a street crosses
/// it, the crossing is a point of both, rounded to the lattice, so that an edge may be moved by half a step of it each way.
///
/// # Errors
/// [`InvalidDivisions::Missing`] when the rows hold no community of a district that is drawn.
pub fn generate_within(
    options: &CityOptions,
    rows: &[DivisionRow],
    borders: &[DistrictBorder],
) -> Result<City, InvalidDivisions> {
    let mut wanted = wanted(options.scale);
    for (district, wanted) in DISTRICTS.iter().zip(&mut wanted) {
        *wanted &= borders.iter().any(|b| b.code == district.code);
    }
    drawn(options, rows, &Outlines::given(borders, wanted.clone()), &wanted)
}

/// Which districts a scale needs.
fn wanted(scale: CityScale) -> Vec<bool> {
    (0..DISTRICTS.len()).map(|d| d == 0 || scale == CityScale::City).collect()
}

fn drawn(
    options: &CityOptions,
    rows: &[DivisionRow],
    outlines: &Outlines,
    wanted: &[bool],
) -> Result<City, InvalidDivisions> {
    let seed = options.seed;
    let mut places = Vec::new();
    let mut parts = Vec::new();
    for (index, district) in DISTRICTS.iter().enumerate().filter(|(i, _)| wanted[*i]) {
        let first = places.len();
        places.extend(townships(rows, &format!("{}000000", district.code))?);
        let townships = first..places.len();
        parts.push(Part { district: index as u32, townships, grids: district.grids });
    }
    let terrain = Terrain::new(seed);
    let zones = Zones::new(seed, &terrain);
    let plan = plan::draw(seed, &terrain, &zones, outlines);
    let faces = district_faces(&plan, &terrain, outlines);
    let blocks = Blocks::of(&plan, &terrain, &faces.chosen);
    let lines = outlines.borders(&plan, &terrain, &faces, &blocks);
    drop(plan);
    let mut blocks = borders::cut(blocks, &lines);
    if !outlines.may_be_in_parts() {
        rejoin(&mut blocks);
    }
    let mut territory = territory::share(&blocks, &places, &parts, seed)?;
    let mut streets = Streets::of(&blocks);
    streets.name(&blocks, &territory, &places, seed);
    let mut specials = specials::choose(&blocks, &territory, &places, seed);
    let purposes = specials::purposes(&blocks, &specials, seed);
    let mut raised = buildings::raise(seed, &blocks, &purposes);
    let hamlets = territory.empty_land(&blocks, raised.iter().map(|b| (b.block, b.homes())));
    buildings::raise_anew(&mut raised, seed, &blocks, (&hamlets, Purpose::Hamlet));
    let buildings = counted(raised, &blocks, &parts, seed);
    let mut load = vec![BlockLoad::default(); blocks.blocks.len()];
    for building in &buildings {
        let own = &mut load[building.block as usize];
        (own.addresses, own.homes) =
            (own.addresses + building.rooms(), own.homes + building.homes());
    }
    territory.share_grids(&blocks, &parts, &load, seed);
    specials::settle(&mut specials, &territory);
    let options = *options;
    let draft = Draft { options, places, parts, blocks, territory, streets, specials, buildings };
    Ok(draft.finished())
}

struct Draft {
    options: CityOptions,
    places: Vec<Township>,
    parts: Vec<Part>,
    blocks: Blocks,
    territory: Territory,
    streets: Streets,
    specials: Vec<Special>,
    buildings: Vec<Building>,
}

/// What of the whole is kept: all of it, or one township or community.
struct Kept {
    blocks: Vec<u32>,
    communities: Vec<u32>,
    grids: Vec<u32>,
}

impl Draft {
    fn finished(mut self) -> City {
        let kept = self.kept();
        let mut city = self.bordered(&kept);
        self.build(&kept, &mut city);
        city.people(&self.parts);
        let mut entities = vec![0; DISTRICTS.len()];
        for part in &self.parts {
            let district = &DISTRICTS[part.district as usize];
            let here = city.addresses.len() as u64;
            entities[part.district as usize] = if self.is_whole() {
                district.entities
            } else {
                (district.entities as u64 * here).div_ceil(district.addresses) as usize
            };
        }
        let seed = self.options.seed;
        (city.pois, city.entities) =
            rayon::join(|| places::pois(&city, seed), || places::entities(&city, &entities, seed));
        let sum = |share: fn(&District) -> usize| -> usize {
            self.parts.iter().map(|p| share(&DISTRICTS[p.district as usize])).sum()
        };
        let (workers, grids) = (sum(|d| d.workers), sum(|d| d.grids));
        let workers =
            if self.is_whole() { workers } else { (kept.grids.len() * workers).div_ceil(grids) };
        city.workers = workers::workers(&city, self.options.seed, workers);
        city.units = workers::units(&city);
        city
    }

    /// Whether nothing of the drawn districts is left out.
    fn is_whole(&self) -> bool {
        matches!(self.options.scale, CityScale::District | CityScale::City)
    }

    fn kept(&self) -> Kept {
        let first = |community: u32| match self.options.scale {
            CityScale::District | CityScale::City => true,
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
            pois: Vec::new(),
            entities: Vec::new(),
            workers: Vec::new(),
            units: Vec::new(),
        };
        city.divide("6201", "city", "city", "兰州市", None, whole.clone());
        self.divisions(kept, &mut city);
        city
    }

    fn divisions(&self, kept: &Kept, city: &mut City) {
        let territory = &self.territory;
        let count = territory.communities.len();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut in_township: Vec<Vec<u32>> = vec![Vec::new(); self.places.len()];
        let mut in_district: Vec<Vec<u32>> = vec![Vec::new(); DISTRICTS.len()];
        let mut inside = vec![false; self.blocks.blocks.len()];
        for &block in &kept.blocks {
            inside[block as usize] = true;
            members[territory.community[block as usize] as usize].push(block);
            in_township[territory.township[block as usize] as usize].push(block);
            in_district[self.blocks.blocks[block as usize].district as usize].push(block);
        }
        let mut township_index = vec![None; self.places.len()];
        let mut district_index = vec![None; DISTRICTS.len()];
        for part in &self.parts {
            let district = &DISTRICTS[part.district as usize];
            let shape = outline(&self.blocks, &in_district[part.district as usize], &|b| {
                inside[b as usize] && self.blocks.blocks[b as usize].district == part.district
            });
            district_index[part.district as usize] = Some(city.divisions.len() as u32);
            city.divide(district.code, "district", "district", district.name, Some(0), shape);
        }
        for part in &self.parts {
            for t in part.townships.clone().filter(|&t| !in_township[t].is_empty()) {
                let place = &self.places[t];
                let shape = outline(&self.blocks, &in_township[t], &|b| {
                    inside[b as usize] && territory.township[b as usize] == t as u32
                });
                township_index[t] = Some(city.divisions.len() as u32);
                let parent = district_index[part.district as usize];
                city.divide(&place.code, "township", place.kind, &place.name, parent, shape);
            }
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
            let first = territory.grids.partition_point(|g| g.0 < c) as u32;
            let end = territory.grids.partition_point(|g| g.0 <= c) as u32;
            for g in first..end {
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

    /// Streets as far as they touch what is kept, with the indices of the draft, then railways.
    fn roads(&self, inside: &[bool]) -> Vec<CityRoad> {
        let touches = |arc: u32| {
            let arc = &self.blocks.arcs[arc as usize];
            [arc.left, arc.right].into_iter().flatten().any(|b| inside[b as usize])
        };
        let street = |s: u32| {
            let street = &self.streets.all[s as usize];
            let near = street.steps.iter().any(|step| touches(step.arc));
            let line = if near { self.streets.line(&self.blocks, s) } else { Vec::new() };
            CityRoad { name: street.name.clone(), class: class_word(street.class), line }
        };
        let mut roads: Vec<CityRoad> = (0..self.streets.all.len() as u32).map(street).collect();
        roads.extend(railways::lines(&self.blocks, &touches));
        roads
    }

    fn waters(&self, kept: &Kept, inside: &[bool]) -> Vec<CityWater> {
        let mut names: Vec<&'static str> =
            kept.blocks.iter().filter_map(|&b| self.blocks.blocks[b as usize].river).collect();
        names.sort_unstable();
        names.dedup();
        let river = |name: &'static str| {
            let wet =
                |b: u32| inside[b as usize] && self.blocks.blocks[b as usize].river == Some(name);
            let shape = outline(&self.blocks, &kept.blocks, &wet);
            let part =
                |part| CityWater { name: name.to_owned(), shape: LatticeMultiPolygon(vec![part]) };
            shape.0.into_iter().map(part).collect::<Vec<CityWater>>()
        };
        names.into_iter().flat_map(river).collect()
    }

    fn build(&mut self, kept: &Kept, city: &mut City) {
        let mut raised = std::mem::take(&mut self.buildings);
        if !self.is_whole() {
            raised.retain(|b| kept.blocks.binary_search(&b.block).is_ok());
        }
        let seed = self.options.seed;
        let ground = Ground {
            seed,
            blocks: &self.blocks,
            territory: &self.territory,
            streets: &self.streets,
            specials: &self.specials,
        };
        city.compounds = entrances::settle(ground, &mut raised);
        for building in &mut raised {
            let grid = self.territory.grid[building.block as usize];
            let own = kept.grids.binary_search(&grid).expect("its block's grid is kept");
            building.grid = own as u32;
        }
        city.addresses = addresses::addresses(&raised, seed);
        city.buildings = raised;
    }
}

/// Gives every district its number of buildings and addresses.
fn counted(raised: Vec<Building>, blocks: &Blocks, parts: &[Part], seed: u64) -> Vec<Building> {
    let mut by_district: Vec<Vec<Building>> = vec![Vec::new(); DISTRICTS.len()];
    for building in raised {
        by_district[blocks.blocks[building.block as usize].district as usize].push(building);
    }
    let raised: Vec<usize> = by_district.iter().map(Vec::len).collect();
    let counts = shares::building_counts(&raised, parts);
    let shares = by_district.par_iter_mut().zip(&counts).zip(&DISTRICTS);
    shares.for_each(|((own, &count), district)| {
        buildings::thin(own, count, seed);
        buildings::fit_rooms(own, district.addresses, seed);
    });
    let mut all: Vec<Building> = by_district.into_iter().flatten().collect();
    all.sort_by_key(|b| b.block);
    let addresses = parts.iter().map(|p| DISTRICTS[p.district as usize].addresses).sum();
    buildings::settle_rooms(&mut all, addresses);
    all
}

fn grid(code: String, community: u32, name: String, shape: LatticeMultiPolygon) -> CityGrid {
    let (area_m2, label) = (multi_area_m2(&shape), label(&shape));
    CityGrid { code, community, name, people: 0, area_m2, shape, label }
}

fn label(shape: &LatticeMultiPolygon) -> LatticePoint {
    // What a given border leaves over may be too thin to have a point inside.
    interior_point(shape).or_else(|| shape.rings().next()?.0.first().copied()).unwrap_or_default()
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
}
