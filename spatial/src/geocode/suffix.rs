//! The common ends of names: what may be left out, and what says of which kind a name is.

use super::level::Level;

const DIVISION: &[&str] = &[
    "社区居民委员会",
    "村民委员会",
    "社区居委会",
    "村委会",
    "居委会",
    "街道办事处",
    "街道办",
    "街道",
    "社区",
    "新区",
    "自治县",
    "自治旗",
    "镇",
    "乡",
    "村",
    "区",
    "县",
    "市",
];
const ROAD: &[&str] = &["大道", "大街", "胡同", "路", "街", "巷", "道", "里", "弄"];
const COMPOUND: &[&str] = &[
    "家属院",
    "家属楼",
    "家属区",
    "住宅小区",
    "住宅区",
    "小区",
    "家园",
    "花园",
    "佳园",
    "佳苑",
    "嘉园",
    "嘉苑",
    "雅苑",
    "新苑",
    "新村",
    "新城",
    "名邸",
    "华府",
    "公馆",
    "雅居",
    "庭院",
    "丽都",
    "国际",
    "广场",
    "公寓",
    "花苑",
    "山庄",
    "别墅",
    "大厦",
    "大楼",
    "中心",
    "商务楼",
    "写字楼",
    "商城",
    "市场",
    "医院",
    "学校",
    "小学",
    "中学",
    "宾馆",
    "酒店",
    "公司",
    "产业园",
    "工业园",
    "园区",
    "宿舍",
    "大院",
    "楼",
    "苑",
    "园",
    "府",
    "城",
    "里",
    "湾",
    "院",
    "厂",
    "店",
];

/// The ends that names of a level have, longest first.
pub(super) fn ends(level: Level) -> &'static [&'static str] {
    match level {
        Level::District | Level::Township | Level::Community => DIVISION,
        Level::Road => ROAD,
        Level::Compound | Level::Poi => COMPOUND,
    }
}

/// Whether one of the ends of a level begins with a unit: most units begin none.
#[inline]
pub(super) fn may_begin(level: Level, unit: u16) -> bool {
    static ALL: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = vec![0; 0x1_0000];
        for level in Level::ALL {
            for end in ends(level) {
                let first = end.encode_utf16().next().unwrap_or_default();
                all[usize::from(first)] |= 1 << level.index();
            }
        }
        all
    });
    all[usize::from(unit)] & (1 << level.index()) != 0
}

/// 东区, 一期, A区, 2期: the part of a larger place.
fn part_of(units: &[u16]) -> usize {
    match units {
        [.., _, 0x533a | 0x671f] if units.len() > 3 => 2,
        _ => 0,
    }
}

/// How many units of a name come before its common end; the whole name where too little would be left.
pub(super) fn core_len(level: Level, units: &[u16]) -> usize {
    let compound = matches!(level, Level::Compound | Level::Poi);
    let parts = if compound { part_of(units) } else { 0 };
    let head = &units[..units.len() - parts];
    let least = if compound { 2 } else { 1 };
    for end in ends(level) {
        let length = end.encode_utf16().count();
        let rest = head.len().saturating_sub(length);
        if rest >= least && head[rest..].iter().copied().eq(end.encode_utf16()) {
            return rest;
        }
    }
    if head.len() >= 2 { head.len() } else { units.len() }
}

#[cfg(test)]
#[path = "suffix_tests.rs"]
mod tests;
