//! Invented names in the style of the place: streets called after towns of the province, compounds after good wishes.

use std::collections::HashSet;

use super::dice::Dice;

/// Towns and counties after which main streets are called.
const TOWNS: &[&str] = &[
    "敦煌",
    "玉门",
    "安西",
    "金塔",
    "高台",
    "临泽",
    "民乐",
    "山丹",
    "永昌",
    "古浪",
    "天祝",
    "景泰",
    "会宁",
    "通渭",
    "陇西",
    "临洮",
    "漳县",
    "岷县",
    "宕昌",
    "武都",
    "文县",
    "康县",
    "成县",
    "徽县",
    "两当",
    "西和",
    "礼县",
    "天水",
    "秦安",
    "甘谷",
    "武山",
    "清水",
    "泾川",
    "灵台",
    "崇信",
    "华亭",
    "庄浪",
    "静宁",
    "庆阳",
    "华池",
    "合水",
    "正宁",
    "宁县",
    "镇原",
    "永靖",
    "广河",
    "康乐",
    "积石",
    "夏河",
    "碌曲",
    "玛曲",
    "迭部",
    "舟曲",
    "卓尼",
    "临潭",
    "肃南",
    "肃北",
    "阿克塞",
    "瓜州",
    "酒钢",
    "鸣沙",
    "阳关",
    "居延",
    "黑水",
    "疏勒",
    "党河",
    "祁连",
    "马鬃",
    "焉支",
    "崆峒",
    "麦积",
    "仙人崖",
    "拉卜楞",
    "冶力关",
    "兴隆",
    "渭水",
    "洮河",
    "大夏",
    "庄浪河",
    "湟水",
];
const FIRST: &[&str] = &[
    "金", "兰", "安", "和", "永", "福", "宁", "泰", "文", "昌", "新", "华", "瑞", "祥", "德", "仁",
    "义", "信", "嘉", "庆", "明", "光", "东", "西", "南", "北", "青", "红", "白", "天", "云", "龙",
    "凤", "玉", "石", "沙", "水", "柳", "桃", "杏", "枣", "槐", "松", "梅", "塔", "井", "桥", "寺",
    "园", "磨",
];
const SECOND: &[&str] = &[
    "安", "康", "宁", "平", "兴", "盛", "昌", "隆", "泰", "和", "顺", "利", "丰", "裕", "源", "泉",
    "湾", "滩", "坪", "台", "沟", "岭", "山", "林", "园", "亭", "桥", "门", "庄", "堡", "营", "店",
    "巷口", "井", "树", "溪", "苑", "春", "晖", "阳",
];
const COMPOUND_FIRST: &[&str] = &[
    "金汇", "兰欣", "天瑞", "鸿运", "陇能", "盛景", "黄河", "滨河", "名都", "瑞丰", "嘉禾", "东方",
    "新港", "银滩", "亚太", "恒泰", "润丰", "华夏", "祥云", "丽景", "明珠", "锦绣", "春天", "阳光",
    "世纪", "时代", "福临", "安居", "康桥", "怡和", "御景", "翠湖", "金色", "颐景", "观澜", "雅苑",
    "博雅", "书香", "盛世", "长青", "惠民", "众邦", "紫荆", "玫瑰", "兰石", "庆华", "建工", "水电",
    "瑞德", "永新", "同济", "益民", "和谐", "幸福", "望河", "听涛", "陇上", "丝路", "飞天", "驼铃",
];
const COMPOUND_LAST: &[&str] = &[
    "家园", "花园", "佳苑", "小区", "嘉园", "新城", "名邸", "华府", "公馆", "雅居", "新村", "庭院",
    "丽都", "国际", "广场", "城", "苑", "府", "里", "湾",
];
const WORKSHOPS: &[&str] = &[
    "机床", "轴承", "毛纺", "面粉", "印刷", "制药", "仪表", "电机", "塑料", "玻璃", "皮革", "水泥",
    "供水", "供电", "公交", "铁路", "粮食", "建筑", "地质", "勘察", "纺织", "化工", "农机", "木器",
    "汽修", "食品",
];

/// Names given so far; none is given twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    given: HashSet<String>,
}

impl Names {
    /// Marks a name as given; false if it was already.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.given.insert(name.to_owned())
    }

    /// A new name made by `draw`, numbered if chance runs out.
    fn fresh(&mut self, dice: &mut Dice, draw: &dyn Fn(&mut Dice) -> String) -> String {
        for _ in 0..40 {
            let name = draw(dice);
            if self.take(&name) {
                return name;
            }
        }
        let stem = draw(dice);
        let mut number = 2;
        loop {
            let name = format!("{stem}{number}");
            if self.take(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// A stem and an ending with a number between them from the second on, such as `石黑二公路`.
    pub(crate) fn numbered(&mut self, stem: &str, ending: &str) -> String {
        let name = format!("{stem}{ending}");
        if self.take(&name) {
            return name;
        }
        let mut number = 2;
        loop {
            let name = format!("{stem}{}{ending}", in_words(number));
            if self.take(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// A main street, such as `敦煌路`.
    pub(crate) fn main_street(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            let (town, part) =
                (d.pick(TOWNS), ["", "", "", "东", "西", "南", "北", "中"][d.below(8)]);
            if d.chance(0.1) { format!("{town}大道") } else { format!("{town}{part}路") }
        })
    }

    /// A bridge, such as `金塔黄河大桥`.
    pub(crate) fn bridge(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| format!("{}黄河大桥", d.pick(TOWNS)))
    }

    /// A smaller street, such as `安平街`.
    pub(crate) fn street(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            format!(
                "{}{}{}",
                d.pick(FIRST),
                d.pick(SECOND),
                d.pick(&["路", "街", "街", "巷", "巷", "一路", "二路"])
            )
        })
    }

    /// A lane, such as `杏园巷`.
    pub(crate) fn lane(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            let number = ["", "", "", "前", "后", "上", "下"][d.below(7)];
            format!(
                "{}{}{number}{}",
                d.pick(FIRST),
                d.pick(SECOND),
                d.pick(&["巷", "巷", "里", "街", "沟"])
            )
        })
    }

    /// A residential compound.
    pub(crate) fn compound(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            if d.chance(0.24) {
                let place = d.pick(FIRST);
                format!("{place}{}{}家属院", d.pick(SECOND), d.pick(WORKSHOPS))
            } else {
                format!("{}{}", d.pick(COMPOUND_FIRST), d.pick(COMPOUND_LAST))
                    + ["", "", "", "东区", "西区", "一期", "二期", "A区", "B区"][d.below(9)]
            }
        })
    }

    /// An office building.
    pub(crate) fn office(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            let house = d.pick(&[
                "大厦",
                "商务楼",
                "写字楼",
                "中心",
                "金融大厦",
                "科技大厦",
                "商务大厦",
                "国际大厦",
            ]);
            let block = ["", "", "", "", "A座", "B座"][d.below(6)];
            if d.chance(0.4) {
                let place = d.pick(FIRST);
                format!("{place}{}{house}{block}", d.pick(SECOND))
            } else {
                format!("{}{house}{block}", d.pick(COMPOUND_FIRST))
            }
        })
    }

    /// A factory or depot.
    pub(crate) fn works(&mut self, dice: &mut Dice) -> String {
        self.fresh(dice, &|d| {
            let place = d.pick(FIRST);
            format!(
                "{place}{}{}{}",
                d.pick(SECOND),
                d.pick(WORKSHOPS),
                d.pick(&["厂", "厂区", "仓库", "基地", "产业园"])
            )
        })
    }
}

/// A small number in Chinese digits.
fn in_words(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| DIGITS[(n % 10) as usize];
    match number {
        0..10 => digit(number).to_owned(),
        10..20 => format!("十{}", digit(number)),
        20..100 => format!("{}十{}", digit(number / 10), digit(number)),
        _ => number.to_string(),
    }
}
