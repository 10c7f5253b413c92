//! Places that the text names and the gazetteer does not: 平安路 where there is none.

use super::candidate::Hit;
use super::figure::Figure;
use super::level::Level;
use super::text::{Text, is_han};

/// A name-like part of the text that no name explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) level: Level,
}

/// Ends that make a name of what stands before them. Single letters that end many other words are left out.
const ENDS: [(&str, Level); 38] = [
    ("大道", Level::Road),
    ("大街", Level::Road),
    ("胡同", Level::Road),
    ("路", Level::Road),
    ("街", Level::Road),
    ("巷", Level::Road),
    ("街道", Level::Township),
    ("镇", Level::Township),
    ("乡", Level::Township),
    ("社区", Level::Community),
    ("村", Level::Community),
    ("新区", Level::District),
    ("区", Level::District),
    ("县", Level::District),
    ("市", Level::District),
    ("家属院", Level::Compound),
    ("家属楼", Level::Compound),
    ("小区", Level::Compound),
    ("家园", Level::Compound),
    ("花园", Level::Compound),
    ("佳园", Level::Compound),
    ("佳苑", Level::Compound),
    ("嘉园", Level::Compound),
    ("嘉苑", Level::Compound),
    ("雅苑", Level::Compound),
    ("花苑", Level::Compound),
    ("新村", Level::Compound),
    ("新城", Level::Compound),
    ("名邸", Level::Compound),
    ("华府", Level::Compound),
    ("公馆", Level::Compound),
    ("公寓", Level::Compound),
    ("大厦", Level::Compound),
    ("广场", Level::Compound),
    ("大楼", Level::Compound),
    ("商城", Level::Compound),
    ("宿舍", Level::Compound),
    ("山庄", Level::Compound),
];

/// Costs below which a hit explains its letters.
const EXPLAINS: u16 = 60;

/// Finds them into `into`.
pub(super) fn unknown(
    text: &Text,
    hits: &[Hit],
    figures: &[Figure],
    chatter: &[bool],
    into: &mut Vec<Unknown>,
) {
    into.clear();
    let explained = |at: usize| {
        let at = at as u16;
        hits.iter().any(|hit| hit.at.cost <= EXPLAINS && hit.covers(at, at + 1))
            || figures.iter().any(|f| (f.start..f.end).contains(&usize::from(at)))
            || chatter.get(usize::from(at)).copied().unwrap_or(false)
    };
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        if explained(at) || !is_han(text.unit(at)) {
            from = at + 1;
            at += 1;
            continue;
        }
        let unit = text.unit(at);
        let end = ends().iter().find(|(units, _)| units[0] == unit && text.has(at, units));
        match end {
            Some((units, level)) if at >= from + 2 => {
                into.push(Unknown { start: from, end: at + units.len(), level: *level });
                at += units.len();
                from = at;
            }
            _ => at += 1,
        }
    }
}

fn ends() -> &'static [(Vec<u16>, Level)] {
    static LIST: std::sync::OnceLock<Vec<(Vec<u16>, Level)>> = std::sync::OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: Vec<(Vec<u16>, Level)> =
            ENDS.iter().map(|(end, level)| (end.encode_utf16().collect(), *level)).collect();
        list.sort_by_key(|(units, _)| std::cmp::Reverse(units.len()));
        list
    })
}

#[cfg(test)]
#[path = "unknown_tests.rs"]
mod tests;
