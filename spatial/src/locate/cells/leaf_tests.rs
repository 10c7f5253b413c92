use proptest::prelude::*;

use super::*;
use crate::lattice::LatticePoint;
use crate::locate::rule;

fn words(of: impl IntoIterator<Item = u32>) -> Vec<Word> {
    let mut words: Vec<Word> = of.into_iter().map(u32::to_le_bytes).collect();
    // What lies behind a leaf is read and must not count.
    words.resize(words.len() + REACH, [0xA5; 4]);
    words
}

/// Edges from below, as leaves list them: some at the limits of what a short leaf takes.
fn edges() -> impl Strategy<Value = Vec<((i64, i64), (i64, i64))>> {
    let from = || prop_oneof![-300..17_000i64, *FROM.start()..=*FROM.end()];
    let dx = prop_oneof![-300..300i64, RUN];
    let dy = prop_oneof![0..300i64, 0..=*RUN.end()];
    prop::collection::vec(((from(), from()), (dx, dy)), 1..=SHORT_MOST)
}

proptest! {
    #[test]
    fn a_short_leaf_answers_by_the_rule(
        edges in edges(),
        base in 0..1u32 << 30,
        flips in prop::array::uniform4(0..1u32 << 30),
        x in 0..1u32 << SHORT_SHIFT,
        y in 0..1u32 << SHORT_SHIFT,
        on in 0..SHORT_MOST,
    ) {
        let entries: Vec<_> = edges
            .iter()
            .zip(flips)
            .map(|((from, run), flip)| short_entry(*from, *run, flip).unwrap())
            .collect();
        let words = words(short_leaf(base, &entries));
        let corner = edges[on % edges.len()].0;
        let inside = |step: i64| (0..1 << SHORT_SHIFT).contains(&step);
        let corner = (inside(corner.0) && inside(corner.1)).then_some((corner.0 as u32, corner.1 as u32));
        for (x, y) in [Some((x, y)), corner].into_iter().flatten() {
            let point = LatticePoint::new(x as i32, y as i32);
            let expected = edges.iter().zip(flips).fold(base, |code, ((from, run), flip)| {
                let lo = LatticePoint::new(from.0 as i32, from.1 as i32);
                let hi = LatticePoint::new((from.0 + run.0) as i32, (from.1 + run.1) as i32);
                if rule::crosses(point, lo, hi) { code ^ flip } else { code }
            });
            prop_assert_eq!(short(&words, 0, x | y << 16), expected);
        }
    }

    #[test]
    fn a_step_counts_from_its_height_on_whatever_the_longitude(
        north in 0..1u32 << SHORT_SHIFT,
        x in 0..1u32 << SHORT_SHIFT,
        y in 0..1u32 << SHORT_SHIFT,
    ) {
        let words = words(short_leaf(5, &[short_step(i64::from(north), 3)]));
        prop_assert_eq!(short(&words, 0, x | y << 16), if y >= north { 6 } else { 5 });
    }
}

#[test]
fn a_leaf_that_reaches_beyond_the_end_is_outside() {
    let words = words(short_leaf(5, &[short_step(0, 3)]));
    assert_eq!(short(&words, words.len() - 2, 0), OUTSIDE);
    assert_eq!(short(&words, usize::MAX, 0), OUTSIDE);
}
