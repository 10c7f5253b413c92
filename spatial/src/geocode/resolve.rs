//! From a scored candidate to a point, a precision, an address and grids.

use super::answer::{Elements, Precision};
use super::door::Found;
use super::level::Level;
use super::place::Place;
use super::search::Scored;
use super::snapshot::{NONE, View};
use super::tail::RoomKey;
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

/// Buildings and sites that are looked at for an extent.
const MOST_PARTS: usize = 256;

/// A road without houses is placed no better than this, in metres.
const HOUSELESS_M: f64 = 500.0;

/// Where a candidate is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Resolved {
    pub(super) precision: Precision,
    pub(super) point: LatticePoint,
    pub(super) accuracy_m: f64,
    pub(super) record: Option<u32>,
    pub(super) building: Option<u32>,
}

pub(super) fn resolve(view: &View<'_>, scored: &Scored) -> Option<Resolved> {
    let known = |id: u32| (id != NONE).then_some(id);
    match scored.place {
        Place::Nothing => None,
        Place::Division(division) => Some(division_of(view, division)),
        Place::Road(road) => Some(road_of(view, road)),
        Place::Site(site) => {
            let inside = &scored.inside;
            let building = inside.at_building;
            if building == NONE {
                return Some(site_of(view, site));
            }
            let id = known(view.building_id.u32(building as usize));
            let point = view.building_point(building);
            if inside.at_room != NONE {
                let room = inside.at_room as usize;
                return Some(Resolved {
                    precision: Precision::Room,
                    point: view.room_point(building, room),
                    accuracy_m: 5.0,
                    record: Some(view.room_record.u32(room)),
                    building: id,
                });
            }
            let unit = inside.unit == Found::Yes;
            Some(Resolved {
                precision: if unit { Precision::Unit } else { Precision::Building },
                point,
                accuracy_m: if unit { 15.0 } else { 25.0 },
                record: None,
                building: id,
            })
        }
    }
}

fn reach_m(from: LatticePoint, points: impl Iterator<Item = LatticePoint>) -> f64 {
    let centre = from.lng_lat();
    points.map(|point| distance_m(centre, point.lng_lat())).fold(20.0, f64::max)
}

fn site_of(view: &View<'_>, site: u32) -> Resolved {
    let point = view.site_point(site);
    let buildings = view.site_buildings.range(site as usize).take(MOST_PARTS);
    let accuracy_m = reach_m(point, buildings.map(|at| view.building_point(at as u32)));
    Resolved { precision: Precision::Site, point, accuracy_m, record: None, building: None }
}

/// A road by the site in the middle of its numbers.
fn road_of(view: &View<'_>, road: u32) -> Resolved {
    let range = view.name_sites_start.range(road as usize);
    if range.is_empty() {
        return houseless(view, road);
    }
    let middle = view.name_sites.u32(usize::midpoint(range.start, range.end));
    let point = view.site_point(middle);
    let step = (range.len() / 32).max(1);
    let sites = range.step_by(step).map(|at| view.site_point(view.name_sites.u32(at)));
    Resolved {
        precision: Precision::Road,
        point,
        accuracy_m: reach_m(point, sites),
        record: None,
        building: None,
    }
}

/// A road that only crossings tell of.
fn houseless(view: &View<'_>, road: u32) -> Resolved {
    let ends = |at: &usize| [view.crossing_low.u32(*at), view.crossing_high.u32(*at)];
    let crossings = (0..view.crossing_low.len32()).filter(|at| ends(at).contains(&road));
    let points: Vec<LatticePoint> =
        crossings.map(|at| super::reverse::crossing_point(view, at as u32)).collect();
    let point = points.get(points.len() / 2).copied().unwrap_or_default();
    let accuracy_m = reach_m(point, points.into_iter()).max(HOUSELESS_M);
    Resolved { precision: Precision::Road, point, accuracy_m, record: None, building: None }
}

fn division_of(view: &View<'_>, division: u32) -> Resolved {
    let level = view.level(view.division_name.u32(division as usize));
    let (precision, accuracy_m) = match level {
        Some(Level::Community) => (Precision::Community, 500.0),
        Some(Level::Township) => (Precision::Township, 2000.0),
        _ => (Precision::District, 10_000.0),
    };
    let point = view.division_point(division);
    Resolved { precision, point, accuracy_m, record: None, building: None }
}

/// The grids of a candidate: which by the borders of the snapshot, where, and the share of it that lies there.
pub(super) fn grids(
    view: &View<'_>,
    scored: &Scored,
    mut take: impl FnMut(u32, LatticePoint, f32),
) {
    let grid =
        |building: usize| (view.building_grid.u32(building), view.building_point(building as u32));
    match scored.place {
        Place::Site(_) if scored.inside.at_building != NONE => {
            let (grid, point) = grid(scored.inside.at_building as usize);
            take(grid, point, 1.0);
        }
        Place::Site(site) => {
            let range = view.site_buildings.range(site as usize);
            let share = 1.0 / range.len().clamp(1, MOST_PARTS) as f32;
            for building in range.take(MOST_PARTS) {
                let (grid, point) = grid(building);
                take(grid, point, share);
            }
        }
        Place::Road(_) | Place::Division(_) | Place::Nothing => {}
    }
}

/// The address of a candidate.
pub(super) fn elements(view: &View<'_>, scored: &Scored) -> Elements {
    let names = scored.place.names(view).map(|name| view.name(name));
    let [district, township, community, road, compound] = names;
    let mut elements = Elements {
        province: view.string(0),
        city: view.string(1),
        district,
        township,
        community,
        road,
        compound,
        ..Elements::default()
    };
    let Place::Site(site) = scored.place else { return elements };
    let number = view.site_label(site);
    if !number.is_none() {
        elements.number = number.with("号");
    }
    let group = super::label::Label(view.site_group.u32(site as usize));
    if !group.is_none() {
        elements.number = group.with("社");
    }
    let building = scored.inside.at_building;
    if building == NONE {
        return elements;
    }
    let label = super::label::Label(view.building_label.u32(building as usize));
    let words = view.building_words.u32(building as usize);
    let village = elements.road.is_empty() && elements.compound.is_empty();
    if words != NONE {
        elements.building = view.string(words);
    } else if !label.is_none() && village {
        elements.number = format!("{}{label}号", elements.number);
    } else if !label.is_none() {
        elements.building = label.with("号楼");
    }
    if scored.inside.at_room != NONE {
        (elements.unit, elements.room) = room_text(view, scored.inside.at_room);
    } else if scored.inside.unit == Found::Yes {
        elements.unit = scored.inside.doors.unit.with("单元");
    }
    elements
}

/// Unit and room as they are written.
pub(super) fn room_text(view: &View<'_>, room: u32) -> (String, String) {
    let odd = view.odd_room.lower_bound(0..view.odd_room.len32(), room);
    if odd < view.odd_room.len32() && view.odd_room.u32(odd) == room {
        return (view.string(view.odd_unit.u32(odd)), view.string(view.odd_label.u32(odd)));
    }
    let key = RoomKey(view.room_key.u32(room as usize));
    (key.unit_text(), key.room_text())
}
