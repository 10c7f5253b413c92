//! How people tell where they are: to a person, not to a form.
//!
//! Written apart from `render`: fillers in between, levels left out and turned round, the same place named twice, a
//! landmark nobody has, a telephone number, a time, speech as a microphone or a dialect spells it. Of every list of
//! fillers the tuning seeds use one half and the reporting seeds the other. The engine's own
//! lists have the same author, so real talk is harder than this.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::gazetteer::{Gazetteer, Kind};
use crate::material::Material;
use crate::noise::{dialect, homophone};
use crate::render::{Kept, Manner, Truth, house, tail};

const OPEN: &[&str] = &[
    "我家在",
    "我家就在",
    "就是那个",
    "就是",
    "喂你好，",
    "喂，您好啊，",
    "那个，",
    "嗯，那个",
    "麻烦问一下，",
    "想问下，",
    "您好我是",
    "你好，我这里是",
    "我这边是",
    "我们这边是",
    "师傅，",
    "老师您好，",
    "我现在在",
    "人现在在",
    "地点：",
    "位置：",
    "具体位置是",
    "具体地址在",
    "请到",
    "麻烦来一下",
    "昨天晚上10点左右在",
    "今天早上8点多，",
    "都3天了，",
    "上个月到现在，",
    "关于",
    "反应一个问题，",
    "有个情况，",
    "跟你们说一下，",
    "住户张女士13919876543，",
    "联系人：李先生 0931-8412345，",
    "收货地址：",
    "寄到",
    "老人住在",
    "孩子在",
    "车停在",
    "刚从单位回来，",
    "呃我想反映的是",
    "情况是这样的，",
    "",
    "",
    "",
    "",
    "",
    "",
];
const BETWEEN: &[&str] = &[
    "的",
    "那边的",
    "，",
    ",",
    " ",
    "  ",
    "那个",
    "这边",
    "里面的",
    "里头",
    "、",
    "。",
    "上的",
    "上面的",
    "，就是",
    "，那个",
    "呃",
    "嗯",
    "院里",
    "院子里的",
    "/",
    "，在",
    "的那个",
    "有个",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
];
const CLOSE: &[&str] = &[
    "那边",
    "这边",
    "门口",
    "的门口",
    "楼下",
    "的楼下",
    "旁边",
    "的旁边",
    "附近",
    "这附近",
    "跟前",
    "跟前呢",
    "后头",
    "后面",
    "院里",
    "院子里",
    "门前",
    "大门口",
    "这里",
    "这儿",
    "对过",
    "对面",
    "一带",
    "那一片",
    "楼上",
    "楼顶上",
    "",
    "",
    "",
    "",
    "",
    "",
];
const AFTER: &[&str] = &[
    "有人乱倒垃圾",
    "垃圾好几天没人收",
    "暖气一直不热",
    "家里暖气片冰的",
    "路灯坏了",
    "路灯一直不亮",
    "的井盖没了",
    "井盖响得睡不着",
    "水管爆了三天了",
    "漏水漏到我家了",
    "电梯停了2天",
    "电梯老是出故障",
    "物业不管",
    "物业说不归他们管",
    "有5个人打架",
    "有人喝醉了闹事",
    "路上有个大坑",
    "路面塌了一块",
    "狗叫了一晚上",
    "有只流浪狗咬人",
    "，你们赶紧来",
    "，快点来看看",
    "，电话是18693112233",
    "，手机13609311234",
    "下水道反水",
    "污水流了一地",
    "，谢谢",
    "，谢谢啊",
    "停电了",
    "又停水了",
    "烧烤摊油烟太大",
    "晚上跳广场舞声音太大",
    "，帮我看看归哪个网格",
    "，这个归谁管",
    "小广告贴满了",
    "有人违章停车把路堵了",
    "，到了打电话",
    "，放门口就行",
    "",
    "",
    "",
    "",
];
const LANDMARKS: &[&str] = &[
    "中国银行对面",
    "建设银行旁边",
    "靠近公交站",
    "离地铁口不远",
    "幼儿园斜对面",
    "小学后面",
    "菜市场旁边",
    "早市那边",
    "大超市楼上",
    "火锅店隔壁",
    "药店旁边",
    "派出所对面",
    "加油站附近",
    "桥头下来",
    "十字往东一点",
    "红绿灯往里走",
];

/// A filler of the half that belongs to the seed.
fn half<'a>(list: &[&'a str], odd: bool, rng: &mut ChaCha8Rng) -> &'a str {
    list[rng.random_range(0..list.len() / 2) * 2 + usize::from(odd)]
}

/// Tells an address.
#[expect(clippy::too_many_lines, reason = "one address told from beginning to end")]
pub fn talk(
    gazetteer: &Gazetteer,
    material: &Material,
    truth: Truth<'_>,
    odd: bool,
    rng: &mut ChaCha8Rng,
) -> (String, Kept) {
    let site = truth.site;
    let [district, township, community] = &gazetteer.communities[site.community];
    let manner = Manner { drop: true, free: true, chatter: false, short: false, bare: false };
    let named = !site.compound.is_empty();
    let numbered = !site.road.is_empty() && !site.number.is_empty();
    let mut kept = Kept {
        district: rng.random_ratio(6, 10),
        township: rng.random_ratio(1, 6),
        community: rng.random_ratio(1, 6) || site.kind == Kind::Village,
        road: !site.road.is_empty() && (!named || rng.random_ratio(1, 2)),
        compound: named && (!numbered || rng.random_ratio(9, 10)),
        building: truth.door.building != 0,
        unit: truth.door.unit != 0,
        room: truth.door.room != 0,
        number: false,
    };
    kept.road |= named && !kept.compound;
    kept.number =
        kept.road && !site.number.is_empty() && (!kept.compound || rng.random_ratio(2, 3));
    // Whoever stands in front of a house does not say which room.
    if kept.compound && kept.room && rng.random_ratio(1, 3) {
        (kept.unit, kept.room) = (false, false);
        kept.building &= rng.random_ratio(2, 3);
    }
    let mut levels = Vec::new();
    if kept.district {
        let bare = district.trim_end_matches(['区', '县']);
        let short = rng.random_ratio(1, 4) && bare.chars().count() > 1;
        levels.push(if short { bare.to_owned() } else { district.clone() });
    }
    if kept.township {
        levels.push(township.clone());
    }
    if kept.community {
        levels.push(community.clone());
    }
    let mut road = String::new();
    if kept.road {
        road.push_str(&site.road);
        if kept.number {
            road.push_str(&house(truth, manner, false, rng));
        }
    }
    let inside = tail(truth, manner, &kept, rng);
    let inside =
        if site.kind == Kind::Village { format!("{}{inside}", site.number) } else { inside };
    let compound = if kept.compound { site.compound.clone() } else { String::new() };
    let mut parts: Vec<String> = Vec::new();
    let inner = || [compound.clone(), inside.clone()];
    match rng.random_range(0..12) {
        // From the small to the large, as an envelope abroad has it.
        0 if site.kind == Kind::Compound && !inside.is_empty() => {
            parts.extend([inside.clone(), compound.clone(), road.clone()]);
            parts.extend(levels.iter().rev().cloned());
        }
        1 if kept.compound && kept.road => {
            parts.extend(levels.iter().cloned());
            parts.push(format!("{compound}{inside}"));
            parts.push(road.clone());
        }
        2 if kept.compound => {
            parts.extend(levels.iter().cloned());
            parts.extend([road.clone(), compound.clone()]);
            parts.push(format!("{compound}{inside}"));
        }
        3 if kept.compound => {
            parts.push(format!("{road}{compound}"));
            parts.extend(levels.iter().cloned());
            parts.extend([road.clone(), format!("{compound}{inside}")]);
        }
        4 => {
            parts.extend(levels.iter().cloned());
            parts.push(road.clone());
            parts.extend(inner());
            parts.push(format!("（{}）", half(LANDMARKS, odd, rng)));
        }
        5 => {
            parts.extend(levels.iter().cloned());
            parts.push(road.clone());
            parts.push(format!("{}，", half(LANDMARKS, odd, rng)));
            parts.extend(inner());
        }
        _ => {
            parts.extend(levels.iter().cloned());
            parts.push(road.clone());
            parts.extend(inner());
        }
    }
    parts.retain(|part| !part.is_empty());
    let mut text = half(OPEN, odd, rng).to_owned();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 && rng.random_ratio(1, 2) {
            text.push_str(half(BETWEEN, odd, rng));
        } else if at > 0 && part.starts_with(|c: char| c.is_ascii_digit()) {
            // Two numbers do not touch.
            text.push(' ');
        }
        text.push_str(part);
    }
    text.push_str(half(CLOSE, odd, rng));
    text.push_str(half(AFTER, odd, rng));
    let text = match rng.random_range(0..6) {
        0 | 1 => homophone(&text, material, rng).unwrap_or(text),
        2 => dialect(&text, material, rng).unwrap_or(text),
        _ => text,
    };
    (text, kept)
}
