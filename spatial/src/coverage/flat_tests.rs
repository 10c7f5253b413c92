use super::*;

fn square(west: i32, south: i32, side: i32) -> LatticeRing {
    let (east, north) = (west + side, south + side);
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    LatticeRing(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec())
}

fn double_area(shape: &LatticeMultiPolygon) -> i128 {
    shape.rings().map(LatticeRing::double_area).sum()
}

#[test]
fn counter_clockwise_rings_fill_and_clockwise_rings_do_not() {
    let ring = square(0, 0, 10);
    let filled_once = filled(std::slice::from_ref(&ring), Fill::Positive);
    assert_eq!(double_area(&filled_once), 200);
    let mut backwards = ring;
    backwards.0.reverse();
    assert!(filled(&[backwards], Fill::Positive).is_empty());
}

#[test]
fn twice_keeps_what_two_rings_share() {
    let rings = [square(0, 0, 10), square(6, 6, 10), square(40, 0, 5)];
    let twice = filled(&rings, Fill::Twice);
    assert_eq!(double_area(&twice), 2 * 16);
    assert_eq!(twice.bounds().unwrap().min, LatticePoint::new(6, 6));
}

#[test]
fn vertices_on_straight_borders_survive() {
    let mut ring = square(0, 0, 10);
    ring.0.insert(1, LatticePoint::new(5, 0));
    let kept = filled(&[ring], Fill::Positive);
    assert_eq!(kept.vertex_count(), 5);
}

#[test]
fn a_shape_as_wide_as_the_world_survives_at_half_resolution() {
    let corner = |x, y| LatticePoint::new(x, y);
    let world = LatticeRing(vec![
        corner(-1_800_000_000, -900_000_000),
        corner(1_800_000_000, -900_000_000),
        corner(1_800_000_000, 900_000_000),
        corner(-1_800_000_000, 900_000_000),
    ]);
    let bounds = filled(&[world], Fill::Positive).bounds().unwrap();
    assert_eq!(bounds.width(), 3_600_000_000);
    assert_eq!(bounds.height(), 1_800_000_000);
}
