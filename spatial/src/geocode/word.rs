//! The words that say what a number counts.

use super::figure::Counts;
use super::text::{Text, is_gap};

/// The words after numbers, longest first among those that begin alike.
const WORDS: [(&str, Counts); 55] = [
    ("号大院", Counts::Yard),
    ("号院", Counts::Yard),
    ("号楼", Counts::Building),
    ("号栋", Counts::Building),
    ("号房", Counts::Room),
    ("号室", Counts::Room),
    ("号线", Counts::Other),
    ("号", Counts::Door),
    ("栋楼", Counts::Building),
    ("幢楼", Counts::Building),
    ("栋", Counts::Building),
    ("幢", Counts::Building),
    ("座", Counts::Building),
    ("塔", Counts::Building),
    ("#楼", Counts::Building),
    ("#", Counts::Building),
    ("单元", Counts::Unit),
    ("门", Counts::Unit),
    ("梯", Counts::Unit),
    ("楼", Counts::House),
    ("层", Counts::Storey),
    ("F", Counts::Storey),
    ("房间", Counts::Room),
    ("室", Counts::Room),
    ("房", Counts::Room),
    ("户", Counts::Room),
    ("弄", Counts::Lane),
    ("组", Counts::Group),
    ("社", Counts::Group),
    ("队", Counts::Group),
    ("区", Counts::Part),
    ("期", Counts::Part),
    ("路", Counts::Part),
    ("街", Counts::Part),
    ("巷", Counts::Part),
    ("米", Counts::Metres),
    ("公里", Counts::Other),
    ("千米", Counts::Other),
    ("平", Counts::Other),
    ("年", Counts::Other),
    ("月", Counts::Other),
    ("日", Counts::Other),
    ("天", Counts::Other),
    ("点", Counts::Other),
    ("时", Counts::Other),
    ("分", Counts::Other),
    ("人", Counts::Other),
    ("个", Counts::Other),
    ("次", Counts::Other),
    ("岁", Counts::Other),
    ("元", Counts::Other),
    ("辆", Counts::Other),
    ("小时", Counts::Other),
    ("分钟", Counts::Other),
    ("万", Counts::Other),
];

/// What follows 楼, 门, 室, 户 when it is no word after a number but the beginning of another: 501楼道.
const NOT_AFTER: [(&str, &str); 9] = [
    ("楼", "道梯宇管长房盘市顶上下前后里间"),
    ("门", "口前外面卫禁窗店"),
    ("室", "内外"),
    ("户", "主外口型"),
    ("房", "东屋产主"),
    ("路", "上边口面灯旁"),
    ("街", "上边口面道"),
    ("巷", "子口道里"),
    ("院", "里内子外"),
];

/// What the word at `at` says a number before it counts, and where the word ends.
pub(super) fn word(text: &Text, at: usize) -> (Counts, usize) {
    let gap = usize::from(is_gap(text.unit(at)));
    if !begins_word(text.unit(at + gap)) && (gap == 0 || !begins_word(text.unit(at))) {
        return (Counts::Nothing, at);
    }
    for (index, (_, counts)) in WORDS.iter().enumerate() {
        let units = word_units(index);
        // A gap may stand before the words of doors: 3 号楼.
        let from = if *counts <= Counts::Room { at + gap } else { at };
        if text.unit(from) == units[0]
            && text.has(from, units)
            && is_word(text, units[units.len() - 1], from + units.len())
        {
            return (*counts, from + units.len());
        }
    }
    (Counts::Nothing, at)
}

/// Whether some word after numbers begins with a unit.
fn begins_word(unit: u16) -> bool {
    static FIRST: std::sync::OnceLock<Vec<bool>> = std::sync::OnceLock::new();
    let first = FIRST.get_or_init(|| {
        let mut first = vec![false; 0x1_0000];
        for at in 0..WORDS.len() {
            first[usize::from(word_units(at)[0])] = true;
        }
        first
    });
    first[usize::from(unit)]
}

fn word_units(index: usize) -> &'static [u16] {
    static UNITS: std::sync::OnceLock<Vec<Vec<u16>>> = std::sync::OnceLock::new();
    &UNITS.get_or_init(|| WORDS.iter().map(|(word, _)| word.encode_utf16().collect()).collect())
        [index]
}

/// Whether what stands at `end` leaves the word before it, whose last unit is `last`, a word after a number.
fn is_word(text: &Text, last: u16, end: usize) -> bool {
    static ALL: std::sync::OnceLock<Vec<(u16, Vec<u16>)>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        let units = |word: &str| word.encode_utf16().collect::<Vec<u16>>();
        NOT_AFTER.iter().map(|(head, tails)| (units(head)[0], units(tails))).collect()
    });
    let next = text.unit(end);
    !all.iter().any(|(head, tails)| *head == last && tails.contains(&next))
}
