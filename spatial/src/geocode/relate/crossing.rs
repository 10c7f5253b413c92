//! Where two roads meet.

use super::super::answer::{
    Answer, Candidate, Element, Elements, Fault, Match, Precision, Verdict,
};
use super::super::candidate::Hit;
use super::super::compass::{apart_m, moved};
use super::super::explain::named;
use super::super::level::Level;
use super::super::query::{AskScratch, Query};
use super::super::relation::RelationKind;
use super::super::reverse::crossing_point;
use super::super::snapshot::{Snapshot, View};
use super::super::suggest::NameIndex;
use super::super::text::Text;
use super::anchor::{middle, step_accuracy_m};
use super::words::Spoken;
use crate::lattice::LatticePoint;

/// What joins two roads that meet.
const JOINTS: &str = "与和同跟及、交,-到至 ";
/// A crossing is this large, in metres.
const CROSSING_M: f64 = 20.0;
/// Houses of two roads that meet are not farther from one another, in metres, and say no more than this.
const HOUSES_APART_M: f64 = 250.0;
const HOUSES_ACCURACY_M: f64 = 60.0;
/// Houses of a road that are looked at.
const MOST_HOUSES: usize = 200;
/// Crossings of two roads nearer than this to one another are one, in metres.
const ONE_M: f64 = 60.0;
/// Cost, in hundredths of a wrong letter: a crossing that only the houses tell.
const UNTOLD: f32 = 60.0;
/// Weight of the chance that no known crossing is meant.
const NOTHING: f32 = 0.05;
/// Chance from which a crossing of two names without wrong letters is accepted.
const ACCEPT: f32 = 0.9;
const RIVAL: f32 = 0.25;

/// Two roads of the text, or three: the one that is spoken of comes first.
#[derive(Clone, Copy)]
struct Pair {
    one: Hit,
    other: Hit,
}

/// A place where two roads meet.
#[derive(Clone, Copy)]
struct Meeting {
    pair: Pair,
    point: LatticePoint,
    accuracy_m: f64,
    cost: f32,
    told: bool,
}

/// Whether the text has a word that joins two roads without saying that they meet: 庆阳路与静宁路.
pub(super) fn may_join(text: &Text) -> bool {
    (1..text.len()).any(|at| matches!(text.unit(at), 0x4e0e | 0x548c | 0x540c))
}

/// The crossing that a text speaks of; `None` where it speaks of none that is known.
pub(super) fn at_crossing<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    text: &Text,
    found: &[Spoken],
    query: &Query<'_>,
    scratch: &AskScratch,
) -> Option<Answer> {
    let (view, index) = (snapshot.view(), snapshot.index());
    let roads: Vec<Hit> =
        scratch.base.names.hits.iter().filter(|hit| hit.level == Level::Road).copied().collect();
    if roads.len() < 2 {
        return None;
    }
    if let Some(answer) = on_road(&view, index, text, found, &roads) {
        return Some(answer);
    }
    let spoken = found.iter().find(|spoken| {
        spoken.kind == RelationKind::Crossing && !pairs(text, &roads, Some(spoken)).is_empty()
    });
    let pairs = pairs(text, &roads, spoken);
    let mut met: Vec<Meeting> = pairs.iter().flat_map(|&pair| told(&view, index, pair)).collect();
    if met.is_empty() && spoken.is_some() {
        met.extend(pairs.iter().filter_map(|&pair| untold(&view, pair)));
    }
    if met.is_empty() {
        return None;
    }
    let near = named_division(&view, &scratch.base.names.hits);
    met.sort_by(|a, b| {
        let apart = |m: &Meeting| near.map_or(0.0, |place| length(place, m.point));
        a.cost.total_cmp(&b.cost).then(apart(a).total_cmp(&apart(b)))
    });
    met.truncate(query.limit.max(1));
    Some(answer(&view, text, spoken, &met, near.is_some()))
}

fn length(from: LatticePoint, to: LatticePoint) -> f64 {
    let (east, north) = apart_m(from, to);
    east.hypot(north)
}

/// Pairs of roads that stand beside one another, before the words if there are any.
fn pairs(text: &Text, roads: &[Hit], spoken: Option<&Spoken>) -> Vec<Pair> {
    let ends_there = |hit: &Hit| {
        let end = usize::from(hit.at.end);
        match spoken {
            // 张掖路口: the word shares a letter with the name.
            Some(spoken) => {
                (spoken.start..=spoken.start + 1).contains(&end) && end < spoken.end
                    || end + 1 == spoken.start
            }
            None => true,
        }
    };
    let mut all = Vec::new();
    for other in roads.iter().filter(|hit| ends_there(hit)) {
        for one in
            roads.iter().filter(|one| one.at.end <= other.at.start && one.means != other.means)
        {
            let (from, to) = (usize::from(one.at.end), usize::from(other.at.start));
            let joint = |at: usize| JOINTS.encode_utf16().any(|joint| joint == text.unit(at));
            // Without words of a crossing only 与, 和 and 同 say that two roads meet.
            let joined = match spoken {
                Some(_) => to - from <= 2 && (from..to).all(joint),
                None => to - from == 1 && matches!(text.unit(from), 0x4e0e | 0x548c | 0x540c),
            };
            if joined {
                all.push(Pair { one: *one, other: *other });
            }
        }
    }
    all
}

/// The crossings of a pair in the table.
fn told(view: &View<'_>, index: &NameIndex, pair: Pair) -> Vec<Meeting> {
    let of = |at: u32| [view.crossing_low.u32(at as usize), view.crossing_high.u32(at as usize)];
    let points = index.crossings_of(pair.one.means).iter().copied();
    let points = points.filter(|&at| of(at).contains(&pair.other.means));
    let mut met: Vec<Meeting> = Vec::new();
    for point in points.map(|at| crossing_point(view, at)) {
        if met.iter().all(|known| length(known.point, point) > ONE_M) {
            let cost = f32::from(pair.one.at.cost + pair.other.at.cost);
            met.push(Meeting { pair, point, accuracy_m: CROSSING_M, cost, told: true });
        }
    }
    met
}

/// A crossing that is not in the table: where houses of the two roads are nearest to one another.
fn untold(view: &View<'_>, pair: Pair) -> Option<Meeting> {
    let houses = |hit: &Hit| -> Vec<LatticePoint> {
        let range = view.name_sites_start.range(hit.means as usize);
        let step = (range.len() / MOST_HOUSES).max(1);
        range.step_by(step).map(|at| view.site_point(view.name_sites.u32(at))).collect()
    };
    let others = houses(&pair.other);
    let mut best: Option<(f64, LatticePoint, LatticePoint)> = None;
    for one in houses(&pair.one) {
        for &other in &others {
            let apart = length(one, other);
            if apart <= HOUSES_APART_M && best.is_none_or(|best| apart < best.0) {
                best = Some((apart, one, other));
            }
        }
    }
    let (apart, one, other) = best?;
    let cost = f32::from(pair.one.at.cost + pair.other.at.cost) + UNTOLD;
    Some(Meeting {
        pair,
        point: middle((one, 0.0), (other, 0.0)).0,
        accuracy_m: apart.max(HOUSES_ACCURACY_M),
        cost,
        told: false,
    })
}

/// C路（A路至B路段）: the middle of the two crossings.
fn on_road(
    view: &View<'_>,
    index: &NameIndex,
    text: &Text,
    found: &[Spoken],
    roads: &[Hit],
) -> Option<Answer> {
    let spoken = found.iter().find(|spoken| spoken.kind == RelationKind::Between)?;
    let end = |hit: &Hit| usize::from(hit.at.end);
    let near = spoken.start - 1..=spoken.start + 1;
    let last = roads.iter().filter(|hit| near.contains(&end(hit)));
    let mut best: Option<(f32, Meeting, Meeting)> = None;
    for last in last {
        for pair in pairs(text, roads, None).into_iter().chain(beside(text, roads)) {
            if pair.other.means != last.means || pair.other.at.start != last.at.start {
                continue;
            }
            let before = roads.iter().filter(|hit| {
                hit.at.end <= pair.one.at.start
                    && pair.one.at.start - hit.at.end <= 1
                    && ![pair.one.means, last.means].contains(&hit.means)
            });
            for road in before {
                let at =
                    |other: Hit| told(view, index, Pair { one: *road, other }).into_iter().next();
                let (Some(from), Some(to)) = (at(pair.one), at(*last)) else { continue };
                let cost = from.cost + to.cost;
                if best.is_none_or(|best| cost < best.0) {
                    best = Some((cost, from, to));
                }
            }
        }
    }
    let (cost, from, to) = best?;
    let (point, accuracy_m) = middle((from.point, from.accuracy_m), (to.point, to.accuracy_m));
    let met = Meeting { point, accuracy_m, cost, ..from };
    let mut answer = answer(view, text, Some(spoken), &[met], false);
    let line = named(view, text, Element::Road, &to.pair.other);
    for candidate in &mut answer.candidates {
        candidate.precision = Precision::Relative;
        candidate.matches.push(line.clone());
        candidate.accuracy_m = accuracy_m;
        if let Some(relation) = &mut candidate.relation {
            relation.kind = RelationKind::Between;
        }
    }
    if accuracy_m > HOUSES_ACCURACY_M {
        answer.verdict = Verdict::Doubtful;
    }
    Some(answer)
}

/// Pairs that are joined by 到 or 至.
fn beside(text: &Text, roads: &[Hit]) -> Vec<Pair> {
    let mut all = Vec::new();
    for one in roads {
        for other in roads.iter().filter(|other| one.at.end + 1 == other.at.start) {
            let joint = text.unit(usize::from(one.at.end));
            if matches!(joint, 0x5230 | 0x81f3 | 0x2d) && one.means != other.means {
                all.push(Pair { one: *one, other: *other });
            }
        }
    }
    all
}

/// The middle of a division that stands in the text as it is written.
fn named_division(view: &View<'_>, hits: &[Hit]) -> Option<LatticePoint> {
    let divisions = hits.iter().filter(|hit| hit.level <= Level::Community && hit.at.cost == 0);
    let lowest = divisions.filter(|hit| !hit.shadowed).max_by_key(|hit| hit.level)?;
    let range = view.name_divisions_start.range(lowest.means as usize);
    range.map(|at| view.division_point(view.name_divisions.u32(at))).next()
}

fn answer(
    view: &View<'_>,
    text: &Text,
    spoken: Option<&Spoken>,
    met: &[Meeting],
    placed: bool,
) -> Answer {
    let weight = |m: &Meeting| (-m.cost / 50.0).exp();
    // A division tells crossings of one pair apart.
    let counted = |at: usize| {
        !placed
            || at == 0
            || met[at].pair.one.means != met[0].pair.one.means
            || met[at].pair.other.means != met[0].pair.other.means
    };
    let total: f32 =
        NOTHING + (0..met.len()).filter(|&at| counted(at)).map(|at| weight(&met[at])).sum::<f32>();
    let candidates: Vec<Candidate> = met
        .iter()
        .enumerate()
        .map(|(at, m)| {
            let share = if counted(at) { weight(m) / total } else { 0.0 };
            candidate(view, text, spoken, m, share)
        })
        .collect();
    let first = &candidates[0];
    let exact = met[0].told && met[0].cost <= 25.0;
    let rival = candidates.get(1).is_some_and(|c| c.confidence >= RIVAL * first.confidence);
    let verdict = if exact && first.confidence >= ACCEPT {
        Verdict::Accepted
    } else if rival {
        Verdict::Ambiguous
    } else {
        Verdict::Doubtful
    };
    Answer {
        text: text.to_string(),
        verdict,
        candidates,
        grids: Vec::new(),
        question: None,
        missing: None,
        aliases: Vec::new(),
    }
}

fn candidate(
    view: &View<'_>,
    text: &Text,
    spoken: Option<&Spoken>,
    met: &Meeting,
    confidence: f32,
) -> Candidate {
    let line = |hit: &Hit| named(view, text, Element::Road, hit);
    let matches: Vec<Match> = vec![line(&met.pair.one), line(&met.pair.other)];
    let of = |hit: &Hit| Elements {
        province: view.string(0),
        city: view.string(1),
        road: view.name(hit.means),
        ..Elements::default()
    };
    let step = spoken.and_then(|spoken| spoken.step);
    let point = step.map_or(met.point, |(to, m)| moved(met.point, to.bearing_deg(), m));
    let joint = Spoken {
        start: usize::from(met.pair.one.at.end),
        end: usize::from(met.pair.other.at.start),
        kind: RelationKind::Crossing,
        step,
    };
    let mut relation = spoken.unwrap_or(&joint).relation(text, RelationKind::Crossing);
    relation.other = Some(of(&met.pair.other));
    let fault = Fault { fault: "crossing.unknown".to_owned(), penalty: 1.0 };
    Candidate {
        record: None,
        building: None,
        grid: None,
        precision: if step.is_some() { Precision::Relative } else { Precision::Crossing },
        point,
        accuracy_m: met.accuracy_m + step.map_or(0.0, |(_, metres)| step_accuracy_m(metres)),
        confidence,
        elements: of(&met.pair.one),
        matches,
        faults: if met.told { Vec::new() } else { vec![fault] },
        relation: Some(relation),
        score: -met.cost / 100.0,
    }
}
