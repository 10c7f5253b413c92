//! How people write an address: what they keep and what they leave out, in which order and with which signs.
//!
//! Taken from reading delivery addresses, company addresses and match pairs: doubled region prefixes, brackets, a landmark
//! in parentheses, dashes for words, colloquial 楼 for building, complaints right behind the room.

use std::fmt::Write as _;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::gazetteer::{Door, Gazetteer, Kind, Site};

/// Which elements the text keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each element is kept or not")]
pub struct Kept {
    pub district: bool,
    pub township: bool,
    pub community: bool,
    pub road: bool,
    pub number: bool,
    pub compound: bool,
    pub building: bool,
    pub unit: bool,
    pub room: bool,
}

/// An address that the text is of.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    pub site: &'a Site,
    pub door: Door,
}

/// What to write.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each habit is there or not")]
pub struct Manner {
    /// Leave out province, street, community often, road or compound sometimes.
    pub drop: bool,
    /// Any way to write numbers.
    pub free: bool,
    /// Greetings before, complaints behind.
    pub chatter: bool,
    /// Compounds without their common end.
    pub short: bool,
    /// District or nothing before the compound.
    pub bare: bool,
}

/// Writes an address.
pub fn render(
    gazetteer: &Gazetteer,
    truth: Truth<'_>,
    manner: Manner,
    rng: &mut ChaCha8Rng,
) -> (String, Kept) {
    let kept = keep(truth, manner, rng);
    let mut text = String::new();
    if manner.chatter {
        text.push_str(pick(BEFORE, rng));
    }
    head(gazetteer, truth, manner, &kept, rng, &mut text);
    middle(truth, manner, &kept, rng, &mut text);
    if manner.chatter {
        text.push_str(pick(BEHIND, rng));
    }
    (text, kept)
}

const BEFORE: &[&str] = &[
    "",
    "",
    "",
    "您好，",
    "你好我要反映",
    "我住在",
    "投诉：",
    "请问",
    "市民反映",
    "来电人称",
    "我家在",
    "地址：",
    "业主反映，",
];
const BEHIND: &[&str] = &[
    "",
    "",
    "楼道堆放杂物",
    "楼下有人占道经营",
    "暖气不热",
    "门口井盖破损",
    "漏水没人管",
    "，噪音扰民",
    "电梯坏了三天",
    "附近垃圾没人清理",
    "楼顶私搭乱建",
    " 联系电话13800000000",
    "停水两天了",
    "，请尽快处理",
    "电动车乱停",
    "下水道堵塞污水外溢",
    "旁边施工噪音大",
    "（到了联系）",
    "对面路灯不亮",
];

pub fn pick<'a>(list: &[&'a str], rng: &mut ChaCha8Rng) -> &'a str {
    list.choose(rng).copied().unwrap_or_default()
}

fn keep(truth: Truth<'_>, manner: Manner, rng: &mut ChaCha8Rng) -> Kept {
    let site = truth.site;
    let mut kept = Kept {
        district: true,
        township: true,
        community: true,
        road: !site.road.is_empty(),
        number: !site.number.is_empty(),
        compound: !site.compound.is_empty(),
        building: truth.door.building != 0,
        unit: truth.door.unit != 0,
        room: truth.door.room != 0,
    };
    let has_both = kept.compound && kept.road && site.kind == Kind::Compound;
    if manner.drop || manner.short || manner.bare {
        kept.district = rng.random_ratio(7, 10);
        kept.township = rng.random_ratio(2, 10);
        kept.community = rng.random_ratio(2, 10) || site.kind == Kind::Village;
        if has_both && rng.random_ratio(1, 2) {
            if rng.random_ratio(3, 4) || site.number.is_empty() {
                (kept.road, kept.number) = (false, false);
            } else {
                kept.compound = false;
            }
        }
        if site.kind == Kind::Street && kept.compound && rng.random_ratio(1, 2) {
            kept.compound = false;
        }
    }
    if (manner.short || manner.bare) && site.kind == Kind::Compound {
        (kept.township, kept.community, kept.compound) = (false, false, true);
        kept.road = manner.short && kept.road && rng.random_ratio(1, 3);
        kept.number = kept.number && kept.road;
        if manner.bare {
            kept.district = rng.random_ratio(1, 2);
        }
    }
    kept
}

fn head(
    gazetteer: &Gazetteer,
    truth: Truth<'_>,
    manner: Manner,
    kept: &Kept,
    rng: &mut ChaCha8Rng,
    text: &mut String,
) {
    let [district, township, community] = &gazetteer.communities[truth.site.community];
    let whole = !(manner.drop || manner.short || manner.bare);
    if whole || rng.random_ratio(2, 10) {
        text.push_str(if manner.free {
            pick(&["甘肃省兰州市", "兰州市", "甘肃兰州", "兰州", "甘肃省兰州市 "], rng)
        } else {
            "甘肃省兰州市"
        });
    }
    if kept.district {
        let bare = district.trim_end_matches(['区', '县']);
        let short = manner.free && rng.random_ratio(1, 8) && bare.chars().count() > 1;
        text.push_str(if short { bare } else { district });
        if manner.free && rng.random_ratio(1, 15) {
            // The form's region list and what is typed repeat each other.
            text.push_str(pick(&["甘肃省兰州市", "兰州市"], rng));
            text.push_str(district);
        }
    }
    if kept.township {
        let office = manner.free && rng.random_ratio(1, 8) && township.ends_with("街道");
        text.push_str(township);
        text.push_str(if office { "办事处" } else { "" });
    }
    if kept.community {
        text.push_str(community);
    }
}

fn middle(truth: Truth<'_>, manner: Manner, kept: &Kept, rng: &mut ChaCha8Rng, text: &mut String) {
    let site = truth.site;
    let mut road = String::new();
    if kept.road {
        road.push_str(&site.road);
    }
    if kept.number {
        // Digits alone are written where a name follows, not another number.
        road.push_str(&house(truth, manner, kept.compound && !manner.short, rng));
    }
    let mut compound = String::new();
    if kept.compound {
        compound.push_str(if manner.short { core(&site.compound) } else { &site.compound });
    }
    let bracket = manner.free && kept.compound && rng.random_ratio(1, 12);
    let (open, close) = if bracket { ("【", "】") } else { ("", "") };
    let tail = tail(truth, manner, kept, rng);
    if manner.free && kept.compound && kept.road && rng.random_ratio(1, 15) {
        // The compound first, then the street it is in.
        let _ = write!(text, "{compound}{tail}（{road}）");
    } else {
        let _ = write!(text, "{road}{open}{compound}{tail}{close}");
    }
}

/// A compound without its common end.
pub fn core(compound: &str) -> &str {
    const ENDS: &[&str] = &[
        "家属院",
        "家园",
        "花园",
        "佳苑",
        "小区",
        "嘉园",
        "新城",
        "名邸",
        "华府",
        "公馆",
        "新村",
        "丽都",
    ];
    for end in ENDS {
        if let Some(core) = compound.strip_suffix(end)
            && core.chars().count() >= 2
        {
            return core;
        }
    }
    compound
}

pub fn house(truth: Truth<'_>, manner: Manner, named: bool, rng: &mut ChaCha8Rng) -> String {
    let number = &truth.site.number;
    let digits = number.trim_end_matches('号');
    match digits.parse::<u32>() {
        Ok(value) if manner.free => match rng.random_range(0..8) {
            0 => format!("{}号", chinese(value)),
            1 if named => digits.to_owned(),
            2 => format!("{}号", full_width(digits)),
            _ => number.clone(),
        },
        _ => number.clone(),
    }
}

pub fn tail(truth: Truth<'_>, manner: Manner, kept: &Kept, rng: &mut ChaCha8Rng) -> String {
    let Door { building, unit, room } = truth.door;
    if truth.site.kind == Kind::Village {
        let spelled = manner.free && rng.random_ratio(1, 4);
        return if spelled {
            format!("{}号", chinese(building))
        } else {
            format!("{building}号")
        };
    }
    let digits = |value: u32, rng: &mut ChaCha8Rng| {
        if manner.free && rng.random_ratio(1, 6) { chinese(value) } else { value.to_string() }
    };
    if manner.free && kept.building && kept.unit && kept.room && rng.random_ratio(3, 10) {
        let dash = pick(&["-", "-", "-", "—", "－", "~", "－"], rng);
        return match rng.random_range(0..4) {
            0 => format!("{building}#{dash}{unit}{dash}{room}"),
            1 => format!("{building}栋{unit}{dash}{room}"),
            2 => format!("{building}{dash}{unit}{dash}{room}室"),
            _ => format!("{building}{dash}{unit}{dash}{room}"),
        };
    }
    let mut text = String::new();
    if kept.building {
        let word = if manner.free {
            pick(&["号楼", "号楼", "栋", "幢", "#", "#楼", "座", "楼"], rng)
        } else {
            "号楼"
        };
        let number =
            if word.starts_with('#') { building.to_string() } else { digits(building, rng) };
        let _ = write!(text, "{number}{word}");
    }
    if kept.unit {
        let word =
            if manner.free { pick(&["单元", "单元", "单元", "门"], rng) } else { "单元" };
        let _ = write!(text, "{}{word}", digits(unit, rng));
    }
    if kept.room {
        let word = if manner.free { pick(&["室", "室", "", "房", "号"], rng) } else { "室" };
        let number =
            if manner.free && rng.random_ratio(1, 10) { spoken(room) } else { room.to_string() };
        let _ = write!(text, "{number}{word}");
    }
    text
}

pub fn full_width(digits: &str) -> String {
    digits.bytes().filter_map(|d| char::from_u32(0xff10 + u32::from(d - b'0'))).collect()
}

/// 501 → 五零一.
fn spoken(number: u32) -> String {
    number.to_string().bytes().map(|d| DIGITS[usize::from(d - b'0')]).collect()
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// 123 → 一百二十三.
pub fn chinese(number: u32) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(digit == 1 && unit == 10 && text.is_empty()) {
            text.push(DIGITS[digit as usize]);
        }
        text.push_str(name);
    }
    text
}
