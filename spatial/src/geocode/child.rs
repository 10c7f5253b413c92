//! Names inside places that stand in the text for certain.

use super::candidate::{Hit, NameScratch, fit, record};
use super::figure::Figure;
use super::letter::Letter;
use super::level::Level;
use super::shape::Shape;
use super::snapshot::{NONE, View};
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
    let heard = (0..text.len()).filter(han).fold(0, |bits, at| bits | text.letters[at].sounds());
    scratch.explained = explained;
    for parent in parents.into_iter().flatten() {
        let mut names = std::mem::take(&mut scratch.inside);
        names.clear();
        for at in view.name_divisions_start.range(parent.means as usize) {
            let division = view.name_divisions.u32(at);
            sites_of(view, division, &mut names);
            if parent.level < Level::Community {
                let all = 0..view.divisions() as u32;
                for own in all.filter(|&d| view.division_parent.u32(d as usize) == division) {
                    names.push(view.division_name.u32(own as usize));
                    if nameless && parent.level == Level::Township {
                        sites_of(view, own, &mut names);
                    }
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        for &name in names.iter().filter(|&&name| name != NONE) {
            if scratch.hit_of[name as usize] == 0
                && let Some(shape) = view.shape(name)
                && sounds_near(view, name, shape, heard)
                && let Some(hit) = fit(view, text, figures, name, shape, scratch)
            {
                record(scratch, hit);
            }
        }
        scratch.inside = names;
    }
}

/// The roads and compounds of a division's own sites.
fn sites_of(view: &View<'_>, division: u32, names: &mut Vec<u32>) {
    let sites = view.division_sites_start.range(division as usize).take(MOST_CHILDREN);
    for site in sites.map(|at| view.division_sites.u32(at) as usize) {
        names.extend([view.site_road.u32(site), view.site_compound.u32(site)]);
    }
}

/// Whether half of a name's core may be among the sounds.
fn sounds_near(view: &View<'_>, name: u32, shape: Shape, heard: u64) -> bool {
    let units = view.name_units(name).take(shape.core);
    let near = units.filter(|&unit| Letter::sounds_of(unit) & heard != 0).count();
    near * 2 >= shape.core
}
