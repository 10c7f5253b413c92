//! Special grids: places that someone looks after as a whole, laid over the basic grids: parks, schools, hospitals, malls
//! and stations.

use super::anchors::DISTRICTS;
use super::blocks::Blocks;
use super::dice::Dice;
use super::divisions::Township;
use super::layout::Purpose;
use super::mesh::Class;
use super::names::Names;
use super::terrain::Xy;
use super::territory::Territory;
use super::zones::Zone;

/// A place looked after as a whole: one or more blocks of one basic grid.
#[derive(Clone, Debug)]
pub(crate) struct Special {
    pub(crate) name: String,
    pub(crate) purpose: Purpose,
    pub(crate) blocks: Vec<u32>,
    /// Set when grids are shared out.
    pub(crate) grid: u32,
}

/// How many of each a district may have, how far apart, how large their blocks are (hectares).
const WISHES: &[(Purpose, usize, f64, (f64, f64))] = &[
    (Purpose::Station, 3, 3500.0, (3.0, 7.0)),
    (Purpose::Mall, 7, 1100.0, (1.5, 5.0)),
    (Purpose::Hospital, 7, 1200.0, (1.8, 5.0)),
    (Purpose::Park, 10, 1300.0, (3.0, 14.0)),
    (Purpose::School, 16, 700.0, (1.6, 4.5)),
];

fn suits(purpose: Purpose, zone: Zone) -> bool {
    match purpose {
        Purpose::Mall => matches!(zone, Zone::Core | Zone::Town | Zone::NewTown),
        Purpose::Station => matches!(zone, Zone::Core | Zone::Town | Zone::Works | Zone::NewTown),
        Purpose::Park => matches!(zone, Zone::Core | Zone::Town | Zone::NewTown | Zone::Terrace),
        _ => matches!(zone, Zone::Core | Zone::Town | Zone::NewTown),
    }
}

/// Chooses the places.
pub(crate) fn choose(
    blocks: &Blocks,
    territory: &Territory,
    townships: &[Township],
    seed: u64,
) -> Vec<Special> {
    let mut dice = Dice::new(seed, "specials", 0);
    let mut names: Vec<Names> = vec![Names::default(); DISTRICTS.len()];
    let mut taken = vec![false; blocks.blocks.len()];
    let mut specials: Vec<Special> = Vec::new();
    for &(purpose, count, apart_m, (least, most)) in WISHES {
        let mut sites: Vec<u32> = (0..blocks.blocks.len() as u32)
            .filter(|&b| {
                let block = &blocks.blocks[b as usize];
                suits(purpose, block.zone) && (least..most).contains(&(block.area_m2 / 1e4))
            })
            .collect();
        dice.shuffle(&mut sites);
        if purpose == Purpose::Station {
            // Trains stop where the railway runs.
            sites.sort_by_key(|&b| !is_at_railway(blocks, b));
        }
        let mut chosen: Vec<Vec<Xy>> = vec![Vec::new(); DISTRICTS.len()];
        for block in sites {
            let at = blocks.blocks[block as usize].centre;
            let district = blocks.blocks[block as usize].district as usize;
            let chosen = &mut chosen[district];
            let free = !taken[block as usize] && chosen.iter().all(|c| apart_m < c.distance_m(at));
            if chosen.len() == count || !free {
                continue;
            }
            chosen.push(at);
            let own = extent(blocks, territory, purpose, block, &taken);
            for &b in &own {
                taken[b as usize] = true;
            }
            let name = name(
                purpose,
                (blocks, territory, townships),
                block,
                (&mut names[district], &mut dice),
            );
            specials.push(Special { name, purpose, blocks: own, grid: u32::MAX });
        }
    }
    specials
}

fn is_at_railway(blocks: &Blocks, block: u32) -> bool {
    let rim = &blocks.blocks[block as usize].rim;
    rim.iter().any(|s| blocks.arcs[s.arc as usize].class == Class::Railway)
}

/// Tells special places their grids; what lies in another grid than the first block does not belong to them.
pub(crate) fn settle(specials: &mut [Special], territory: &Territory) {
    for special in specials {
        let grid = |b: u32| territory.grid[b as usize];
        special.grid = grid(special.blocks[0]);
        special.blocks.retain(|&b| grid(b) == special.grid);
    }
}

/// A park may take a second block of its community.
fn extent(
    blocks: &Blocks,
    territory: &Territory,
    purpose: Purpose,
    block: u32,
    taken: &[bool],
) -> Vec<u32> {
    let mut own = vec![block];
    if purpose == Purpose::Park {
        let next =
            blocks.blocks[block as usize].rim.iter().filter_map(|&s| blocks.beyond(s)).find(|&b| {
                let same = territory.community[b as usize] == territory.community[block as usize];
                same && !taken[b as usize] && suits(purpose, blocks.blocks[b as usize].zone)
            });
        own.extend(next);
    }
    own
}

fn name(
    purpose: Purpose,
    (blocks, territory, townships): (&Blocks, &Territory, &[Township]),
    block: u32,
    (names, dice): (&mut Names, &mut Dice),
) -> String {
    let (township, place) = territory.communities[territory.community[block as usize] as usize];
    let township = &townships[township as usize];
    let community = township.communities[place as usize].name.as_str();
    let of_township = township.name.strip_suffix("街道").unwrap_or(&township.name);
    let of_community =
        community.strip_suffix("社区").or(community.strip_suffix('村')).unwrap_or(community);
    let endings: &[&str] = match purpose {
        Purpose::Station if is_at_railway(blocks, block) => &["火车站", "站"],
        Purpose::Station => &["客运站", "汽车站"],
        Purpose::Mall => &["购物中心", "商业广场", "百货"],
        Purpose::Hospital => &["医院", "综合医院", "中医医院"],
        Purpose::Park => &["公园", "游园", "体育公园"],
        _ => &["小学", "中学", "第二小学", "第二中学"],
    };
    let stems = [of_township, of_community];
    let first = dice.below(endings.len());
    let turned = endings.iter().cycle().skip(first).take(endings.len());
    let mut tries = turned.flat_map(|e| stems.iter().map(move |s| format!("{s}{e}")));
    let fallback = format!("{of_community}{}", endings[0]);
    tries.find(|n| names.take(n)).unwrap_or(fallback)
}

/// The purpose of each block: its zone unless a special place is there; some blocks in town stay open.
pub(crate) fn purposes(blocks: &Blocks, specials: &[Special], seed: u64) -> Vec<Purpose> {
    let mut dice = Dice::new(seed, "open", 0);
    let mut purposes: Vec<Purpose> = blocks
        .blocks
        .iter()
        .map(|b| {
            let built_up = matches!(b.zone, Zone::Core | Zone::Town | Zone::NewTown);
            if dice.chance(0.045) && built_up { Purpose::Park } else { Purpose::Zone(b.zone) }
        })
        .collect();
    for special in specials {
        for &block in &special.blocks {
            purposes[block as usize] = special.purpose;
        }
    }
    purposes
}
