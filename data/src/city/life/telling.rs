//! An address in the words of whoever tells it, with the slips people make; what was done to it is written down beside
//! it, so that a geocoder can be measured against the truth.

use super::homophones::misheard;
pub use super::manner::{Manner, PATROL, SPOKEN, TYPED};
use super::numerals;
pub use super::slip::{Slip, Slips};
use crate::city::AddressText;
use crate::city::dice::Dice;

const DISTRICTS: [&str; 8] =
    ["城关区", "七里河区", "西固区", "安宁区", "红古区", "永登县", "皋兰县", "榆中县"];
/// Endings that are dropped in speech; the longest first.
const ENDINGS: [&str; 13] = [
    "家属院",
    "家园",
    "花园",
    "佳苑",
    "小区",
    "嘉园",
    "名邸",
    "华府",
    "公馆",
    "雅居",
    "庭院",
    "丽都",
    "国际",
];
const BESIDE: &[&str] = &[
    "门口",
    "附近",
    "对面",
    "旁边",
    "斜对面",
    "路口",
    "后面",
    "往东50米",
    "大门西侧",
    "公交站旁",
    "拐角处",
];
const LEAD: &[&str] = &["就在", "在", "地址是", "位置:", "我们这个", "就是那个", "麻烦记一下,"];
const TAIL: &[&str] =
    &["这边", "那一块", "这里", "进大门左手边", "靠马路这边", "最里面那栋", "一楼那家"];

/// An address as somebody tells it, element by element; elements that are not said are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    elements: [String; 10],
    beside: &'static str,
    lead: &'static str,
    tail: &'static str,
    spaced: u8,
    /// What was done to it.
    pub slips: Slips,
}

const PREFIX: usize = 0;
const DISTRICT: usize = 1;
// The township's place is 2: it is only ever left out, between these two.
const COMMUNITY: usize = 3;
const ROAD: usize = 4;
const HOUSE: usize = 5;
const COMPOUND: usize = 6;
const BUILDING: usize = 7;
const UNIT: usize = 8;
const ROOM: usize = 9;

impl Told {
    /// The telling `number` of an address in a series that `seed` names: what a geocoder can be measured with.
    pub fn drawn(
        text: &AddressText,
        manner: &Manner,
        outside: bool,
        (seed, number): (u64, u64),
    ) -> Self {
        Self::of(text, manner, outside, &mut Dice::new(seed, "telling", number))
    }

    /// The address as `manner` has it; outside nobody names a room.
    pub(crate) fn of(text: &AddressText, manner: &Manner, outside: bool, dice: &mut Dice) -> Self {
        let mut told = Self::in_full(text);
        told.leave_out(manner, outside, dice);
        told.slip(manner, outside, dice);
        told
    }

    /// The full form.
    pub fn in_full(text: &AddressText) -> Self {
        let mut elements: [String; 10] = Default::default();
        "甘肃省兰州市".clone_into(&mut elements[PREFIX]);
        for (element, said) in elements[DISTRICT..].iter_mut().zip(text.elements()) {
            said.clone_into(element);
        }
        Self { elements, ..Self::default() }
    }

    fn leave_out(&mut self, manner: &Manner, outside: bool, dice: &mut Dice) {
        let village = self.elements[ROAD].is_empty() && self.elements[COMPOUND].is_empty();
        let said =
            [manner.district, manner.township, if village { 0.95 } else { manner.community }];
        for (at, said) in (DISTRICT..).zip(said) {
            if !dice.chance(said) {
                self.drop(at, Slip::MissingLevel);
            }
        }
        self.elements[PREFIX] = match (dice.chance(manner.prefix), dice.chance(0.3)) {
            (false, _) => String::new(),
            (true, false) => "兰州市".to_owned(),
            (true, true) => "甘肃省兰州市".to_owned(),
        };
        let named = !self.elements[COMPOUND].is_empty();
        if named && !dice.chance(manner.street) {
            self.drop(ROAD, Slip::MissingLevel);
            self.drop(HOUSE, Slip::MissingNumber);
        }
        if outside {
            self.drop(ROOM, Slip::MissingNumber);
            self.drop(UNIT, Slip::MissingNumber);
            if named && dice.chance(0.65) {
                self.drop(BUILDING, Slip::MissingNumber);
            }
        } else if !dice.chance(manner.room) {
            self.drop(ROOM, Slip::MissingNumber);
            if dice.chance(0.4) {
                self.drop(UNIT, Slip::MissingNumber);
            }
        }
    }

    fn drop(&mut self, at: usize, slip: Slip) {
        if !self.elements[at].is_empty() {
            self.elements[at].clear();
            self.slips.add(slip);
        }
    }

    /// The name that a listener could mishear: the compound's, else the street's, else the village's.
    fn name(&self) -> Option<usize> {
        [COMPOUND, ROAD, COMMUNITY].into_iter().find(|at| !self.elements[*at].is_empty())
    }

    fn slip(&mut self, manner: &Manner, outside: bool, dice: &mut Dice) {
        // Every chance is taken in the same order whether the slip is possible or not: rates do not depend on each other.
        if dice.chance(manner.short_name)
            && let Some(short) = shortened(&self.elements[COMPOUND])
        {
            self.set(COMPOUND, short, Slip::ShortName);
        }
        if dice.chance(manner.homophone)
            && let Some(at) = self.name()
            && let Some(heard) = misheard(&self.elements[at], dice)
        {
            self.set(at, heard, Slip::Homophone);
        }
        if dice.chance(manner.wrong_number) {
            self.wrong_number(dice);
        }
        if dice.chance(manner.number_form) {
            self.number_form(dice);
        }
        if dice.chance(manner.wrong_district) && !self.elements[DISTRICT].is_empty() {
            let own = self.elements[DISTRICT].clone();
            let others: Vec<&str> = DISTRICTS.into_iter().filter(|d| *d != own).collect();
            self.set(DISTRICT, dice.pick(&others).to_owned(), Slip::WrongDistrict);
        }
        if dice.chance(if outside { manner.landmark } else { manner.landmark / 10.0 }) {
            self.beside = dice.pick(BESIDE);
            self.slips.add(Slip::Landmark);
        }
        if dice.chance(manner.chatter) {
            match dice.below(3) {
                0 => self.lead = dice.pick(LEAD),
                1 => self.tail = dice.pick(TAIL),
                _ => (self.lead, self.tail) = (dice.pick(LEAD), dice.pick(TAIL)),
            }
            self.slips.add(Slip::Chatter);
        }
        if dice.chance(manner.spacing) {
            self.spaced = 1 + dice.below(2) as u8;
            self.slips.add(Slip::Spacing);
        }
    }

    fn set(&mut self, at: usize, text: String, slip: Slip) {
        self.elements[at] = text;
        self.slips.add(slip);
    }

    /// The neighbour's house, else the next building, if a number is said at all.
    fn wrong_number(&mut self, dice: &mut Dice) {
        let (at, steps): (usize, &[i64]) = if self.elements[HOUSE].is_empty() {
            (BUILDING, &[-1, 1, 2])
        } else {
            (HOUSE, &[-4, -2, 2, 4, 10])
        };
        if let Some(off) = numerals::wrong(&self.elements[at], steps, dice) {
            self.set(at, off, Slip::WrongNumber);
        }
    }

    fn number_form(&mut self, dice: &mut Dice) {
        type Form = fn(&str, &mut Dice) -> String;
        let mut changed = false;
        let forms: [(usize, Form); 4] = [
            (BUILDING, numerals::building),
            (UNIT, numerals::unit),
            (ROOM, numerals::room),
            (HOUSE, numerals::house),
        ];
        for (at, form) in forms {
            // Who writes 3# writes the rest so too, mostly; a house number is changed only where it stands alone.
            let alone = at != HOUSE || self.elements[BUILDING].is_empty();
            if !self.elements[at].is_empty() && alone && (!changed || dice.chance(0.6)) {
                let form = form(&self.elements[at], dice);
                changed |= form != self.elements[at];
                self.elements[at] = form;
            }
        }
        if self.elements[ROOM].is_empty() {
            // `2-` waits for a room.
            let unit = self.elements[UNIT].replace('-', "单元");
            self.elements[UNIT] = unit;
        }
        if changed {
            self.slips.add(Slip::NumberForm);
        }
    }

    /// Everything that is said, in order.
    pub fn address(&self) -> String {
        let mut parts: Vec<&str> = vec![self.lead];
        parts.extend(self.elements.iter().map(String::as_str));
        parts.extend([self.beside, self.tail]);
        parts.retain(|part| !part.is_empty());
        match self.spaced {
            1 => parts.join(" "),
            2 => parts.concat().chars().map(full_width).collect(),
            _ => parts.concat(),
        }
    }

    /// The place as it is said within a sentence: what is nearest, without the levels above.
    pub(crate) fn place(&self, dice: &mut Dice) -> String {
        let e = &self.elements;
        let own = if e[COMPOUND].is_empty() { ROAD } else { COMPOUND };
        let mut parts: Vec<&str> = Vec::new();
        if !e[COMMUNITY].is_empty() && (dice.chance(0.25) || e[own].is_empty()) {
            parts.push(&e[COMMUNITY]);
        }
        let from =
            if own == COMPOUND && !e[ROAD].is_empty() && dice.chance(0.3) { ROAD } else { own };
        // A flat's number belongs into the address, not into what everyone may read.
        parts.extend(e[from..=UNIT].iter().map(String::as_str));
        parts.push(self.beside);
        // A form such as `2-` waits for the room that is not said here.
        parts.concat().replace('-', "单元")
    }
}

/// A name without its ending, if it has one and something remains.
fn shortened(name: &str) -> Option<String> {
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    (2 <= stem.chars().count()).then(|| stem.to_owned())
}

/// Whether a name can be shortened.
pub fn can_be_shortened(name: &str) -> bool {
    shortened(name).is_some()
}

fn full_width(c: char) -> char {
    if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c) } else { c }
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
