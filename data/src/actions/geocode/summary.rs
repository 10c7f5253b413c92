//! An answer in one sentence, as a colleague would say it.

use spatial::geocode::{Element, Precision, Verdict};

use super::Geocoded;

/// The sentence.
pub(super) fn summary(answer: &Geocoded) -> String {
    let Some(first) = answer.candidates.first() else {
        return "没有找到与该文本相符的地址。".to_owned();
    };
    let label = first.found.elements.label();
    let missing = answer.missing.as_ref().map(|missing| {
        format!(
            "{road}存在,但没有{asked}:该路门牌号为{lowest}号至{highest}号,最近的是{nearest}号。",
            road = missing.road,
            asked = missing.asked,
            lowest = missing.lowest,
            highest = missing.highest,
            nearest = missing.nearest,
        )
    });
    if let Some(missing) = missing {
        return missing;
    }
    match answer.verdict {
        _ if first.found.precision == Precision::Coordinate => {
            format!("按文中坐标定位于{label}。")
        }
        Verdict::Accepted => format!("确定为{label}。"),
        Verdict::NotFound => "没有找到与该文本相符的地址。".to_owned(),
        Verdict::Ambiguous => match &answer.question {
            Some(question) => {
                let options: Vec<&str> =
                    question.options.iter().map(|option| option.0.as_str()).collect();
                format!(
                    "有多处相符,请确认是{}:{}?",
                    asked_for(question.element),
                    options.join("、")
                )
            }
            None => format!("有多处相符,最可能的是{label}。"),
        },
        Verdict::Doubtful => {
            format!("最可能是{label}({}),请核对。", level_name(first.found.precision))
        }
    }
}

/// What is asked for.
pub const fn asked_for(element: Element) -> &'static str {
    match element {
        Element::District => "哪个区县",
        Element::Township => "哪个街道或乡镇",
        Element::Community => "哪个社区",
        Element::Road => "哪条路",
        Element::Compound => "哪个小区",
        Element::Poi => "哪个地点",
        Element::Number => "哪个门牌号",
        Element::Building => "哪栋楼",
        Element::Unit => "哪个单元",
        Element::Room => "哪个房间",
    }
}

/// How exactly a place is known, by the word people use.
const fn level_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Room => "定位到房间",
        Precision::Unit => "定位到单元",
        Precision::Building => "定位到楼栋",
        Precision::Site => "定位到门牌或小区",
        Precision::Interpolated => "由相邻门牌推算",
        Precision::Crossing => "定位到路口",
        Precision::Relative => "由相邻地点推算",
        Precision::Coordinate => "按文中坐标定位",
        Precision::Road => "只定位到道路",
        Precision::Community => "只定位到社区",
        Precision::Township => "只定位到街道",
        Precision::District => "只定位到区县",
    }
}
