//! A house number that a road does not have, between those it has.
//!
//! Chinese house numbers ascend along a road, the odd ones on one side and the even ones on the other. An unknown number
//! *n* between the known ones *a* < *n* < *b* of its side lies at `P(a) + (n − a) / (b − a) · (P(b) − P(a))`. How far that
//! may be from the truth nobody has told: the accuracy given is half the distance from *a* to *b*, at least 15 m. Beyond
//! the last number, over more than 60 numbers or over more than 800 m nothing is interpolated.

use super::answer::{Answer, Candidate, Elements, Precision, Verdict};
use super::candidate::Hit;
use super::label::Beside;
use super::level::Level;
use super::snapshot::{NONE, View};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

/// Numbers further apart do not tell where those between them are.
const MOST_NUMBERS: u32 = 60;
const FARTHEST_M: f64 = 800.0;
const LEAST_ACCURACY_M: f64 = 15.0;
/// The other side of the road is this far, in metres.
const ACROSS_M: f64 = 30.0;

/// A place between two known numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Between {
    site: u32,
    point: LatticePoint,
    accuracy_m: f64,
    grid: Option<u32>,
    /// Numbers between the known ones.
    gap: u32,
}

/// Puts the place of a missing number before the road it was missed on. What is missing stays told.
pub(super) fn interpolate(view: &View<'_>, answer: &mut Answer, hits: &[Hit]) {
    let Some(missing) = &answer.missing else { return };
    let Some(first) = answer.candidates.first() else { return };
    let Some(asked) = number(&missing.asked) else { return };
    if first.precision != Precision::Road {
        return;
    }
    let road = hits.iter().filter(|hit| hit.level == Level::Road);
    let Some(road) = road.map(|hit| hit.means).find(|&name| view.name(name) == missing.road) else {
        return;
    };
    let mut found = districts(view, road)
        .into_iter()
        .filter_map(|district| between(view, road, district, asked))
        .collect::<Vec<_>>();
    let named = |between: &Between| {
        let names = view.site_names(between.site);
        hits.iter()
            .filter(|hit| hit.level <= Level::Community && !hit.shadowed)
            .fold(0, |sum, hit| sum + i32::from(names[hit.level.index()] == hit.means))
    };
    found.sort_by_key(|between| (-named(between), between.gap, between.site));
    let Some(best) = found.first().copied() else { return };
    // Of several roads of one name each may be meant.
    let rivals = found.iter().filter(|other| named(other) == named(&best)).count();
    let candidate = candidate(view, &best, first, &missing.asked, rivals);
    answer.candidates.insert(0, candidate);
    if answer.verdict == Verdict::Doubtful && rivals > 1 {
        answer.verdict = Verdict::Ambiguous;
    }
}

fn number(asked: &str) -> Option<u32> {
    let digits: String = asked.chars().take_while(char::is_ascii_digit).collect();
    let rest = asked.get(digits.len()..)?;
    digits.parse().ok().filter(|&digits| digits > 0 && rest == "号")
}

/// The districts a road has houses in.
fn districts(view: &View<'_>, road: u32) -> Vec<u32> {
    let range = view.name_sites_start.range(road as usize);
    let mut all: Vec<u32> = range.map(|at| view.site_names(view.name_sites.u32(at))[0]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The plain numbers of a road in a district, each with a site that has it.
fn numbers(view: &View<'_>, road: u32, district: u32) -> Vec<(u32, u32)> {
    let range = view.name_sites_start.range(road as usize);
    let sites = range.map(|at| view.name_sites.u32(at));
    let own = sites.filter(|&site| view.site_names(site)[0] == district);
    let numbered = own.filter_map(|site| {
        let label = view.site_label(site);
        let plain = matches!(label.beside(), Beside::Nothing | Beside::UpTo(_));
        (plain && label.digits() > 0).then(|| (label.digits(), site))
    });
    numbered.collect()
}

fn between(view: &View<'_>, road: u32, district: u32, asked: u32) -> Option<Between> {
    let all = numbers(view, road, district);
    let same_side: Vec<(u32, u32)> =
        all.iter().copied().filter(|(number, _)| number % 2 == asked % 2).collect();
    neighbours(view, &same_side, asked, 0.0).or_else(|| neighbours(view, &all, asked, ACROSS_M))
}

/// Between the nearest below and above among numbers in order.
fn neighbours(
    view: &View<'_>,
    numbers: &[(u32, u32)],
    asked: u32,
    aside_m: f64,
) -> Option<Between> {
    let above = numbers.partition_point(|(number, _)| *number < asked);
    let (low, high) = (numbers.get(above.checked_sub(1)?)?, numbers.get(above)?);
    if high.0 == asked || high.0 - low.0 > MOST_NUMBERS {
        return None;
    }
    let (from, to) = (view.site_point(low.1), view.site_point(high.1));
    let apart_m = distance_m(from.lng_lat(), to.lng_lat());
    if apart_m > FARTHEST_M {
        return None;
    }
    let share = f64::from(asked - low.0) / f64::from(high.0 - low.0);
    let grids = [low.1, high.1].map(|site| grid(view, site));
    Some(Between {
        site: if share < 0.5 { low.1 } else { high.1 },
        point: on_the_way(from, to, share),
        accuracy_m: (apart_m / 2.0).max(LEAST_ACCURACY_M) + aside_m,
        grid: grids[0].filter(|_| grids[0] == grids[1]),
        gap: high.0 - low.0,
    })
}

/// The point some share of the way from one to another.
pub(super) fn on_the_way(from: LatticePoint, to: LatticePoint, share: f64) -> LatticePoint {
    let part = |from: i32, to: i32| {
        (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as i32
    };
    LatticePoint::new(part(from.x, to.x), part(from.y, to.y))
}

/// The grid of a site that lies in one.
fn grid(view: &View<'_>, site: u32) -> Option<u32> {
    let mut grids = view.site_buildings.range(site as usize).map(|at| view.building_grid.u32(at));
    let first = grids.next().filter(|&grid| grid != NONE)?;
    grids.all(|grid| grid == first).then_some(first)
}

fn candidate(
    view: &View<'_>,
    between: &Between,
    road: &Candidate,
    asked: &str,
    rivals: usize,
) -> Candidate {
    let [district, township, community, name, _] =
        view.site_names(between.site).map(|name| view.name(name));
    // Which community a number between two belongs to is not known where the two differ: that of the nearer is told.
    let elements = Elements {
        province: view.string(0),
        city: view.string(1),
        district,
        township,
        community,
        road: name,
        number: asked.to_owned(),
        ..Elements::default()
    };
    Candidate {
        record: None,
        building: None,
        grid: between.grid,
        precision: Precision::Interpolated,
        point: between.point,
        accuracy_m: between.accuracy_m,
        confidence: road.confidence / rivals.max(1) as f32,
        elements,
        matches: road.matches.clone(),
        faults: road.faults.clone(),
        relation: None,
        score: road.score,
    }
}

#[cfg(test)]
#[path = "interpolate_tests.rs"]
mod tests;
