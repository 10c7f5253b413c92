//! No two borders meet but at junctions.
//!
//! The lines of the plan do not cross, but their drawn chords may where two lines leave a junction close together or the land
//! folds between two points. Such lines are drawn again, finer or straighter, until they keep apart as the true ones do.

use rayon::prelude::*;
use spatial::lattice::{LatticePoint, turn};

use super::blocks::{Arc, Blocks};

/// What share of the usual distance between points each round draws with. Finer helps where chords cut across bends; straight
/// helps where two lines leave a junction closer together than the lattice can tell.
const SHARES: [f64; 8] = [0.4, 0.16, 3.0, 1e6, 0.06, 8.0, 0.25, 1e6];

/// Redraws arcs that meet others in the rim of a block; `drawn(arc, share)` draws with that share of the usual pace.
pub(crate) fn untangle(blocks: &mut Blocks, drawn: &dyn Fn(u32, f64) -> Arc) {
    let mut open: Vec<u32> = (0..blocks.blocks.len() as u32).collect();
    for share in SHARES {
        let mut tangled: Vec<u32> =
            open.par_iter().flat_map_iter(|&block| tangled(blocks, block)).collect();
        tangled.sort_unstable();
        tangled.dedup();
        if tangled.is_empty() {
            return;
        }
        open.clear();
        for arc in tangled {
            let new = drawn(arc, share);
            let old = &mut blocks.arcs[arc as usize];
            (old.line, old.length_m) = (new.line, new.length_m);
            open.extend(old.left.into_iter().chain(old.right));
        }
        open.sort_unstable();
        open.dedup();
    }
}

/// The arcs in a block's rim that meet another, or themselves, where they should not.
fn tangled(blocks: &Blocks, block: u32) -> Vec<u32> {
    let rim: Vec<u32> = blocks.blocks[block as usize].rim.iter().map(|s| s.arc).collect();
    let boxes: Vec<[i32; 4]> = rim.iter().map(|&a| bounds(&blocks.arcs[a as usize].line)).collect();
    let mut found = Vec::new();
    for (i, &a) in rim.iter().enumerate() {
        for (j, &b) in rim.iter().enumerate().skip(i) {
            let (one, two) = (&blocks.arcs[a as usize].line, &blocks.arcs[b as usize].line);
            if let Some(both) = common(boxes[i], boxes[j])
                && meet(one, two, both, a == b)
            {
                found.extend([a, b]);
            }
        }
    }
    found
}

fn bounds(line: &[LatticePoint]) -> [i32; 4] {
    line.iter().fold([i32::MAX, i32::MAX, i32::MIN, i32::MIN], |[w, s, e, n], p| {
        [w.min(p.x), s.min(p.y), e.max(p.x), n.max(p.y)]
    })
}

fn common(a: [i32; 4], b: [i32; 4]) -> Option<[i32; 4]> {
    let both = [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])];
    (both[0] <= both[2] && both[1] <= both[3]).then_some(both)
}

/// Whether two lines meet anywhere but in a point that is an end of both pieces. `within` is where their boxes overlap.
fn meet(one: &[LatticePoint], two: &[LatticePoint], within: [i32; 4], same: bool) -> bool {
    let near = |piece: &&[LatticePoint]| common(bounds(piece), within).is_some();
    let pieces: Vec<&[LatticePoint]> = two.windows(2).filter(near).collect();
    one.windows(2).filter(near).any(|p| {
        let own = bounds(p);
        pieces.iter().any(|q| {
            let itself = same && std::ptr::eq(p.as_ptr(), q.as_ptr());
            !itself && common(own, bounds(q)).is_some() && touch((p[0], p[1]), (q[0], q[1]))
        })
    })
}

type Segment = (LatticePoint, LatticePoint);

/// Whether two segments have a point in common that is not an end of both.
fn touch(one: Segment, other: Segment) -> bool {
    let is_end = |point: &LatticePoint| *point == other.0 || *point == other.1;
    match [one.0, one.1].iter().filter(|end| is_end(end)).count() {
        0 => parted(one, other) && parted(other, one),
        // From a common end two pieces overlap only if they run the same way.
        1 => {
            let pivot = if is_end(&one.0) { one.0 } else { one.1 };
            let far = |line: Segment| if line.0 == pivot { line.1 } else { line.0 };
            let (end, other_end) = (far(one), far(other));
            turn(pivot, end, other_end) == 0 && 0 < along(pivot, end, other_end)
        }
        _ => true,
    }
}

/// Whether a segment's ends do not lie on one side of a line.
fn parted(line: Segment, segment: Segment) -> bool {
    let side = |end| turn(line.0, line.1, end).signum();
    side(segment.0) * side(segment.1) <= 0
}

/// The scalar product of the ways from a pivot to two places.
fn along(pivot: LatticePoint, end: LatticePoint, other: LatticePoint) -> i64 {
    let way = |to: LatticePoint| {
        (i64::from(to.x) - i64::from(pivot.x), i64::from(to.y) - i64::from(pivot.y))
    };
    let ((east, north), (other_east, other_north)) = (way(end), way(other));
    east * other_east + north * other_north
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_may_share_an_end_but_nothing_else() {
        let p = |x, y| LatticePoint { x, y };
        for (one, two, expected) in [
            ((p(0, 0), p(9, 0)), (p(9, 0), p(9, 5)), false),
            ((p(0, 0), p(9, 0)), (p(9, 0), p(20, 0)), false),
            ((p(0, 0), p(9, 0)), (p(9, 0), p(4, 0)), true),
            ((p(0, 0), p(9, 0)), (p(4, -1), p(4, 1)), true),
            ((p(0, 0), p(9, 0)), (p(4, 0), p(4, 7)), true),
            ((p(0, 0), p(9, 0)), (p(0, 1), p(9, 1)), false),
            ((p(0, 0), p(9, 0)), (p(9, 0), p(0, 0)), true),
        ] {
            assert_eq!(touch(one, two), expected, "{one:?} {two:?}");
            assert_eq!(touch(two, one), expected, "{two:?} {one:?}");
        }
    }
}
