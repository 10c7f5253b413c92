//! Shops and offices along streets.

use super::dice::Dice;
use super::forms::Form;
use super::layout::{BuildingKind, Draft};
use super::sites::{Plot, Site};
use super::terrain::Xy;

/// How the streets of a quarter are lined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Front {
    /// Share of a main street's length that is built on; side streets less.
    pub(crate) share: f64,
    /// Fewest and most storeys of an ordinary house.
    pub(crate) storeys: (u32, u32),
    /// Share of office towers on main streets.
    pub(crate) tall: f64,
}

/// Lines the streets of a block with shops and offices. `street` tells for a border segment how busy its street is, 0..1.
pub(crate) fn frontage(
    site: &mut Site,
    street: &dyn Fn(usize) -> f64,
    style: Front,
    dice: &mut Dice,
    built: &mut Vec<Draft>,
) {
    let mut i = 0;
    while i < site.border.len() {
        let busy = street(i);
        let (from, _) = site.segment(i);
        let wish = dice.between(26.0, 72.0);
        let mut j = i;
        let mut length = 0.0;
        while length < wish && j < site.border.len() && site.step[j] == site.step[i] {
            let (a, b) = site.segment(j);
            length += a.distance_m(b);
            j += 1;
        }
        let to = site.segment(j.saturating_sub(1)).1;
        let wanted = dice.chance(style.share * busy) && 12.0 < length;
        let made = wanted && front(site, i, (from, to), (busy, style), dice, built);
        i = if made || !wanted { j.max(i + 1) } else { i + 1 };
    }
}

/// Puts one building behind the chord between two border points.
fn front(
    site: &mut Site,
    i: usize,
    (from, to): (Xy, Xy),
    (busy, style): (f64, Front),
    dice: &mut Dice,
    built: &mut Vec<Draft>,
) -> bool {
    let chord = from.distance_m(to);
    let axis = Xy { x: (to.x - from.x) / chord, y: (to.y - from.y) / chord };
    let tall = 0.7 < busy && dice.chance(style.tall);
    let form = [Form::Bar, Form::Ell, Form::Yu][dice.weighted(&[0.8, 0.14, 0.06])];
    let deep = dice.between(11.0, 16.0) * if form == Form::Bar { 1.0 } else { 1.8 };
    let back = site.keep_off_m(i) + 0.9 + deep / 2.0;
    let middle = Xy { x: f64::midpoint(from.x, to.x), y: f64::midpoint(from.y, to.y) };
    let centre = Xy { x: middle.x - axis.y * back, y: middle.y + axis.x * back };
    let plot = Plot {
        centre,
        axis,
        half_long: (chord - dice.between(3.0, 7.0)) / 2.0,
        half_deep: deep / 2.0,
    };
    if plot.half_long < 5.0 || !site.place(plot, 5.0) {
        return false;
    }
    let kind = if tall { BuildingKind::Office } else { BuildingKind::Shop };
    let storeys =
        if tall { dice.whole(7, 28) } else { dice.whole(style.storeys.0, style.storeys.1) };
    let units = if tall { 1 } else { (plot.half_long / 4.0).max(2.0) as u32 };
    built.push(Draft { plot, form, kind, storeys, units, door: Some(i as u32) });
    true
}
