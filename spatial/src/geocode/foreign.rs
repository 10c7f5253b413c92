//! Names of provinces and of other cities: an address elsewhere is not looked for here.

use super::candidate::Hit;
use super::snapshot::View;
use super::text::Text;

const PROVINCES: &str = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 \
    甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门";
const CITIES: &str = "石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 海口 成都 贵阳 昆明 西安 兰州 西宁 呼和浩特 南宁 拉萨 \
    银川 乌鲁木齐 大连 青岛 宁波 厦门 深圳 苏州 无锡 东莞 佛山 温州 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 嘉峪关 金昌 咸阳 宝鸡 \
    洛阳 烟台 徐州 常州 南通 嘉兴 绍兴 金华 台州 泉州 惠州 中山 珠海 唐山 保定 邯郸 包头 鞍山 大庆 芜湖 赣州 潍坊 临沂 淄博 宜昌 襄阳 衡阳 株洲 柳州 桂林 \
    绵阳 遵义 曲靖";

/// What the text says about the city it speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Region {
    /// Units that name this province or this city.
    pub(super) own: bool,
    /// It names another.
    pub(super) foreign: bool,
}

/// Looks for names of provinces and cities that stand as such: with 省 or 市 behind them, or at the beginning. Those of
/// this city are marked as explained.
pub(super) fn region(view: &View<'_>, text: &Text, hits: &[Hit], marks: &mut [bool]) -> Region {
    let own = [view.string(0), view.string(1)];
    let bare = own.clone().map(|name| name.trim_end_matches(['省', '市']).to_owned());
    let mut region = Region::default();
    let mut at = 0;
    while at < text.len() {
        let unit = text.unit(at);
        let from = names().partition_point(|name| name.units[0] < unit);
        let alike = names()[from..].iter().take_while(|name| name.units[0] == unit);
        let found =
            alike.max_by_key(|name| if text.has(at, &name.units) { name.units.len() } else { 0 });
        let found = found.filter(|name| text.has(at, &name.units));
        let Some(name) = found else {
            at += 1;
            continue;
        };
        let end = at + name.units.len();
        let ended = matches!(text.unit(end), 0x7701 | 0x5e02) || tail(text, end) > 0;
        let begins = at == 0 || marks.get(at - 1).copied().unwrap_or(false);
        // 北京路 and 天津街 are streets; 兰州新区 and 兰州大学 are ours.
        let street = matches!(
            text.unit(end),
            0x8def | 0x8857 | 0x5df7 | 0x4e1c | 0x897f | 0x5357 | 0x5317 | 0x4e2d | 0x5927
        );
        let ours = bare.contains(&name.text);
        let within = hits.iter().any(|hit| {
            let (from, to) = (usize::from(hit.at.start), usize::from(hit.at.end));
            hit.at.cost <= 20 && from <= at && end < to
        });
        if within && !ended {
            at = end;
            continue;
        }
        if ended || (begins && !street) {
            if ours {
                let stop = end + usize::from(matches!(text.unit(end), 0x7701 | 0x5e02));
                marks.iter_mut().take(stop).skip(at).for_each(|mark| *mark = true);
                region.own = true;
                at = stop;
                continue;
            }
            region.foreign = true;
        }
        at = end;
    }
    region
}

/// Length of 自治区 and the like.
fn tail(text: &Text, at: usize) -> usize {
    let word: Vec<u16> = "自治".encode_utf16().collect();
    if text.has(at, &word) { word.len() } else { 0 }
}

struct Name {
    text: String,
    units: Vec<u16>,
}

fn names() -> &'static [Name] {
    static LIST: std::sync::OnceLock<Vec<Name>> = std::sync::OnceLock::new();
    LIST.get_or_init(|| {
        let all = PROVINCES.split_whitespace().chain(CITIES.split_whitespace());
        let mut list: Vec<Name> = all
            .map(|name| Name { text: name.to_owned(), units: name.encode_utf16().collect() })
            .collect();
        list.sort_by(|a, b| a.units.cmp(&b.units));
        list
    })
}
