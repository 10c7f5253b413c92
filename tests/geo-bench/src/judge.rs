//! Whether an answer agrees with the truth on every element that the text kept.

use spatial::geocode::Elements;

use crate::gazetteer::{Door, Gazetteer, Kind, Site};
use crate::render::Kept;

/// How far an answer agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    pub site: bool,
    pub building: bool,
    pub room: bool,
}

pub fn agrees(gazetteer: &Gazetteer, truth: &(Site, Door, Kept), found: &Elements) -> Agreement {
    let (site, door, kept) = truth;
    let [district, township, community] = &gazetteer.communities[site.community];
    let same = |kept: bool, truth: &str, found: &str| !kept || truth == found;
    let village = site.kind == Kind::Village;
    let number =
        if village { format!("{}{}号", site.number, door.building) } else { site.number.clone() };
    let named = same(kept.district, district, &found.district)
        && same(kept.township, township, &found.township)
        && same(kept.community, community, &found.community)
        && same(kept.road, &site.road, &found.road)
        && same(kept.number, &number, &found.number)
        && same(kept.compound, &site.compound, &found.compound);
    let written =
        |value: u32, word: &str| if value == 0 { String::new() } else { format!("{value}{word}") };
    let building = village || same(kept.building, &written(door.building, "号楼"), &found.building);
    let room = same(kept.unit, &written(door.unit, "单元"), &found.unit)
        && same(kept.room, &written(door.room, "室"), &found.room);
    Agreement { site: named, building: named && building, room: named && building && room }
}
