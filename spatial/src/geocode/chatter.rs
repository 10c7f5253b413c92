//! What is no part of an address: greetings, complaints, and words that only look like names of places.

use super::text::Text;

/// Phrases with the ends of names in them that name nothing, and phrases of desks. Longest first among those that begin
/// alike.
const PHRASES: &str = "你好 您好 请问 我要反映 我想反映 反映一下 反映 投诉 举报 咨询 来电人称 来电人 市民称 市民 居民 业主 群众 \
    我家住在 我住在 家住 地址是 地址 位于 在 我们小区 我小区 本小区 该小区 这个小区 小区里面 小区里 小区内 小区门口 小区 \
    我们家属院 家属院里 这条路 这条街 这条巷子 马路边 马路上 马路 道路 路边 路口 路灯 路面 路上 路段 街边 街道上 街上 街面 \
    巷子 巷道 楼道 楼下 楼上 楼顶 楼前 楼后 楼梯间 楼梯 楼栋 楼宇 楼里 楼房 单元楼 单元门 门口 门前 门外 大门 院子 院内 院里 \
    附近 旁边 对面 隔壁 斜对面 周边 里面 后面 前面 左边 右边 东侧 西侧 南侧 北侧 东边 西边 南边 北边 交叉口 十字路口 十字 路口 \
    交汇处 交界处 之间 中间 往东 往西 往南 往北 向东 向西 向南 向北 市场上 商场里 超市门口 商铺 门面房 门面 店铺 \
    堆放杂物 堆放垃圾 堆放 杂物 垃圾 没人管 无人管理 无人清理 噪音扰民 噪音 扰民 漏水 停水 停电 停暖 暖气不热 暖气 下水道堵塞 下水道 堵塞 井盖 \
    破损 损坏 占道经营 占道 乱停车 乱停 电动车 私搭乱建 违建 装修 施工 油烟 污水 外溢 异味 收到 联系 电联 到了 前联系 送货 请 尽快 处理 \
    公共区域 消防通道 绿化带 电梯 物业 路旁 城区 市区 县城 工业区 开发区 \
    我家 我们家 他家 她家 家里 住在 就是 就在 那个 这个 哪个 那边 这边 那里 这里 那儿 这儿 那一片 一带 这片 跟前 后头 前头 里头 边上 边儿上 \
    对过 上面 下面 外面 楼上的 楼下的 门口的 喂 师傅 老师 同志 先生 女士 大姐 大哥 阿姨 联系人 收货人 收件人 收货地址 收件地址 寄到 送到 \
    地点 位置 具体位置 具体地址 详细地址 事发地 现场 麻烦 问一下 问下 想问 看一下 看看 来一下 快点来 赶紧 谢谢 你们 我们 我这里 我这边 \
    有个 有人 有只 有一个 没有 情况 问题 反应 昨天 今天 前天 明天 早上 晚上 中午 下午 上午 凌晨 现在 刚才 刚刚 好几天 很久 一直 经常 天天 \
    上个月 这个月 以前 原来 老人 孩子 小孩 住户 邻居 朋友 车停 停车 开车 走路 骑车 路过 经过 下车 过来 过去 回来 出来 进去 往里走 往里 \
    银行 超市 药店 饭店 饭馆 火锅店 理发店 菜市场 早市 夜市 公交站 公交车站 地铁口 地铁站 加油站 派出所 幼儿园 红绿灯 十字往 桥头 桥下 \
    中国银行 建设银行 工商银行 农业银行 邮政储蓄 便利店 小卖部 快递柜 垃圾桶 垃圾箱 垃圾站 公厕 停车场 地下车库 车库 车棚 锅炉房 配电室 \
    不远 靠近 挨着 紧挨 紧邻 临街 沿街 拐角 拐弯 转弯 斜对过 正对面 最里面 里边 外边 后边 前边 旁边儿";

/// Little words, which hardly a name has.
const LITTLE: &str = "的了着过是有没不就也都还又很太我你您他她它们咱俺这那哪谁啥吗呢吧啊呀哦嗯呃唉哎喂哈嘛啦把被给让叫跟与或但而且因为所以如果要想请说讲问\
    去从么怎几些样每各已经再才刚住";

/// Marks the units that belong to such phrases.
pub(super) fn mark(text: &Text, into: &mut Vec<bool>) {
    into.clear();
    into.resize(text.len(), false);
    let lists = lists();
    let mut at = 0;
    while at < text.len() {
        let (list, little) = lists.of(text.unit(at));
        let longest = list.iter().find(|phrase| text.has(at, phrase)).map(Vec::len);
        let step = longest.unwrap_or(1);
        if longest.is_some() || little {
            into[at..at + step].iter_mut().for_each(|mark| *mark = true);
        }
        at += step;
    }
}

/// The phrases by their first unit.
struct Lists {
    /// By first unit, the longest first.
    phrases: Vec<Vec<u16>>,
    /// For each unit from [`FIRST`] where its phrases begin and end, and whether it is a little word.
    of: Vec<(u16, u16, bool)>,
}

const FIRST: u16 = 0x4e00;

impl Lists {
    fn of(&self, unit: u16) -> (&[Vec<u16>], bool) {
        match self.of.get(usize::from(unit.wrapping_sub(FIRST))) {
            Some(&(from, to, little)) => {
                (&self.phrases[usize::from(from)..usize::from(to)], little)
            }
            None => (&[], false),
        }
    }
}

fn lists() -> &'static Lists {
    static LISTS: std::sync::OnceLock<Lists> = std::sync::OnceLock::new();
    LISTS.get_or_init(|| {
        let mut phrases: Vec<Vec<u16>> =
            PHRASES.split_whitespace().map(|phrase| phrase.encode_utf16().collect()).collect();
        phrases.sort_unstable_by_key(|phrase| (phrase[0], std::cmp::Reverse(phrase.len())));
        let little: Vec<u16> = LITTLE.encode_utf16().collect();
        let place = |unit: u16, above: bool| {
            phrases.partition_point(|p| if above { p[0] <= unit } else { p[0] < unit }) as u16
        };
        let of = (FIRST..=0x9fff)
            .map(|unit| (place(unit, false), place(unit, true), little.contains(&unit)))
            .collect();
        Lists { phrases, of }
    })
}

#[cfg(test)]
#[path = "chatter_tests.rs"]
mod tests;
