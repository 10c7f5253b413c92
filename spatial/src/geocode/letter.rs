//! What it costs to take one character for another.

use super::reading::{Reading, readings};

/// How a character of a name stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// As it is, or a digit for the same numeral.
    Same,
    /// Another character of the same sound.
    Homophone,
    /// Another character of nearly the same shape.
    Shape,
    /// Another character that sounds the same in some places only.
    Dialect,
    /// Any other character.
    Other,
}

impl Edit {
    /// The cost in hundredths of a wrong character.
    pub(super) fn cost(self) -> u16 {
        match self {
            Self::Same => 0,
            Self::Homophone => 20,
            Self::Shape => 30,
            Self::Dialect => 35,
            Self::Other => 100,
        }
    }
}

/// Cost of a character too many or too few, in hundredths of a wrong character.
pub(super) const SLIP: u16 = 104;
/// The same for digits, letters and directions, which say too much to be overlooked.
pub(super) const GRAVE_SLIP: u16 = 140;
/// A substitution that never happens: digits, letters and directions are not guessed.
pub(super) const NEVER: u16 = 1000;

/// A character with all that comparing needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letter {
    pub(super) unit: u16,
    /// 0, or a mark that equals only itself: digits and numerals, Latin letters, directions.
    mark: u16,
    reading: Reading,
    /// One bit for each weak class, modulo 64: without a common bit two letters sound different.
    pub(super) sounds: u64,
    /// One bit for each family of twins, modulo 64: without a common bit two letters are no twins.
    pub(super) shapes: u64,
}

impl Letter {
    pub(super) fn new(unit: u16) -> Self {
        Self::known(unit).copied().unwrap_or_else(|| Self::make(unit))
    }

    /// The letter of a common unit, where it lies.
    #[inline]
    fn known(unit: u16) -> Option<&'static Self> {
        static ALL: std::sync::OnceLock<[Vec<Letter>; 2]> = std::sync::OnceLock::new();
        let [ascii, han] = ALL.get_or_init(|| {
            [(0..0x80).map(Self::make).collect(), (0x4e00..=0x9fff).map(Self::make).collect()]
        });
        match unit {
            0..0x80 => ascii.get(usize::from(unit)),
            0x4e00..=0x9fff => han.get(usize::from(unit - 0x4e00)),
            _ => None,
        }
    }

    fn make(unit: u16) -> Self {
        let reading = readings().of(unit);
        let sounds = reading.weak_classes().fold(0, |bits, class| bits | 1u64 << (class % 64));
        Self { unit, mark: mark(unit), reading, sounds, shapes: families(unit) }
    }

    /// Whether the character must be taken as written.
    pub(super) fn is_marked(&self) -> bool {
        self.mark != 0
    }

    /// Whether it is one of 东西南北.
    pub(super) fn is_direction(&self) -> bool {
        self.mark >= 200
    }

    pub(super) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// What it costs to drop or add it.
    pub(super) fn slip(&self) -> u16 {
        if self.is_marked() { GRAVE_SLIP } else { SLIP }
    }

    /// Whether it is the same letter, or a digit for the same numeral.
    #[inline]
    pub(super) fn is(&self, name: &Self) -> bool {
        self.unit == name.unit || (self.mark != 0 && self.mark == name.mark)
    }

    /// How `self` in a text reads as `name` in a name; `None` where it must not.
    #[inline]
    pub(super) fn edit(&self, name: &Self) -> Option<Edit> {
        if self.is(name) {
            return Some(Edit::Same);
        }
        if self.mark != 0 && name.mark != 0 {
            return None;
        }
        let near = self.sounds & name.sounds != 0;
        Some(if near && self.reading.sounds_like(&name.reading) {
            Edit::Homophone
        } else if self.shapes & name.shapes != 0 && are_twins(self.unit, name.unit) {
            Edit::Shape
        } else if near && self.reading.may_sound_like(&name.reading) {
            Edit::Dialect
        } else {
            Edit::Other
        })
    }

    /// The cost of that, [`NEVER`] where it must not be.
    #[cfg(test)]
    pub(super) fn cost(&self, name: &Self) -> u16 {
        self.edit(name).map_or(NEVER, Edit::cost)
    }
}

/// The sounds of all units, as bits.
pub(super) struct Sounds(Vec<u64>);

impl Sounds {
    /// The one table.
    pub(super) fn all() -> &'static Self {
        static ALL: std::sync::OnceLock<Sounds> = std::sync::OnceLock::new();
        ALL.get_or_init(|| Self((0x4e00..=0x9fff).map(|unit| Letter::new(unit).sounds).collect()))
    }

    /// Those of a unit.
    #[inline]
    pub(super) fn of(&self, unit: u16) -> u64 {
        match self.0.get(usize::from(unit.wrapping_sub(0x4e00))) {
            Some(&sounds) => sounds,
            None => Letter::new(unit).sounds,
        }
    }
}

/// Digits and numerals 1–10, letters 100–125, directions from 200.
fn mark(unit: u16) -> u16 {
    match unit {
        0x30..=0x39 => unit - 0x30 + 1,
        0x41..=0x5a => unit - 0x41 + 100,
        0x96f6 | 0x3007 => 1,
        0x4e00 => 2,
        0x4e8c => 3,
        0x4e09 => 4,
        0x56db => 5,
        0x4e94 => 6,
        0x516d => 7,
        0x4e03 => 8,
        0x516b => 9,
        0x4e5d => 10,
        0x5341 => 11,
        0x4e1c => 200,
        0x897f => 201,
        0x5357 => 202,
        0x5317 => 203,
        _ => 0,
    }
}

/// Characters that are read or typed for one another because they look alike: by the eye, by optical recognition, by
/// shape-based input. Each line is a family.
const TWINS: &str = "土士 未末 己已巳 人入八 天夫 干千于 日曰目 田由甲申电 大太犬 石右 王玉主 刀力刃 贝见 历厉 井并 \
    木本术 午牛 古占 白百自 鸟乌 免兔 折拆 析折 晴睛 清情请 园圆 州洲 泰秦奏 候侯 晨辰 辛幸 师帅 幻幼 今令 处外 \
    住往 佳住 进近 城域 坪评平 庄压 桥侨娇 滩难摊 雁雀 皋翱 宁宇 宾滨 兰三 永水 友反 斤斥 尤龙 朱未 采釆 具且 \
    冶治 冷泠 淮准 崇祟 茶荼 荣荥 梁粱 岁罗 亨享 历万 广厂 义叉 风凤 仓仑 汉汊 沟构 陆陇 隆降 陵凌 \
    湖潮 湾弯 渭谓 洮桃 黄寅 福副 富宫 官宫 苑范 院完 家冢 花化 华毕 春舂 阳阴 明朋 昌冒 晶品 旺汪 胜性 \
    建健 设没 民氏 良艮 县且 具县 卫节 营莹 萍苹 蓝篮 薛薜 嘉喜 善普 直真 祥样 详祥 银根 铁钱 锦绵 绣秀 镇填 \
    新斩 亲新 亚业 严亚 昆毘 吴昊 吕品 员贝 商商 南甫 西酉 东乐 北比 中申 上土 下卞 左右 前煎 后启 里理 内肉 \
    段假 锻段 汾份 沧沦 浪狼 浩皓 港巷 康唐 庆厌 庙庇 店点 底低 度渡 延廷 弘弦 强张 彭膨 徐除 德得 忠患 怡抬 \
    恒桓 惠慧 成戍 拱洪 振震 排徘 敦郭 文丈 施旋 景影 曙署 朝潮 杏杳 李季 村材 杨扬 松忪 林村 枣束 柏伯 柳抑 \
    核该 桂挂 桐洞 梅海 楼搂 榆愉 槐愧 橡像 正止 武式 毛手 江汪 池地 沙纱 河何 泉帛 泊怕 泽择 洁结 津律 洛络 \
    济挤 浦捕 淳享 源原 漳障 澜阑 瀚翰 灵炅 烽锋 焦蕉 照昭 牌碑 牟牢 狮师 瑞端 瓜爪 甘廿 电龟 番蕃 白臼 皇星 盐监 \
    盘盆 盛咸 相想 矿旷 砂纱 碧碳 社杜 神伸 科料 秀透 程理 穆稳 站拈 竹行 笔毛 管菅 紫紧 红江 纬伟 经轻 翠萃 老考 \
    联职 育肓 舟丹 航杭 芦庐 芳劳 苏办 英央 茂戊 草早 菊掬 菜莱 葛曷 蒋将 虹红 融隔 街衔 裕俗 谷各 豪毫 贡页 贤坚 \
    赵起 越起 跃妖 辉浑 运远 迎仰 通诵 道导 遥摇 郊效 郑邓 郝赫 金全 钟种 门们 问间 闻间 阁阔 陈阵 陶淘 雨两 霞露 青清 \
    靖清 顺项 颐颜 飞气 香番 马乌 高亭 魏巍 鱼角 鸿鸟 鹏鸣 鹿麂 麦表 龙尤";

/// One bit for each family the character belongs to, modulo 64.
fn families(unit: u16) -> u64 {
    let from = pairs().partition_point(|pair| pair.0 < unit);
    let own = pairs()[from..].iter().take_while(|pair| pair.0 == unit);
    // A pair has the bit of its lesser member, from whichever side it is seen.
    own.fold(0, |bits, (one, other)| bits | 1 << (one.min(other) % 64))
}

fn are_twins(one: u16, other: u16) -> bool {
    pairs().binary_search(&(one, other)).is_ok()
}

/// All pairs of twins, either way round, in order.
fn pairs() -> &'static [(u16, u16)] {
    static PAIRS: std::sync::OnceLock<Vec<(u16, u16)>> = std::sync::OnceLock::new();
    PAIRS.get_or_init(|| {
        let mut pairs = Vec::new();
        for family in TWINS.split_whitespace() {
            let units: Vec<u16> = family.encode_utf16().collect();
            for &one in &units {
                pairs
                    .extend(units.iter().filter(|&&other| other != one).map(|&other| (one, other)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    })
}

/// The other members of a character's families.
#[cfg(test)]
pub(super) fn twins_of(unit: u16) -> Vec<u16> {
    (0x4e00..=0x9fff).filter(|&other| are_twins(unit, other)).collect()
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
