//! An address split into its elements without a gazetteer: what a text from anywhere seems to say.
//!
//! The search does not need it; it is for what the gazetteer does not have, for filling the columns of a form, and for
//! saying in which part of a text nothing was found. Names are cut at the words that end them, numbers are told apart by
//! the words behind them and by their order.

use std::ops::Range;

use super::figure::{Counts, Figure, figures};
use super::parse_words::{
    CITIES, ENDS, MUNICIPALITIES, NOT_BEFORE, NOT_BEHIND, PARTS, PROVINCES, RELATIONS, REMARKS,
};
use super::piece::{Parsed, Piece};
use super::text::{DASH, Text, is_gap, is_han};

/// Splits a text.
///
/// # Example
/// ```
/// use spatial::geocode::{Piece, parse};
/// let parts = parse("甘肃省兰州市城关区庆阳路123号锦绣家园3号楼2单元501室");
/// let pieces: Vec<Piece> = parts.iter().map(|part| part.piece).collect();
/// use Piece::*;
/// assert_eq!(pieces, [Province, City, District, Road, Number, Poi, Building, Unit, Room]);
/// assert_eq!(parts[5].text, "锦绣家园");
/// ```
pub fn parse(text: &str) -> Vec<Parsed> {
    let text = Text::new(text);
    let mut all = Vec::new();
    figures(&text, &mut all);
    let mut parser = Parser { text: &text, figures: &all, parts: Vec::new() };
    parser.run();
    parser.parts.sort_by_key(|part| part.1.start);
    let parsed = |(piece, units): (Piece, Range<usize>)| Parsed {
        piece,
        bytes: text.origin(units.clone()),
        text: text.part(units),
    };
    parser.parts.into_iter().map(parsed).collect()
}

struct Parser<'a> {
    text: &'a Text,
    figures: &'a [Figure],
    parts: Vec<(Piece, Range<usize>)>,
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let unit = self.text.unit(at);
            if let Some(figure) = self.figures.iter().find(|f| f.start == at && self.counts(f)) {
                self.number(figure);
                at = figure.end;
            } else if unit == DASH {
                self.parts.push((Piece::Rest, at..at + 1));
                at += 1;
            } else if is_gap(unit) {
                at += 1;
            } else {
                let end = self.name_end(at);
                self.name(at, end);
                at = end;
            }
        }
    }

    fn has(&self, piece: Piece) -> bool {
        self.parts.iter().any(|part| part.0 == piece)
    }

    /// Whether a figure is a number of its own: not 三里店, not 3号路, and not within a name.
    fn counts(&self, figure: &Figure) -> bool {
        let next = self.text.unit(figure.end);
        let road =
            matches!(next, 0x8def | 0x8857 | 0x5df7 | 0x6865) && figure.counts == Counts::Door;
        let bare = figure.counts == Counts::Nothing && figure.spelled;
        !road && !bare && !matches!(figure.counts, Counts::Other | Counts::Part | Counts::Metres)
    }

    /// Where the run of letters from `from` ends: at a separator, a dash or a number.
    fn name_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.text.len() {
            let unit = self.text.unit(at);
            let number = at > from && self.figures.iter().any(|f| f.start == at && self.counts(f));
            if is_gap(unit) || unit == DASH || number {
                break;
            }
            at += 1;
        }
        at.max(from + 1)
    }

    fn number(&mut self, figure: &Figure) {
        let range = figure.start..figure.end;
        // 64-66号 is one door.
        if let Some((Piece::Number, first)) = self.parts.iter().rev().nth(1).cloned()
            && !figure.merged.is_none()
            && first.end + 1 == range.start
        {
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push((Piece::Number, first.start..range.end));
            return;
        }
        let last = self.parts.iter().rev().find(|part| part.0 != Piece::Rest).map(|part| part.0);
        let dashed =
            figure.dashed || (figure.start > 0 && self.text.unit(figure.start - 1) == DASH);
        let inside = self.has(Piece::Building) || self.has(Piece::Unit) || self.has(Piece::Storey);
        let piece = match figure.counts {
            Counts::Group => Piece::Road,
            Counts::Building => Piece::Building,
            Counts::Unit => Piece::Unit,
            Counts::House if self.block(figure) => Piece::Building,
            Counts::Storey | Counts::House => Piece::Storey,
            Counts::Room => Piece::Room,
            Counts::Lane if last == Some(Piece::Road) => Piece::Number,
            Counts::Lane => Piece::Branch,
            Counts::Door | Counts::Yard => match last {
                Some(Piece::Road) => Piece::Number,
                Some(Piece::Branch) => Piece::BranchNumber,
                Some(Piece::Building | Piece::Unit | Piece::Storey) => Piece::Room,
                Some(Piece::Number | Piece::Poi | Piece::Part) => Piece::Building,
                _ if inside => Piece::Room,
                _ => Piece::Number,
            },
            _ => match last {
                Some(Piece::Road) => Piece::Number,
                Some(Piece::Branch) => Piece::BranchNumber,
                Some(Piece::Building) if dashed && self.follows_dash(figure) => Piece::Unit,
                Some(Piece::Building | Piece::Unit | Piece::Storey) => Piece::Room,
                Some(Piece::Number) if dashed && !self.has(Piece::Poi) => Piece::Building,
                Some(Piece::Poi | Piece::Part)
                    if figure.label.digits() >= 100 && !self.follows_dash(figure) =>
                {
                    Piece::Room
                }
                _ => Piece::Building,
            },
        };
        self.parts.push((piece, range));
    }

    /// Whether a unit or a room follows: 5楼3单元 is a building.
    fn block(&self, figure: &Figure) -> bool {
        let next = self.figures.iter().find(|f| f.start >= figure.end);
        next.is_some_and(|next| next.start <= figure.end + 1 && next.counts == Counts::Unit)
    }

    fn follows_dash(&self, figure: &Figure) -> bool {
        self.text.unit(figure.end) == DASH && self.figures.iter().any(|f| f.start == figure.end + 1)
    }

    /// Cuts a run of letters into names.
    fn name(&mut self, from: usize, end: usize) {
        let mut start = from;
        let mut at = from;
        while at < end {
            if let Some(length) = self.word(REMARKS, at, end) {
                self.rest_of_name(start, at);
                self.parts.push((Piece::Rest, at..at + length));
                (start, at) = (at + length, at + length);
                continue;
            }
            if at == start {
                if let Some(length) = self.bare_region(at, end) {
                    at += length;
                    start = at;
                    continue;
                }
                if let Some(length) = self.word(PARTS, at, end).filter(|_| self.has(Piece::Poi)) {
                    self.parts.push((Piece::Part, at..at + length));
                    (start, at) = (at + length, at + length);
                    continue;
                }
            }
            if let Some(length) =
                self.word(RELATIONS, at, end).filter(|&l| self.relates(start, at, l, end))
            {
                self.rest_of_name(start, at);
                self.parts.push((Piece::Relation, at..at + length));
                (start, at) = (at + length, at + length);
                continue;
            }
            match self.cut(start, at, end) {
                Some((piece, stop)) => {
                    self.push(piece, start..stop);
                    (start, at) = (stop, stop);
                }
                None => at += 1,
            }
        }
        self.rest_of_name(start, end);
    }

    /// Short words of relation count only behind a name and where nothing of a name follows.
    fn relates(&self, start: usize, at: usize, length: usize, end: usize) -> bool {
        length > 1
            || (at == start
                && !self.parts.is_empty()
                && (at + 1 == end || self.text.unit(at) == 0x4e0e))
    }

    fn word(&self, list: &str, at: usize, end: usize) -> Option<usize> {
        let fits = |word: &&str| {
            let units: Vec<u16> = word.encode_utf16().collect();
            at + units.len() <= end && self.text.has(at, &units)
        };
        list.split_whitespace().find(fits).map(|word| word.encode_utf16().count())
    }

    /// 浙江 and 杭州 without 省 and 市; 内蒙古自治区 whole; 中国 before them.
    fn bare_region(&mut self, at: usize, end: usize) -> Option<usize> {
        if self.parts.iter().any(|part| part.0 >= Piece::Zone && part.0 < Piece::Relation) {
            return None;
        }
        if at == 0 && self.word("中国", at, end).is_some() && self.region(2, end).is_some() {
            self.parts.push((Piece::Rest, 0..2));
            return Some(2);
        }
        let (length, city) = self.region(at, end)?;
        let whole: Vec<u16> = "自治区".encode_utf16().collect();
        if !city
            && let Some(tail) = (length..length + 5).find(|tail| self.text.has(at + tail, &whole))
        {
            self.push(Piece::Province, at..at + tail + whole.len());
            return Some(tail + whole.len());
        }
        // 浙江省, 杭州市 are cut at their ends; 北京路 and 上海大厦 are other names.
        let named = matches!(
            self.text.unit(at + length),
            0x7701
                | 0x5e02
                | 0x8def
                | 0x8857
                | 0x5927
                | 0x4e1c
                | 0x897f
                | 0x4e2d
                | 0x5dde
                | 0x533a
                | 0x53bf
        );
        if named || (city && !self.has(Piece::Province) && at > 0) {
            return None;
        }
        let piece = if city { Piece::City } else { Piece::Province };
        self.push(piece, at..at + length);
        Some(length)
    }

    /// Length of the province's or city's name that stands at `at`, and whether it is a city.
    fn region(&self, at: usize, end: usize) -> Option<(usize, bool)> {
        let province = self.word(PROVINCES, at, end).filter(|_| !self.has(Piece::Province));
        let municipal = || self.word(MUNICIPALITIES, at, end);
        let city = || self.word(CITIES, at, end).or_else(municipal);
        province.map(|length| (length, false)).or_else(|| city().map(|length| (length, true)))
    }

    /// The name that ends with a word at `at`.
    fn cut(&self, start: usize, at: usize, end: usize) -> Option<(Piece, usize)> {
        for (word, piece) in ENDS {
            let units: Vec<u16> = word.encode_utf16().collect();
            let stop = at + units.len();
            if stop > end || !self.text.has(at, &units) || !self.stands(word, at, stop, end) {
                continue;
            }
            let head = at - start;
            let least = match piece {
                Piece::Poi | Piece::Zone => 0,
                Piece::Road | Piece::Community | Piece::District | Piece::Township => 1,
                _ => 2,
            };
            // 东区, A区, 一区 are parts of a place.
            let part = word == "区" && head < 2;
            let most = match piece {
                Piece::District | Piece::City | Piece::Township => 5,
                Piece::Community | Piece::Road => 8,
                _ => usize::MAX,
            };
            if head < least || head > most || part || !self.fits(piece) {
                continue;
            }
            return Some((piece, stop));
        }
        None
    }

    fn stands(&self, word: &str, at: usize, stop: usize, end: usize) -> bool {
        let has = |list: &str, unit: u16| list.encode_utf16().any(|u| u == unit);
        let next = if stop < end { self.text.unit(stop) } else { 0 };
        let before = if at > 0 { self.text.unit(at - 1) } else { 0 };
        !NOT_BEFORE.iter().any(|(w, list)| *w == word && has(list, next))
            && !NOT_BEHIND.iter().any(|(w, list)| *w == word && has(list, before))
    }

    /// Larger places do not stand behind smaller ones.
    fn fits(&self, piece: Piece) -> bool {
        let past =
            |limit: Piece| self.parts.iter().any(|part| part.0 > limit && part.0 < Piece::Relation);
        match piece {
            Piece::Province
            | Piece::City
            | Piece::District
            | Piece::Township
            | Piece::Community => !past(Piece::Community),
            _ => true,
        }
    }

    fn push(&mut self, piece: Piece, range: Range<usize>) {
        let within = range.start..range.end.saturating_sub(1);
        let below = piece == Piece::City
            && self.text.unit(within.end) == 0x5e02
            && self.region(range.start, range.end).is_none_or(|known| known.0 != within.len());
        let piece = match piece {
            Piece::City if below && !self.has(Piece::District) => Piece::District,
            Piece::City if self.has(Piece::City) || self.has(Piece::District) => {
                let said = self.parts.iter().any(|part| {
                    part.0 == Piece::City
                        && self.text.part(part.1.clone()) == self.text.part(range.clone())
                });
                if said || self.has(Piece::District) { Piece::Rest } else { Piece::District }
            }
            Piece::Province if self.has(Piece::Province) => Piece::Rest,
            Piece::District if self.has(Piece::District) => Piece::Rest,
            Piece::Road if self.has(Piece::Road) && !self.has(Piece::Poi) => Piece::Branch,
            Piece::Poi if self.has(Piece::Poi) => Piece::Part,
            piece => piece,
        };
        self.parts.push((piece, range));
    }

    /// What no word ends.
    fn rest_of_name(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        let letters = (start..end).filter(|&at| is_han(self.text.unit(at))).count();
        let single = end - start == 1 && letters == 0;
        let piece = if single && self.has(Piece::Road) {
            Piece::Building
        } else if self.has(Piece::Poi) {
            Piece::Part
        } else {
            Piece::Poi
        };
        // 二期, A区 behind a compound are parts of it, as are letters alone.
        match self.parts.last_mut() {
            Some((Piece::Poi, range)) if range.end == start && letters < 2 => range.end = end,
            _ => self.parts.push((piece, start..end)),
        }
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
