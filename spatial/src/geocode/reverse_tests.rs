use super::{PlaceKind, nearby};
use crate::geocode::test_town::{town, town_builder};
use crate::geocode::{Compass, Snapshot};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;
use crate::nearest::{Kinds, Places, Wanted};

#[test]
fn the_nearest_are_those_that_a_look_at_all_finds() {
    let town = town();
    let all: Vec<_> = town.places().collect();
    let places = Places::new(all.iter().copied());
    for step in 0..200 {
        let from = LatticePoint::new(1_038_000_000 + step * 37_001, 360_600_000 + step * 17_003);
        let near = nearby(&places, from, &Wanted { count: 5, within_m: 3000.0, kinds: Kinds::ALL });
        let mut brute: Vec<(f64, u32)> = all
            .iter()
            .map(|place| (distance_m(from.lng_lat(), place.point.lng_lat()), place.id))
            .filter(|(apart, _)| *apart <= 3000.0)
            .collect();
        brute.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        brute.truncate(5);
        assert_eq!(
            near.iter().map(|near| near.id).collect::<Vec<_>>(),
            brute.iter().map(|(_, id)| *id).collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_place_tells_its_address_and_stands_where_it_was_lent() {
    let town = town();
    for place in town.places() {
        let known = town.place(place.id).unwrap();
        assert_eq!((known.point, known.kind as u8), (place.point, place.kind));
        assert!(!known.elements.label().is_empty());
    }
    let count = town.places().count() as u32;
    assert_eq!(town.place(count), None);
    assert_eq!(town.place(u32::MAX), None);
}

#[test]
fn places_inside_buildings_and_crossings_have_names() {
    let mut builder = town_builder();
    builder.poi(9001, "惠民药店", 1001);
    builder.crossing("庆阳路", "滨河东路", LatticePoint::new(1_038_100_000, 360_650_000));
    let town = Snapshot::open(builder.finish()).unwrap();
    let of = |kind: PlaceKind| {
        let place = town.places().find(|place| place.kind == kind as u8).unwrap();
        town.place(place.id).unwrap()
    };
    let shop = of(PlaceKind::Poi);
    assert_eq!((shop.name.as_deref(), shop.poi), (Some("惠民药店"), Some(9001)));
    assert_eq!(shop.elements.building, "1号楼");
    let crossing = of(PlaceKind::Crossing);
    let roads = [crossing.elements.road.as_str(), crossing.name.as_deref().unwrap()];
    assert!(roads.contains(&"庆阳路") && roads.contains(&"滨河东路"), "{roads:?}");
}

#[test]
fn only_the_kinds_asked_for_are_told() {
    let mut builder = town_builder();
    let point = LatticePoint::new(1_038_100_000, 360_650_000);
    builder.crossing("庆阳路", "滨河东路", point);
    let town = Snapshot::open(builder.finish()).unwrap();
    let places = Places::new(town.places());
    let ask = |kinds: &[PlaceKind]| {
        let wanted = Wanted { count: 1, within_m: f64::INFINITY, kinds: PlaceKind::set(kinds) };
        nearby(&places, LatticePoint::new(point.x - 1000, point.y), &wanted)[0]
    };
    let crossing = ask(&[PlaceKind::Crossing]);
    assert_eq!((crossing.point, crossing.compass), (point, Compass::East));
    assert_ne!(ask(&[PlaceKind::Building]).point, point);
}
