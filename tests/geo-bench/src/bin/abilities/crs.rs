//! Reports with a text and a point in the wrong system.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial::crs::Crs;
use spatial::geocode::{
    Answer, AskScratch, CrsWitness, Overlay, Query, Snapshot, Verdict, check_point, moved,
};

use crate::gazetteer::{Gazetteer, Kind};

const SYSTEMS: [Crs; 3] = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09];
/// Reports of one client.
const REPORTS: usize = 30;
/// Texts are placed this well before a witness hears of them, in metres.
const PLACED_M: f64 = 30.0;

/// Answers to texts that are placed well.
fn answers(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    count: usize,
    rng: &mut ChaCha8Rng,
) -> Vec<Answer> {
    let mut scratch = AskScratch::default();
    let mut answers = Vec::new();
    while answers.len() < count {
        let Some(site) = gazetteer.sites.choose(rng) else { break };
        if site.kind != Kind::Compound {
            continue;
        }
        let doors: Vec<_> = site.doors().collect();
        let Some(door) = doors.choose(rng) else { continue };
        let district = &gazetteer.communities[site.community][0];
        let text = format!(
            "{district}{}{}号楼{}单元{}室",
            site.compound, door.building, door.unit, door.room
        );
        let answer = snapshot.ask(&Overlay::default(), &Query::text(&text), &mut scratch);
        let placed = answer.candidates.first().is_some_and(|first| first.accuracy_m <= PLACED_M);
        if answer.verdict == Verdict::Accepted && placed {
            answers.push(answer);
        }
    }
    answers
}

pub fn run(snapshot: &Snapshot<Vec<u8>>, gazetteer: &Gazetteer, count: usize, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed * 1000 + 99);
    let answers = answers(snapshot, gazetteer, count, &mut rng);
    let (mut right, mut named, mut wrong_pairs, mut accused, mut true_pairs) = (0, 0, 0, 0, 0);
    let (mut clients, mut found_out, mut misnamed, mut honest, mut blamed) = (0, 0, 0, 0, 0);
    for sent in SYSTEMS {
        for declared in SYSTEMS {
            for reports in answers.chunks(REPORTS) {
                let mut witness = CrsWitness::new(declared);
                for answer in reports {
                    let truth = answer.candidates[0].point;
                    let off = rng.random_range(0.0..25.0f64);
                    let place = moved(truth, rng.random_range(0.0..360.0), off).lng_lat();
                    let Ok((x, y)) = sent.from_wgs84(place) else { continue };
                    let Ok(Some(check)) = check_point(answer, x, y, declared) else { continue };
                    if sent == declared {
                        true_pairs += 1;
                        accused += usize::from(check.likely.is_some() || !check.agrees);
                    } else {
                        wrong_pairs += 1;
                        right += usize::from(!check.agrees);
                        named += usize::from(check.likely == Some(sent));
                    }
                    witness.report(x, y, truth.lng_lat());
                }
                let suspicion = witness.suspicion().map(|suspicion| suspicion.likely);
                if reports.len() == REPORTS && sent == declared {
                    honest += 1;
                    blamed += usize::from(suspicion.is_some());
                } else if reports.len() == REPORTS {
                    clients += 1;
                    found_out += usize::from(suspicion == Some(sent));
                    misnamed += usize::from(suspicion.is_some_and(|likely| likely != sent));
                }
            }
        }
    }
    println!(
        "crs, one report: of {wrong_pairs} in the wrong system {right} conflict and {named} name it; of {true_pairs} in the declared one {accused} are accused"
    );
    println!(
        "crs, clients of {REPORTS} reports: of {clients} in the wrong system {found_out} found out, {misnamed} misnamed; of {honest} in the declared one {blamed} blamed"
    );
}
