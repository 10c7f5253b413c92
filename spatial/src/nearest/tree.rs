//! A static k-d tree: points sorted so that every half of a half is a run.

use super::Place;
use crate::lattice::{LatticeBox, LatticePoint};

/// Points that lie together, coordinate by coordinate, and are measured at once.
pub(super) const GROUP: usize = 4;
/// Points in a leaf, about: a quarter more at most, since runs begin with a group.
const LEAF: usize = 32;
/// Below this a half is not worth a task of its own.
const TASK: usize = 1 << 15;

/// Where a run of points is halved: the place without its lowest bit, and in that bit whether it is
/// a latitude. No point of the lower half lies more than a step beyond it, none of the higher half
/// before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split(i32);

impl Split {
    fn new(at: i32, is_north: bool) -> Self {
        Self(at & !1 | i32::from(is_north))
    }

    #[inline]
    pub(super) fn at(self) -> i32 {
        self.0 & !1
    }

    #[inline]
    pub(super) fn is_north(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Levels of splits that lie together.
const LEVELS: u32 = 4;
/// Fifteen splits of four levels in a cache line, the upper one at 1, those below `n` at `2n` and
/// `2n + 1`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Block([Split; 1 << LEVELS]);

/// A node of a tree.
#[derive(Clone, Copy)]
pub(super) struct Node {
    /// Its number: below `n` are `2n + 1` and `2n + 2`.
    pub(super) number: usize,
    block: usize,
    slot: usize,
    /// Levels below it.
    pub(super) depth: u32,
}

impl Node {
    /// The first node of a tree so deep. The first block holds what is left over of the levels.
    pub(super) fn root(depth: u32) -> Self {
        let over = (depth + LEVELS - 1) % LEVELS + 1;
        Self { number: 0, block: 0, slot: 1 << (LEVELS - over), depth }
    }

    /// The two nodes below it.
    #[inline]
    pub(super) fn halves(self) -> [Self; 2] {
        [0, 1].map(|half| {
            let slot = 2 * self.slot + half;
            let (block, slot) = match slot.checked_sub(1 << LEVELS) {
                Some(child) => ((self.block << LEVELS) + 1 + child, 1),
                None => (self.block, slot),
            };
            Self { number: 2 * self.number + 1 + half, block, slot, depth: self.depth - 1 }
        })
    }
}

/// Some points that follow each other, in a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Group {
    pub(super) xs: [i32; GROUP],
    pub(super) ys: [i32; GROUP],
    ids: [u32; GROUP],
    kinds: [u8; GROUP],
}

/// Points in runs.
///
/// The run of node `n` is [halved](middle) into those of `2n + 1` and `2n + 2`. All leaves are
/// equally deep.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// All points; the last group is filled up with anything.
    pub(super) groups: Vec<Group>,
    count: usize,
    blocks: Vec<Block>,
    depth: u32,
    /// The corners of the box around all points.
    bounds: LatticeBox,
    /// The kinds below each node, leaves included.
    pub(super) below: Vec<u32>,
}

impl Tree {
    pub(super) fn new(mut places: Vec<Place>) -> Self {
        let mut depth = 0;
        while places.len() >> depth > LEAF {
            depth += 1;
        }
        let bounds = LatticeBox::around(places.iter().map(|place| place.point));
        let mut blocks = Vec::new();
        set(&mut blocks, Node::root(depth), &halve(&mut places, depth));
        let mut below = vec![0; (2 << depth) - 1];
        fill(&mut below, &places, Node::root(depth));
        let group = |places: &[Place]| {
            let mut group = Group::default();
            for (at, place) in places.iter().enumerate() {
                (group.xs[at], group.ys[at]) = (place.point.x, place.point.y);
                (group.ids[at], group.kinds[at]) = (place.id, place.kind % 32);
            }
            group
        };
        Self {
            groups: places.chunks(GROUP).map(group).collect(),
            count: places.len(),
            blocks,
            depth,
            bounds: bounds.unwrap_or(LatticeBox {
                min: LatticePoint::default(),
                max: LatticePoint::default(),
            }),
            below,
        }
    }

    /// Steps east or west, and north or south, from a place to the box around all points.
    pub(super) fn apart(&self, x: f64, y: f64) -> (f64, f64) {
        let beyond = |at: f64, least: i32, most: i32| {
            (f64::from(least) - at).max(at - f64::from(most)).max(0.0)
        };
        let LatticeBox { min, max } = self.bounds;
        (beyond(x, min.x, max.x), beyond(y, min.y, max.y))
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn root(&self) -> Node {
        Node::root(self.depth)
    }

    /// Where a node's points are halved.
    #[inline]
    pub(super) fn split(&self, node: Node) -> Split {
        self.blocks[node.block].0[node.slot % (1 << LEVELS)]
    }

    #[inline]
    pub(super) fn place(&self, at: usize) -> Place {
        let (group, lane) = (&self.groups[at / GROUP], at % GROUP);
        let point = LatticePoint::new(group.xs[lane], group.ys[lane]);
        Place { id: group.ids[lane], point, kind: group.kinds[lane] }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.len()).map(|at| self.place(at))
    }
}

/// Where a run is halved: at the beginning of a group, as the run itself begins.
#[inline]
pub(super) fn middle((from, to): (usize, usize)) -> usize {
    from + (to - from) / 2 / GROUP * GROUP
}

/// Sorts a run so that it can be halved `depth` times; the splits, level by level.
fn halve(places: &mut [Place], depth: u32) -> Vec<Split> {
    if depth == 0 {
        return Vec::new();
    }
    let spread = |coordinate: fn(&Place) -> i32| {
        let values = places.iter().map(coordinate);
        let least = values.clone().min().unwrap_or_default();
        i64::from(values.max().unwrap_or_default()) - i64::from(least)
    };
    // Longitude counts for a little less than latitude where people live.
    let is_north = spread(|place| place.point.y) * 5 > spread(|place| place.point.x) * 4;
    let coordinate = |place: &Place| if is_north { place.point.y } else { place.point.x };
    let middle = middle((0, places.len()));
    let (_, first, _) = places.select_nth_unstable_by_key(middle, coordinate);
    let split = Split::new(coordinate(first), is_north);
    let big = places.len() > TASK;
    let (low, high) = places.split_at_mut(middle);
    let (low, high) = if big {
        rayon::join(|| halve(low, depth - 1), || halve(high, depth - 1))
    } else {
        (halve(low, depth - 1), halve(high, depth - 1))
    };
    // Both halves have their nodes level by level; so does the whole.
    let mut splits = vec![split];
    let (mut low, mut high) = (&low[..], &high[..]);
    for level in 0..depth - 1 {
        let width = 1 << level;
        for half in [&mut low, &mut high] {
            splits.extend(&half[..width]);
            *half = &half[width..];
        }
    }
    splits
}

/// Puts splits, level by level from a node on, to their places.
fn set(blocks: &mut Vec<Block>, root: Node, splits: &[Split]) {
    let (mut level, mut splits) = (vec![root], splits.iter());
    while !splits.as_slice().is_empty() {
        for node in &level {
            if let Some(split) = splits.next() {
                blocks.resize(blocks.len().max(node.block + 1), Block::default());
                blocks[node.block].0[node.slot] = *split;
            }
        }
        level = level.into_iter().flat_map(Node::halves).collect();
    }
}

fn fill(below: &mut [u32], places: &[Place], node: Node) -> u32 {
    let found = if node.depth > 0 {
        let (low, high) = places.split_at(middle((0, places.len())));
        let halves = node.halves();
        fill(below, low, halves[0]) | fill(below, high, halves[1])
    } else {
        places.iter().fold(0, |set, place| set | 1 << (place.kind % 32))
    };
    below[node.number] = found;
    found
}
