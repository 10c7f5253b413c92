//! An address by its elements, put together so that each element is read as what it is.

use std::ops::Range;

use super::answer::Element;

/// An address as a form has it; what is not filled in is empty. Numbers may come with or without their word: `3`,
/// `3号楼` and `三栋` are one building.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub struct Structured<'a> {
    pub district: &'a str,
    pub township: &'a str,
    pub community: &'a str,
    pub road: &'a str,
    pub number: &'a str,
    pub compound: &'a str,
    pub building: &'a str,
    pub unit: &'a str,
    pub room: &'a str,
}

/// A text made of elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed {
    /// The text, for [`Snapshot::ask`](super::Snapshot::ask).
    pub text: String,
    /// The bytes of the text that each element takes, its word included.
    pub parts: Vec<(Element, Range<usize>)>,
}

impl Structured<'_> {
    /// The elements as one text: each number with the word that says what it counts, and a comma between elements, so
    /// that no name or number reaches into the next.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::Structured;
    /// let form = Structured { compound: "锦绣家园", building: "3", unit: "二", room: "501", ..Structured::default() };
    /// assert_eq!(form.compose().text, "锦绣家园，3号楼，二单元，501室");
    /// ```
    pub fn compose(&self) -> Composed {
        let rows = [
            (Element::District, self.district, ""),
            (Element::Township, self.township, ""),
            (Element::Community, self.community, ""),
            (Element::Road, self.road, ""),
            (Element::Number, self.number, "号"),
            (Element::Compound, self.compound, ""),
            (Element::Building, self.building, "号楼"),
            (Element::Unit, self.unit, "单元"),
            (Element::Room, self.room, "室"),
        ];
        let mut composed = Composed::default();
        for (element, said, word) in rows {
            let said = said.trim();
            if said.is_empty() {
                continue;
            }
            if !composed.text.is_empty() {
                composed.text.push('，');
            }
            let start = composed.text.len();
            composed.text.push_str(&worded(element, said, word));
            composed.parts.push((element, start..composed.text.len()));
        }
        composed
    }
}

impl Composed {
    /// The element that a range of bytes belongs to, and the range within it; `None` where it spans several.
    pub fn element_at(&self, span: (usize, usize)) -> Option<(Element, Range<usize>)> {
        let holds = |part: &Range<usize>| part.start <= span.0 && span.1 <= part.end;
        let (element, part) = self.parts.iter().find(|(_, part)| holds(part))?;
        Some((*element, span.0 - part.start..span.1 - part.start))
    }
}

/// A number with its word: `3` and `3号` of a building are 3号楼, `501号` of a room is 501室.
fn worded(element: Element, said: &str, word: &str) -> String {
    let bare = match element {
        Element::Building | Element::Unit | Element::Room => {
            said.strip_suffix('号').unwrap_or(said)
        }
        _ => said,
    };
    let numeral = |c: char| c.is_ascii_alphanumeric() || "零〇一二三四五六七八九十百两".contains(c);
    let is_number = !word.is_empty() && bare.chars().last().is_some_and(|c| numeral(fold(c)));
    if is_number { format!("{bare}{word}") } else { said.to_owned() }
}

fn fold(character: char) -> char {
    super::angle::fold(character)
}

#[cfg(test)]
#[path = "structured_tests.rs"]
mod tests;
