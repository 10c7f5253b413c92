use proptest::prelude::*;

use super::*;
use crate::measure::distance_m;

/// What measuring every place answers.
fn brute_force(places: &[Place], from: LatticePoint, wanted: &Wanted) -> Vec<(u32, f64)> {
    let mut near: Vec<(u32, f64)> = places
        .iter()
        .filter(|place| wanted.kinds.holds(place.kind))
        .map(|place| (place.id, distance_m(from.lng_lat(), place.point.lng_lat())))
        .filter(|(_, apart_m)| *apart_m <= wanted.within_m)
        .collect();
    near.sort_unstable_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    near.truncate(wanted.count);
    near
}

fn assert_agrees(
    places: &Places,
    all: &[Place],
    from: LatticePoint,
    wanted: &Wanted,
) -> Result<(), TestCaseError> {
    let expected = brute_force(all, from, wanted);
    let found = places.nearest(from, wanted);
    let ids = |near: &[Near]| near.iter().map(|near| near.place.id).collect::<Vec<_>>();
    let expected_ids: Vec<u32> = expected.iter().map(|(id, _)| *id).collect();
    prop_assert_eq!(ids(&found), expected_ids, "from {:?} {:?}", from, wanted);
    for (near, (_, apart_m)) in found.iter().zip(expected) {
        prop_assert!((near.apart_m - apart_m).abs() <= 1e-5, "{} {apart_m}", near.apart_m);
    }
    Ok(())
}

/// Points within a box around a place anywhere on the globe, many of them the same.
fn scattered() -> impl Strategy<Value = (Vec<Place>, Vec<LatticePoint>)> {
    let latitude = prop::sample::select(vec![0.0, 1.0, 36.06, -53.0, 70.0, 84.0, 89.999, -90.0]);
    let longitude = prop::sample::select(vec![103.83, 0.0, 179.999, -180.0]);
    let reach = prop::sample::select(vec![20i32, 3000, 400_000, 30_000_000]);
    (latitude, longitude, reach).prop_flat_map(|(latitude, longitude, reach)| {
        let point = move |(dx, dy): (f64, f64)| {
            let around = 3_600_000_000i64;
            let x = (longitude * 1e7) as i64 + (dx * f64::from(reach)).round() as i64;
            let x = (x + around / 2).rem_euclid(around) - around / 2;
            let y = ((latitude * 1e7) as i64 + (dy * f64::from(reach)).round() as i64)
                .clamp(-900_000_000, 900_000_000);
            LatticePoint::new(x as i32, y as i32)
        };
        let share = || (-1.0..1.0f64, -1.0..1.0f64);
        let places = prop::collection::vec((share(), 0..5u8), 1..300);
        let queries = prop::collection::vec(share(), 8);
        (places, queries).prop_map(move |(places, queries)| {
            let place = |(id, (at, kind))| Place { id, point: point(at), kind };
            let places = (0..).zip(places).map(place).collect();
            (places, queries.into_iter().map(point).collect())
        })
    })
}

proptest! {
    #[test]
    fn the_nearest_are_those_that_geodesics_name(
        (all, queries) in scattered(),
        count in 1..9usize,
        within_m in prop::sample::select(vec![f64::INFINITY, 5.0, 900.0, 30_000.0]),
        kinds in prop::sample::select(vec![Kinds::ALL, Kinds::of([2]), Kinds::of([0, 4]), Kinds::of([9])]),
    ) {
        let places = Places::new(all.iter().copied());
        let wanted = Wanted { count, within_m, kinds };
        for from in queries {
            assert_agrees(&places, &all, from, &wanted)?;
        }
    }

    #[test]
    fn changes_are_seen_and_the_old_places_stay(
        (mut all, queries) in scattered(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..60),
    ) {
        let first = Places::new(all.iter().copied());
        let (before, mut places) = (all.clone(), first.clone());
        for (which, is_moved) in changes {
            let at = which.index(all.len());
            let id = all[at].id;
            if is_moved {
                all[at].point = all[which.index(all.len() / 2 + 1)].point;
                places = places.changed([all[at]], &[]);
            } else if all.len() > 1 {
                all.swap_remove(at);
                places = places.changed([], &[id]);
            } else {
                continue;
            }
            prop_assert_eq!(places.len(), all.len());
        }
        for from in queries {
            assert_agrees(&places, &all, from, &Wanted::nearest(4))?;
            assert_agrees(&first, &before, from, &Wanted::nearest(4))?;
        }
    }
}

#[test]
fn rooms_of_one_building_come_in_order_of_their_ids() {
    let point = LatticePoint::new(1_038_343_000, 360_611_000);
    let rooms = (0..500).rev().map(|id| Place { id, point, kind: (id % 3) as u8 });
    let places = Places::new(rooms);
    let from = LatticePoint::new(point.x + 900, point.y);
    let near = places.nearest(from, &Wanted { kinds: Kinds::of([1]), ..Wanted::nearest(4) });
    assert_eq!(near.iter().map(|near| near.place.id).collect::<Vec<_>>(), [1, 4, 7, 10]);
    assert!(near.windows(2).all(|pair| pair[0].apart_m.to_bits() == pair[1].apart_m.to_bits()));
}

#[test]
fn nothing_is_nearest_where_there_is_nothing() {
    let origin = LatticePoint::default();
    assert!(Places::default().nearest(origin, &Wanted::nearest(3)).is_empty());
    let one = Places::new([Place { id: 7, point: origin, kind: 0 }]);
    assert!(one.nearest(origin, &Wanted::nearest(0)).is_empty());
    assert!(one.nearest(origin, &Wanted { within_m: -1.0, ..Wanted::nearest(1) }).is_empty());
    assert!(one.nearest(origin, &Wanted { within_m: f64::NAN, ..Wanted::nearest(1) }).is_empty());
    assert_eq!(one.nearest(LatticePoint::new(1_800_000_000, 0), &Wanted::nearest(1)).len(), 1);
    let none = one.changed([], &[7]);
    assert!(none.is_empty() && none.nearest(origin, &Wanted::nearest(1)).is_empty());
}
