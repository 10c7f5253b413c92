//! Right or wrong, by profile; how well the confidence tells.

use rayon::prelude::*;
use spatial::geocode::{Answer, Precision, Scratch, Snapshot, Verdict, Weights};

use crate::fit;
use crate::gazetteer::Gazetteer;
use crate::judge::{Agreement, agrees};
use crate::profile::{Profile, Query};

/// An answer beside its query.
pub struct Outcome<'a> {
    pub query: &'a Query,
    pub answer: Answer,
    pub agreement: Agreement,
    pub in_first_five: bool,
    pub grid: bool,
}

pub fn run<'a>(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    queries: &'a [Query],
    weights: &Weights,
) -> Vec<Outcome<'a>> {
    let one = |scratch: &mut Scratch, query: &'a Query| {
        let answer = snapshot.geocode_with(&query.text, 5, weights, scratch);
        let judge = |truth| {
            let all: Vec<Agreement> =
                answer.candidates.iter().map(|c| agrees(gazetteer, truth, &c.elements)).collect();
            (all.first().copied().unwrap_or_default(), all.iter().any(|a| a.room))
        };
        let (agreement, in_first_five) = query.truth.as_ref().map_or_else(Default::default, judge);
        let grid = query.truth.as_ref().is_some_and(|truth| {
            answer.grids.first().is_some_and(|first| first.grid == truth.0.grid)
        });
        Outcome { query, answer, agreement, in_first_five, grid }
    };
    queries.par_iter().map_init(Scratch::default, one).collect()
}

fn is_right(outcome: &Outcome<'_>) -> bool {
    !outcome.query.profile.is_negative() && outcome.agreement.room
}

fn confidence(outcome: &Outcome<'_>) -> f32 {
    let site = |p: Precision| p <= Precision::Site;
    outcome.answer.candidates.first().filter(|c| site(c.precision)).map_or(0.0, |c| c.confidence)
}

/// Fits the calibration and the threshold of acceptance on the tuning half.
pub fn calibrate(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    queries: &[Query],
    weights: &mut Weights,
) {
    weights.calibration.clear();
    weights.accept = 0.0;
    let outcomes = run(snapshot, gazetteer, queries, weights);
    let seen =
        outcomes.iter().filter(|o| confidence(o) > 0.0).map(|o| (confidence(o), is_right(o)));
    weights.calibration = fit::calibrate(seen.collect());
    let outcomes = run(snapshot, gazetteer, queries, weights);
    // The lowest threshold at which what is accepted of each hard profile is right often enough.
    let mut accept: f32 = 0.999;
    for step in (500..1000).rev() {
        let threshold = step as f32 / 1000.0;
        let least = [(Profile::Mix, 0.997), (Profile::Short, 0.99), (Profile::Talk, 0.985)];
        let fine = least.into_iter().all(|(profile, least)| {
            let (accepted, right) = accepted(&outcomes, profile, threshold);
            accepted == 0 || right as f64 / accepted as f64 >= least
        });
        // Of each set of negatives by itself: talk without an address is easy and must not hide the other.
        let quiet = [Profile::Withheld, Profile::Elsewhere].into_iter().all(|profile| {
            let asked = outcomes.iter().filter(|o| o.query.profile == profile).count();
            accepted(&outcomes, profile, threshold).0 as f64 <= 0.0035 * asked as f64
        });
        if !fine || !quiet {
            break;
        }
        accept = threshold;
    }
    weights.accept = accept;
}

fn accepted(outcomes: &[Outcome<'_>], profile: Profile, threshold: f32) -> (usize, usize) {
    let whole = |o: &&Outcome<'_>| {
        o.query.profile == profile
            && o.answer.verdict == Verdict::Accepted
            && confidence(o) >= threshold
    };
    let all: Vec<_> = outcomes.iter().filter(whole).collect();
    // What nobody can know is never rightly accepted.
    (all.len(), all.iter().filter(|o| is_right(o) && !o.query.ambiguous).count())
}

#[allow(clippy::print_stdout, reason = "figures are what it is for")]
pub fn print(outcomes: &[Outcome<'_>], weights: &Weights) {
    println!(
        "profile     room  build   site   grid  top-5 | of all | accepted  right of them | open, flagged"
    );
    for profile in Profile::ALL {
        let of: Vec<&Outcome<'_>> =
            outcomes.iter().filter(|o| o.query.profile == profile).collect();
        let clear: Vec<&&Outcome<'_>> = of.iter().filter(|o| !o.query.ambiguous).collect();
        let share = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
        let part = |test: &dyn Fn(&Outcome<'_>) -> bool| {
            share(clear.iter().filter(|o| test(o)).count(), clear.len())
        };
        let (taken, right) = accepted(outcomes, profile, weights.accept);
        let ambiguous: Vec<_> = of.iter().filter(|o| o.query.ambiguous).collect();
        let flagged = ambiguous.iter().filter(|o| o.answer.verdict != Verdict::Accepted).count();
        println!(
            "{:<10} {:5.1}  {:5.1}  {:5.1}  {:5.1}  {:5.1} |  {:5.1} |   {:5.1}       {:6.2}      | {} of {}",
            profile.name(),
            part(&|o| o.agreement.room),
            part(&|o| o.agreement.building),
            part(&|o| o.agreement.site),
            part(&|o| o.grid),
            part(&|o| o.in_first_five),
            share(of.iter().filter(|o| o.agreement.room).count(), of.len()),
            share(taken, of.len()),
            share(right, taken),
            flagged,
            ambiguous.len()
        );
    }
    println!("calibration error (10 bins): {:.4}", calibration_error(outcomes));
}

fn calibration_error(outcomes: &[Outcome<'_>]) -> f64 {
    let mut bins = [(0.0f64, 0.0f64, 0.0f64); 10];
    for outcome in outcomes {
        let chance = f64::from(confidence(outcome));
        if chance > 0.0 {
            let bin = &mut bins[((chance * 10.0) as usize).min(9)];
            bin.0 += chance;
            bin.1 += f64::from(u8::from(is_right(outcome)));
            bin.2 += 1.0;
        }
    }
    let total: f64 = bins.iter().map(|b| b.2).sum();
    bins.iter().filter(|b| b.2 > 0.0).map(|b| (b.0 / b.2 - b.1 / b.2).abs() * b.2 / total).sum()
}

#[allow(clippy::print_stdout, reason = "errors are what it is for")]
pub fn print_errors(outcomes: &[Outcome<'_>], most: usize) {
    for profile in Profile::ALL {
        let mut wrong: Vec<&Outcome<'_>> = outcomes
            .iter()
            .filter(|o| o.query.profile == profile && (o.query.ambiguous || !is_right(o)))
            .filter(|o| {
                o.answer.verdict == Verdict::Accepted
                    || (!profile.is_negative() && !o.query.ambiguous)
            })
            .collect();
        wrong.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
        for outcome in wrong.into_iter().take(most) {
            let first = outcome.answer.candidates.first();
            let open = if outcome.query.ambiguous { " (open)" } else { "" };
            let (name, text) = (profile.name(), &outcome.query.text);
            println!("[{name}{open}] {text} {:?}", outcome.answer.verdict);
            if let Some((site, door, _)) = &outcome.query.truth {
                println!("    is   {} {} {} {door:?}", site.road, site.number, site.compound);
            }
            for c in outcome.answer.candidates.iter().take(2) {
                let faults: Vec<String> =
                    c.faults.iter().map(|f| format!("{} {:.1}", f.fault, f.penalty)).collect();
                println!(
                    "    said {} {:.3} ({:.1}) {}",
                    c.elements.label(),
                    c.confidence,
                    c.score,
                    faults.join(", ")
                );
            }
            if first.is_none() {
                println!("    said nothing");
            }
        }
    }
}
