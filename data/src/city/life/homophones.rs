//! Characters that sound alike, as listeners and input methods confuse them.

use crate::city::dice::Dice;

/// Characters of one sound (tones aside), a group each.
const GROUPS: &[&str] = &[
    "园苑源元圆",
    "嘉佳家加",
    "花华画",
    "景锦井京",
    "兰蓝岚",
    "庆青清卿",
    "河和荷合",
    "新欣鑫馨",
    "西溪希",
    "东冬栋",
    "阳洋杨扬",
    "明鸣名铭",
    "城成程诚",
    "盛胜圣",
    "泰太",
    "福富复",
    "雁燕艳",
    "滩摊坛",
    "靖静敬镜",
    "渭卫魏",
    "酒九久",
    "泉全权",
    "武五伍",
    "掖叶业",
    "平坪萍屏",
    "凉良梁",
    "宁凝",
    "天添",
    "百白柏",
    "银寅吟",
    "皋高",
    "永勇咏",
    "红宏洪虹鸿",
    "古谷鼓",
    "榆于鱼余雨",
    "中钟忠",
    "金今津",
    "昌长常",
    "丰风峰枫",
    "裕玉育",
    "祥翔详",
    "瑞锐",
    "康慷",
    "安庵",
    "顺舜",
    "利立丽力",
    "湾弯",
    "台苔",
    "沟勾",
    "岭领",
    "林琳临",
    "亭庭廷",
    "桥乔",
    "门们",
    "庄装",
    "堡保宝",
    "营盈迎",
    "树数",
    "春椿",
    "晖辉徽",
    "石时实",
    "沙砂",
    "柳流刘",
    "桃陶",
    "杏幸信",
    "枣早",
    "槐怀",
    "松嵩",
    "梅煤",
    "塔踏",
    "寺四",
    "磨墨",
    "恒横",
    "润闰",
    "夏厦",
    "云芸",
    "珠竹",
    "秀绣",
    "世士",
    "纪济",
    "时十",
    "康抗",
    "怡宜",
    "翠脆",
    "湖胡",
    "观冠",
    "澜兰",
    "雅亚",
    "博波",
    "书舒",
    "香乡",
    "惠慧汇",
    "众重",
    "紫子",
    "荆京",
    "同童",
    "益意义",
    "望旺",
    "听厅",
    "丝思",
    "路陆",
    "驼陀",
    "铃玲灵",
    "玛马",
    "迭叠",
    "洮桃",
    "敦墩",
    "肃素",
    "通同",
];

/// Replaces one character of `name` by another of its sound; `None` when none of its characters has one.
pub(super) fn misheard(name: &str, dice: &mut Dice) -> Option<String> {
    let group = |c: char| GROUPS.iter().find(|group| group.contains(c));
    let fits: Vec<usize> =
        name.chars().enumerate().filter(|(_, c)| group(*c).is_some()).map(|(at, _)| at).collect();
    let at = *fits.get(dice.below(fits.len().max(1)))?;
    let wrong: Vec<char> = name.chars().collect();
    let others: Vec<char> = group(wrong[at])?.chars().filter(|c| *c != wrong[at]).collect();
    let other = others[dice.below(others.len())];
    Some(wrong.iter().enumerate().map(|(i, c)| if i == at { other } else { *c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_exchanged_for_another_of_its_group() {
        let mut dice = Dice::new(1, "homophones", 0);
        for _ in 0..200 {
            let heard = misheard("金汇家园", &mut dice).unwrap();
            let changed: Vec<(char, char)> =
                "金汇家园".chars().zip(heard.chars()).filter(|(a, b)| a != b).collect();
            let [(was, is)] = changed[..] else { panic!("{heard}") };
            assert!(
                GROUPS.iter().any(|group| group.contains(was) && group.contains(is)),
                "{heard}"
            );
        }
        assert_eq!(misheard("一二三", &mut dice), None);
    }

    #[test]
    fn no_group_repeats_a_character() {
        for group in GROUPS {
            let mut all: Vec<char> = group.chars().collect();
            all.sort_unstable();
            all.dedup();
            assert!(1 < all.len() && all.len() == group.chars().count(), "{group}");
        }
    }
}
