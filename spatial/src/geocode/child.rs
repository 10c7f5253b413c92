//! Names inside places that stand in the text for certain.

use super::candidate::{Hit, NameScratch, fit, record};
use super::figure::Figure;
use super::letter::Sounds;
use super::level::Level;
use super::shape::Shape;
use super::snapshot::View;
use super::text::{Text, is_han};

/// Sites looked at for the names inside a community.
const MOST_CHILDREN: usize = 160;

/// Names inside the places that stand in the text for certain, where letters of it are still unexplained: of the few
/// roads of a community even a badly written one is found, and of a township where the text names no other.
pub(super) fn children(
    view: &View<'_>,
    text: &Text,
    figures: &[Figure],
    scratch: &mut NameScratch,
) {
    let sure = |hit: &Hit| hit.at.cost <= 20 && hit.level <= Level::Community;
    let mut explained = std::mem::take(&mut scratch.explained);
    explained.clear();
    explained.resize(text.len(), false);
    for hit in scratch.hits.iter().filter(|hit| hit.at.cost <= 40) {
        let range = usize::from(hit.at.start)..usize::from(hit.at.end);
        explained[range].iter_mut().for_each(|at| *at = true);
    }
    let han = |at: &usize| is_han(text.unit(*at)) && !explained[*at];
    let loose = |from: usize| (from..text.len().min(from + 9)).filter(han).count() >= 2;
    let mut parents = [None; 4];
    let hits = scratch.hits.iter().rev();
    let open = hits.filter(|hit| sure(hit) && loose(usize::from(hit.at.end)));
    parents.iter_mut().zip(open).for_each(|(slot, hit)| *slot = Some(*hit));
    let is_site = |hit: &Hit| hit.level >= Level::Road && hit.at.cost <= 40;
    let nameless = !scratch.hits.iter().any(is_site);
    // What the loose letters sound like: a name without any of it is not tried.
    let heard = (0..text.len()).filter(han).fold(0, |bits, at| bits | text.letters[at].sounds);
    scratch.explained = explained;
    let mut tried = std::mem::take(&mut scratch.tried);
    let mut names = std::mem::take(&mut scratch.inside);
    // What was tried under one parent is not tried again under the next.
    tried.begin(view.names());
    for parent in parents.into_iter().flatten() {
        names.clear();
        let mut take = |name: u32| {
            if tried.take(name)
                && scratch.hit_of[name as usize] == 0
                && view.shape(name).is_some_and(|shape| sounds_near(view, name, shape, heard))
            {
                names.push(name);
            }
        };
        for at in view.name_divisions_start.range(parent.means as usize) {
            let division = view.name_divisions.u32(at);
            sites_of(view, division, &mut take);
            if parent.level < Level::Community {
                let parents = view.division_parent.slice32(0..view.divisions());
                for (own, _) in (0..).zip(parents).filter(|&(_, above)| above == division) {
                    take(view.division_name.u32(own as usize));
                    if nameless && parent.level == Level::Township {
                        sites_of(view, own, &mut take);
                    }
                }
            }
        }
        names.sort_unstable();
        for &name in &names {
            // Of two names of one place the first may have been found just now.
            if scratch.hit_of[name as usize] == 0
                && let Some(shape) = view.shape(name)
                && let Some(hit) = fit(view, text, figures, name, shape, scratch)
            {
                record(scratch, hit);
            }
        }
    }
    (scratch.inside, scratch.tried) = (names, tried);
}

/// The roads and compounds of a division's own sites.
fn sites_of(view: &View<'_>, division: u32, take: &mut impl FnMut(u32)) {
    let sites = view.division_sites_start.range(division as usize).take(MOST_CHILDREN);
    for site in sites.map(|at| view.division_sites.u32(at) as usize) {
        take(view.site_road.u32(site));
        take(view.site_compound.u32(site));
    }
}

/// Whether half of a name's core may be among the sounds.
fn sounds_near(view: &View<'_>, name: u32, shape: Shape, heard: u64) -> bool {
    let sounds = Sounds::all();
    let units = view.name_units(name).take(shape.core);
    let near = units.filter(|&unit| sounds.of(unit) & heard != 0).count();
    near * 2 >= shape.core
}
