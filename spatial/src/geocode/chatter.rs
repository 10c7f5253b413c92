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
    公共区域 消防通道 绿化带 电梯 物业 路旁 城区 市区 县城 工业区 开发区";

/// Marks the units that belong to such phrases.
pub(super) fn mark(text: &Text, into: &mut Vec<bool>) {
    into.clear();
    into.resize(text.len(), false);
    let phrases = phrases();
    let mut at = 0;
    while at < text.len() {
        let unit = text.unit(at);
        let range =
            phrases.partition_point(|p| p[0] < unit)..phrases.partition_point(|p| p[0] <= unit);
        let longest = phrases[range].iter().filter(|p| text.has(at, p)).map(Vec::len).max();
        let step = longest.unwrap_or(1);
        if longest.is_some() {
            into[at..at + step].iter_mut().for_each(|mark| *mark = true);
        }
        at += step;
    }
}

fn phrases() -> &'static [Vec<u16>] {
    static LIST: std::sync::OnceLock<Vec<Vec<u16>>> = std::sync::OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: Vec<Vec<u16>> =
            PHRASES.split_whitespace().map(|phrase| phrase.encode_utf16().collect()).collect();
        list.sort_unstable();
        list
    })
}

#[cfg(test)]
#[path = "chatter_tests.rs"]
mod tests;
