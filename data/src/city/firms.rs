//! Names of firms and shops, as one reads them above doors. They collide as they do in life: every quarter has its
//! beef noodles.

use super::dice::Dice;
use super::layout::BuildingKind;

const BRANDS: &[&str] = &[
    "安泰",
    "金城",
    "陇原",
    "黄河",
    "兴盛",
    "恒达",
    "鑫源",
    "宏图",
    "瑞丰",
    "天源",
    "丝路",
    "飞天",
    "祁连",
    "西域",
    "华联",
    "福来",
    "吉祥",
    "如意",
    "万通",
    "顺达",
    "永昌",
    "百合",
    "玫瑰",
    "盛世",
    "东方",
    "新世纪",
    "康健",
    "同仁",
    "德胜",
    "众信",
    "聚贤",
    "诚信",
    "大漠",
    "驼铃",
    "金源",
    "银河",
    "长城",
    "阳光",
    "蓝天",
    "雅居",
    "美佳",
    "佳美",
    "好又多",
    "老街坊",
    "一品",
    "天天",
    "惠民",
    "便民",
    "四季",
    "春风",
    "宝丰",
    "隆兴",
    "广源",
    "海天",
    "龙腾",
    "凤翔",
];
const NOODLES: &[&str] = &[
    "马子禄风味",
    "金鼎",
    "舌尖",
    "东方宫",
    "白老七",
    "安泊尔",
    "吾穆勒",
    "磨沟沿",
    "陇萃",
    "清真",
];
/// What is on a street: ending, kind, weight.
const SHOPS: &[(&str, &str, f64)] = &[
    ("牛肉面馆", "restaurant", 9.0),
    ("火锅店", "restaurant", 4.0),
    ("餐厅", "restaurant", 4.0),
    ("烧烤店", "restaurant", 3.0),
    ("酿皮店", "restaurant", 2.0),
    ("超市", "retail", 8.0),
    ("便利店", "retail", 8.0),
    ("烟酒店", "retail", 6.0),
    ("水果店", "retail", 4.0),
    ("五金店", "retail", 4.0),
    ("服装店", "retail", 6.0),
    ("茶叶店", "retail", 3.0),
    ("文具店", "retail", 2.0),
    ("手机店", "retail", 3.0),
    ("家具店", "retail", 2.0),
    ("大药房", "pharmacy", 4.0),
    ("口腔诊所", "clinic", 1.5),
    ("理发店", "service", 5.0),
    ("干洗店", "service", 2.0),
    ("打印社", "service", 2.0),
    ("汽车维修部", "service", 3.0),
    ("家政服务部", "service", 1.5),
    ("宾馆", "hotel", 2.0),
    ("网吧", "service", 1.0),
    ("培训学校", "education", 1.5),
];
const TRADES: &[&str] = &[
    "商贸",
    "建筑工程",
    "信息科技",
    "物业管理",
    "房地产开发",
    "文化传媒",
    "广告",
    "劳务",
    "装饰工程",
    "电子科技",
    "餐饮管理",
    "医疗器械",
    "环保科技",
    "物流",
    "投资咨询",
    "教育咨询",
    "农业科技",
    "汽车销售",
    "旅游",
    "保险代理",
];
const WORKS: &[&str] = &[
    "机械制造",
    "建材",
    "钢结构",
    "塑业",
    "印务",
    "食品",
    "制药",
    "化工",
    "新材料",
    "仓储",
    "混凝土",
    "电力设备",
];

/// Name and kind of a firm in a building of this kind.
pub(crate) fn firm(
    building: BuildingKind,
    district: &str,
    community: &str,
    dice: &mut Dice,
) -> (String, &'static str) {
    match building {
        BuildingKind::Works => {
            let (name, _) = company(WORKS, dice);
            (name, "factory")
        }
        BuildingKind::Courtyard => {
            let trade =
                dice.pick(&["种植", "养殖", "种植养殖", "百合种植", "玫瑰种植", "蔬菜种植"]);
            let brand = dice.pick(BRANDS);
            (format!("{district}{community}{brand}{trade}农民专业合作社"), "farm")
        }
        BuildingKind::Shop | BuildingKind::House if dice.chance(0.86) => shop(community, dice),
        BuildingKind::Residential if dice.chance(0.5) => shop(community, dice),
        _ => company(TRADES, dice),
    }
}

fn company(trades: &[&str], dice: &mut Dice) -> (String, &'static str) {
    let seat = dice.pick(&["甘肃", "兰州", "兰州", "甘肃省"]);
    let ending = dice.pick(&["有限公司", "有限公司", "有限责任公司", "有限公司兰州分公司"]);
    (format!("{seat}{}{}{ending}", dice.pick(BRANDS), dice.pick(trades)), "company")
}

fn shop(community: &str, dice: &mut Dice) -> (String, &'static str) {
    let weights: Vec<f64> = SHOPS.iter().map(|s| s.2).collect();
    let (ending, kind, _) = SHOPS[dice.weighted(&weights)];
    let brand = match ending {
        "牛肉面馆" => dice.pick(NOODLES),
        _ => dice.pick(BRANDS),
    };
    let branch = if dice.chance(0.18) { format!("({community}店)") } else { String::new() };
    (format!("{brand}{ending}{branch}"), kind)
}
