//! What a border cuts off too small to stand alone joins a neighbour.

use std::collections::{BTreeMap, HashMap};

use super::blocks::{Arc, Step};
use super::borders::Piece;
use super::mesh::Class;
use super::zones::Zone;

/// Pieces below this area are slivers, square metres; so are those below this share of their block.
const SMALL: (f64, f64) = (2500.0, 0.1);

/// Joins every sliver with the neighbour in its district with which it shares the longest border that may go.
pub(crate) fn merge_slivers(pieces: &mut Vec<Piece>, arcs: &[Arc]) {
    let mut at: HashMap<Step, u32> = HashMap::new();
    for (index, piece) in (0..).zip(pieces.iter()) {
        at.extend(piece.rim.iter().map(|&s| (s, index)));
    }
    let is_small = |piece: &Piece| {
        let whole = piece.origin.area_m2.max(1.0);
        piece.part && (piece.area_m2 < SMALL.0 || piece.area_m2 < SMALL.1 * whole)
    };
    let mut slivers: Vec<u32> =
        (0..pieces.len() as u32).filter(|&p| is_small(&pieces[p as usize])).collect();
    // The smallest first, so that what is still small may take them and be taken in turn.
    slivers.sort_by(|&a, &b| pieces[a as usize].area_m2.total_cmp(&pieces[b as usize].area_m2));
    for sliver in slivers {
        if !is_small(&pieces[sliver as usize]) {
            continue;
        }
        let mut shared: BTreeMap<u32, f64> = BTreeMap::new();
        for step in &pieces[sliver as usize].rim {
            let arc = &arcs[step.arc as usize];
            let may_go =
                matches!(arc.class, Class::Stream | Class::Ridge | Class::Lane | Class::Local);
            let other = at.get(&Step { arc: step.arc, forward: !step.forward }).copied();
            if let Some(other) = other.filter(|&o| may_go && o != sliver) {
                *shared.entry(other).or_default() += arc.length_m;
            }
        }
        let mut wish: Vec<(u32, f64)> = shared.into_iter().collect();
        wish.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (other, _) in wish {
            if let Some(rim) = joined(&pieces[sliver as usize], &pieces[other as usize], arcs) {
                at.extend(rim.iter().map(|&s| (s, other)));
                let area_m2 = pieces[sliver as usize].area_m2;
                pieces[sliver as usize].rim = Vec::new();
                let whole = &mut pieces[other as usize];
                (whole.rim, whole.area_m2) = (rim, whole.area_m2 + area_m2);
                break;
            }
        }
    }
    pieces.retain(|p| !p.rim.is_empty());
}

/// The rim of two pieces together; `None` if they should stay apart or would not make one simple ring.
fn joined(one: &Piece, two: &Piece, arcs: &[Arc]) -> Option<Vec<Step>> {
    let water = |p: &Piece| (p.origin.zone == Zone::Water).then_some(p.origin.river);
    if one.district != two.district || water(one) != water(two) || two.rim.is_empty() {
        return None;
    }
    let (a, b) = (rest(&one.rim, &two.rim)?, rest(&two.rim, &one.rim)?);
    let rim: Vec<Step> = a.into_iter().chain(b).collect();
    let start = |s: &Step| {
        let ends = arcs[s.arc as usize].ends;
        if s.forward { ends.0 } else { ends.1 }
    };
    let end = |s: &Step| start(&Step { arc: s.arc, forward: !s.forward });
    let mut starts: Vec<u32> = rim.iter().map(start).collect();
    let closed = rim.iter().zip(rim.iter().cycle().skip(1)).all(|(s, t)| end(s) == start(t));
    starts.sort_unstable();
    let simple = starts.windows(2).all(|w| w[0] != w[1]);
    (closed && simple && 1 < rim.len()).then_some(rim)
}

/// What is left of a rim without the arcs of another, from the end of their one common stretch to its start.
fn rest(rim: &[Step], other: &[Step]) -> Option<Vec<Step>> {
    let common: Vec<bool> = rim.iter().map(|s| other.iter().any(|o| o.arc == s.arc)).collect();
    let before = |i: usize| common[(i + rim.len() - 1) % rim.len()];
    let mut from = (0..rim.len()).filter(|&i| !common[i] && before(i));
    let first = from.next()?;
    if from.next().is_some() {
        return None;
    }
    let length = common.iter().filter(|c| !**c).count();
    Some(rim.iter().cycle().skip(first).take(length).copied().collect())
}
