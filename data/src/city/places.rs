//! Places that people look for: service points of every community, and the firms and shops behind the doors.

use super::City;
use super::anchors::DISTRICTS;
use super::buildings::Building;
use super::dice::Dice;
use super::firms;
use super::layout::BuildingKind;

/// A point that serves people, such as a clinic or a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poi {
    /// Such as `陇西路社区卫生服务站`.
    pub name: String,
    /// `community_centre`, `clinic`, `hospital`, `kindergarten`, `school`, `market`, `park`, `mall`, `station` or
    /// `public_toilet`.
    pub kind: &'static str,
    /// Index of the address where it is.
    pub address: u32,
}

/// A firm or shop as a place: nothing about who owns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalEntity {
    /// Such as `E620102000123`.
    pub code: String,
    /// Such as `兰州安泰商贸有限公司`.
    pub name: String,
    /// Such as `restaurant` or `company`.
    pub kind: &'static str,
    /// Index of the address where it is.
    pub address: u32,
}

/// The first address of each building, and the end of the last.
fn first_addresses(city: &City) -> Vec<u32> {
    let mut first = vec![city.addresses.len() as u32; city.buildings.len() + 1];
    for (index, address) in city.addresses.iter().enumerate().rev() {
        first[address.building as usize] = index as u32;
    }
    first
}

/// What each community and township has.
pub(crate) fn pois(city: &City, seed: u64) -> Vec<Poi> {
    let first = first_addresses(city);
    let mut by_community: Vec<Vec<u32>> = vec![Vec::new(); city.divisions.len()];
    for (index, building) in city.buildings.iter().enumerate() {
        if first[index] < city.addresses.len() as u32 {
            let community = city.grids[building.grid as usize].community;
            by_community[community as usize].push(index as u32);
        }
    }
    let mut dice = Dice::new(seed, "pois", 0);
    let mut pois = Vec::new();
    for (community, own) in by_community.iter().enumerate().filter(|(_, own)| !own.is_empty()) {
        let division = &city.divisions[community];
        let stem = stem(&division.name);
        let village = division.kind == "village";
        let mut found = |name: String, kind: &'static str, dice: &mut Dice| {
            let building = fitting(city, own, kind, dice);
            pois.push(Poi { name, kind, address: first[building as usize] });
        };
        found(format!("{}党群服务中心", division.name), "community_centre", &mut dice);
        let clinic = if village { "卫生室" } else { "卫生服务站" };
        found(format!("{}{clinic}", division.name), "clinic", &mut dice);
        if dice.chance(if village { 0.35 } else { 0.8 }) {
            found(format!("{stem}幼儿园"), "kindergarten", &mut dice);
        }
        if dice.chance(if village { 0.3 } else { 0.45 }) {
            found(format!("{stem}小学"), "school", &mut dice);
        }
        if dice.chance(if village { 0.06 } else { 0.4 }) {
            let ending = dice.pick(&["农贸市场", "便民市场", "菜市场"]);
            found(format!("{stem}{ending}"), "market", &mut dice);
        }
        for _ in 0..if village { 0 } else { dice.below(3) } {
            found(format!("{stem}公共厕所"), "public_toilet", &mut dice);
        }
    }
    let townships = city.divisions.iter().enumerate().filter(|(_, d)| d.level == "township");
    for (index, township) in townships {
        let mut within: Vec<u32> = Vec::new();
        for (community, own) in by_community.iter().enumerate() {
            if city.divisions[community].parent == Some(index as u32) {
                within.extend(own);
            }
        }
        if within.is_empty() {
            continue;
        }
        for (ending, kind) in [("卫生院", "hospital"), ("中学", "school"), ("综合市场", "market")]
        {
            let building = fitting(city, &within, kind, &mut dice);
            let name = format!("{}{ending}", stem(&township.name));
            pois.push(Poi { name, kind, address: first[building as usize] });
        }
    }
    pois
}

fn stem(name: &str) -> &str {
    ["社区", "村", "街道", "镇", "乡"].iter().find_map(|e| name.strip_suffix(e)).unwrap_or(name)
}

/// A building for a service: the first of a few drawn that suits it.
fn fitting(city: &City, own: &[u32], kind: &str, dice: &mut Dice) -> u32 {
    let suits = |b: &Building| match kind {
        "hospital" | "school" => {
            matches!(b.kind, BuildingKind::Public | BuildingKind::Office | BuildingKind::Works)
        }
        _ => matches!(b.kind, BuildingKind::Shop | BuildingKind::House | BuildingKind::Public),
    };
    let mut last = own[dice.below(own.len())];
    for _ in 0..12 {
        if suits(&city.buildings[last as usize]) {
            break;
        }
        last = own[dice.below(own.len())];
    }
    last
}

/// Firms and shops: `count` in each district, as far as there are doors for them.
pub(crate) fn entities(city: &City, counts: &[usize], seed: u64) -> Vec<LegalEntity> {
    let mut doors: Vec<Vec<u32>> = vec![Vec::new(); DISTRICTS.len()];
    let mut spare: Vec<Vec<u32>> = vec![Vec::new(); DISTRICTS.len()];
    let place = |code: &str| DISTRICTS.iter().position(|d| d.code == code).unwrap_or(0);
    let by_grid: Vec<usize> = city.grids.iter().map(|g| place(city.district_code(g))).collect();
    for (index, address) in city.addresses.iter().enumerate() {
        let building = &city.buildings[address.building as usize];
        let district = by_grid[building.grid as usize];
        let open = match building.kind {
            BuildingKind::Shop => address.unit != 0 || building.storeys < 5,
            BuildingKind::Office | BuildingKind::Works => true,
            _ => false,
        };
        if open {
            doors[district].push(index as u32);
        } else if address.floor <= 2 {
            spare[district].push(index as u32);
        }
    }
    let mut entities = Vec::new();
    for (district, &count) in counts.iter().enumerate() {
        let mut dice = Dice::new(seed, "entities", district as u64);
        let (doors, spare) = (&mut doors[district], &mut spare[district]);
        dice.shuffle(doors);
        doors.truncate(count);
        while doors.len() < count && !spare.is_empty() {
            let chosen = dice.below(spare.len());
            doors.push(spare.swap_remove(chosen));
        }
        doors.sort_unstable();
        for (number, &address) in (1..).zip(doors.iter()) {
            let own = &city.addresses[address as usize];
            let building = &city.buildings[own.building as usize];
            let grid = &city.grids[building.grid as usize];
            let community = stem(&city.divisions[grid.community as usize].name);
            let (name, kind) =
                firms::firm(building.kind, DISTRICTS[district].name, community, &mut dice);
            let code = format!("E{}{number:06}", DISTRICTS[district].code);
            entities.push(LegalEntity { code, name, kind, address });
        }
    }
    entities
}
