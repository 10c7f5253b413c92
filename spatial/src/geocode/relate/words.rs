//! The words that say how one place stands to another.

use super::super::compass::Compass;
use super::super::figure::{Counts, Figure, figures};
use super::super::label::Beside;
use super::super::relation::{Relation, RelationKind};
use super::super::text::{Text, is_gap};

/// A relation's words in a text, in units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Spoken {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: RelationKind,
    /// 交叉口东50米: a step from there.
    pub(super) step: Option<(Compass, f64)>,
}

impl Spoken {
    /// Whether it needs one place before it.
    pub(super) fn is_anchored(&self) -> bool {
        !matches!(self.kind, RelationKind::Crossing | RelationKind::Between)
    }

    pub(super) fn relation(&self, text: &Text, kind: RelationKind) -> Relation {
        let bytes = text.origin(self.start..self.end);
        Relation {
            kind,
            said: text.part(self.start..self.end),
            span: (bytes.start, bytes.end),
            other: None,
            step: self.step,
        }
    }
}

/// Words that stand for themselves, longest first among those that begin alike.
const WORDS: [(&str, RelationKind); 48] = [
    ("十字路口", RelationKind::Crossing),
    ("丁字路口", RelationKind::Crossing),
    ("三岔路口", RelationKind::Crossing),
    ("交叉路口", RelationKind::Crossing),
    ("交叉口", RelationKind::Crossing),
    ("交叉处", RelationKind::Crossing),
    ("交叉点", RelationKind::Crossing),
    ("交汇处", RelationKind::Crossing),
    ("交汇口", RelationKind::Crossing),
    ("交会处", RelationKind::Crossing),
    ("交界处", RelationKind::Crossing),
    ("交界口", RelationKind::Crossing),
    ("交界", RelationKind::Crossing),
    ("相交处", RelationKind::Crossing),
    ("相交", RelationKind::Crossing),
    ("十字", RelationKind::Crossing),
    ("路口", RelationKind::Crossing),
    ("街口", RelationKind::Crossing),
    ("巷口", RelationKind::Crossing),
    ("口", RelationKind::Crossing),
    ("之间的路段", RelationKind::Between),
    ("之间路段", RelationKind::Between),
    ("之间", RelationKind::Between),
    ("中间", RelationKind::Between),
    ("路段", RelationKind::Between),
    ("段", RelationKind::Between),
    ("斜对面", RelationKind::Opposite),
    ("正对面", RelationKind::Opposite),
    ("马路对面", RelationKind::Opposite),
    ("对面", RelationKind::Opposite),
    ("对过", RelationKind::Opposite),
    ("隔壁", RelationKind::Beside { side: None }),
    ("旁边", RelationKind::Beside { side: None }),
    ("边上", RelationKind::Beside { side: None }),
    ("旁", RelationKind::Beside { side: None }),
    ("附近", RelationKind::Near),
    ("周边", RelationKind::Near),
    ("周围", RelationKind::Near),
    ("一带", RelationKind::Near),
    ("大门口", RelationKind::At),
    ("门口", RelationKind::At),
    ("门前", RelationKind::At),
    ("门外", RelationKind::At),
    ("楼下", RelationKind::At),
    ("楼前", RelationKind::At),
    ("院内", RelationKind::At),
    ("院里", RelationKind::At),
    ("里面", RelationKind::At),
];

/// How far a side or a corner is, in metres, where nobody says.
const ASIDE_M: f64 = 20.0;
/// Farther than this is no relation to a place, in metres.
const FARTHEST_M: f64 = 5000.0;

fn words() -> &'static [(Vec<u16>, RelationKind)] {
    static LIST: std::sync::OnceLock<Vec<(Vec<u16>, RelationKind)>> = std::sync::OnceLock::new();
    LIST.get_or_init(|| {
        WORDS.iter().map(|(word, kind)| (word.encode_utf16().collect(), *kind)).collect()
    })
}

/// All of them in their order.
pub(super) fn spoken(text: &Text, into: &mut Vec<Spoken>) {
    into.clear();
    let mut numbers = Vec::new();
    figures(text, &mut numbers);
    let mut at = 1;
    while at < text.len() {
        let Some(mut found) = offset(text, &numbers, at).or_else(|| word(text, at)) else {
            at += 1;
            continue;
        };
        if found.kind == RelationKind::Crossing
            && let Some(step) =
                offset(text, &numbers, found.end).or_else(|| corner(text, found.end))
        {
            found.step = match step.kind {
                RelationKind::Offset { direction, metres } => Some((direction, metres)),
                RelationKind::Beside { side: Some(side) } => Some((side, ASIDE_M)),
                _ => None,
            };
            if found.step.is_some() {
                found.end = step.end;
            }
        }
        at = found.end;
        into.push(found);
    }
}

fn word(text: &Text, start: usize) -> Option<Spoken> {
    let (units, kind) = words().iter().find(|(units, _)| text.has(start, units))?;
    Some(Spoken { start, end: start + units.len(), kind: *kind, step: None })
}

/// 东, 东北: a direction and how many units it takes.
fn direction(text: &Text, at: usize) -> Option<(Compass, usize)> {
    let is = |at: usize, word: char| text.unit(at) == word as u32 as u16;
    let two = [
        ('东', '北', Compass::NorthEast),
        ('东', '南', Compass::SouthEast),
        ('西', '北', Compass::NorthWest),
        ('西', '南', Compass::SouthWest),
        ('北', '东', Compass::NorthEast),
        ('北', '西', Compass::NorthWest),
        ('南', '东', Compass::SouthEast),
        ('南', '西', Compass::SouthWest),
    ];
    let one = [
        ('东', Compass::East),
        ('南', Compass::South),
        ('西', Compass::West),
        ('北', Compass::North),
    ];
    let both = two.iter().find(|(a, b, _)| is(at, *a) && is(at + 1, *b));
    both.map(|(_, _, compass)| (*compass, 2))
        .or_else(|| one.iter().find(|(a, _)| is(at, *a)).map(|(_, compass)| (*compass, 1)))
}

/// Units of a word that may be left out: the first of those that stands there.
fn optional(text: &Text, at: usize, words: &[&str]) -> usize {
    let stands = |word: &&&str| {
        word.encode_utf16().enumerate().all(|(offset, unit)| text.unit(at + offset) == unit)
    };
    words.iter().find(stands).map_or(0, |word| word.encode_utf16().count())
}

/// 东侧50米, 往北200米, 以东约一百米处, 东侧, 50米处.
fn offset(text: &Text, numbers: &[Figure], start: usize) -> Option<Spoken> {
    let lead = optional(text, start, &["往", "向", "以", "朝", "靠"]);
    let mut at = start + lead;
    let found = direction(text, at);
    let mut side = 0;
    if let Some((_, taken)) = found {
        at += taken;
        side = optional(text, at, &["方向", "侧", "边", "面", "头", "方", "走", "行"]);
        at += side;
        at += optional(text, at, &["走", "行"]);
    }
    let about = at + optional(text, at, &["大约", "大概", "约"]);
    if let Some((metres, end)) = metres(text, numbers, about) {
        let end =
            end + optional(text, end, &["左右的地方", "左右处", "左右", "处的", "处", "外", "远"]);
        let kind = match found {
            Some((direction, _)) => RelationKind::Offset { direction, metres },
            None if lead == 0 => RelationKind::Within { metres },
            None => return None,
        };
        return Some(Spoken { start, end, kind, step: None });
    }
    // 东侧 without a distance; 东面 and 东方 are too common in names.
    let (compass, taken) = found.filter(|_| side > 0)?;
    let word = text.unit(start + lead + taken);
    let plain = [0x4fa7, 0x8fb9].contains(&word);
    plain.then_some(Spoken {
        start,
        end: start + lead + taken + 1,
        kind: RelationKind::Beside { side: Some(compass) },
        step: None,
    })
}

/// 东北角.
fn corner(text: &Text, start: usize) -> Option<Spoken> {
    let start = start + usize::from(is_gap(text.unit(start)) || text.unit(start) == 0x7684);
    let (compass, taken) = direction(text, start)?;
    let is_corner = text.unit(start + taken) == 0x89d2;
    is_corner.then_some(Spoken {
        start,
        end: start + taken + 1,
        kind: RelationKind::Beside { side: Some(compass) },
        step: None,
    })
}

/// A distance that begins at a place, and its end.
fn metres(text: &Text, numbers: &[Figure], at: usize) -> Option<(f64, usize)> {
    let figure = numbers.iter().find(|figure| figure.start == at)?;
    let digits = f64::from(figure.label.digits());
    let (metres, end) = match (figure.counts, figure.label.beside()) {
        // 50m is read as 50M.
        (Counts::Metres, Beside::Nothing) | (Counts::Nothing, Beside::After(12)) => {
            (digits, figure.end)
        }
        (Counts::Other, Beside::Nothing) if is_kilometres(text, figure) => {
            (digits * 1000.0, figure.end)
        }
        _ => return None,
    };
    (metres > 0.0 && metres <= FARTHEST_M).then_some((metres, end))
}

fn is_kilometres(text: &Text, figure: &Figure) -> bool {
    let said = text.part(figure.start..figure.end);
    said.ends_with("公里") || said.ends_with("千米")
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
