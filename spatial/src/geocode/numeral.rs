//! Chinese numerals, and the characters that are typed or heard for them.

use super::letter::Letter;

/// What a numeral character means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numeral {
    Digit(u32),
    Ten(u32),
}

/// The numeral of a character, with the digits as they are read over the telephone (幺 1, 拐 7, 洞 0).
pub(super) fn numeral(unit: u16) -> Option<Numeral> {
    let character = char::from_u32(u32::from(unit))?;
    Some(match character {
        '零' | '〇' | '洞' => Numeral::Digit(0),
        '一' | '壹' | '幺' | '弌' => Numeral::Digit(1),
        '二' | '贰' | '两' => Numeral::Digit(2),
        '三' | '叁' => Numeral::Digit(3),
        '四' | '肆' => Numeral::Digit(4),
        '五' | '伍' => Numeral::Digit(5),
        '六' | '陆' => Numeral::Digit(6),
        '七' | '柒' | '拐' => Numeral::Digit(7),
        '八' | '捌' => Numeral::Digit(8),
        '九' | '玖' | '勾' => Numeral::Digit(9),
        '十' | '拾' => Numeral::Ten(10),
        '百' | '佰' => Numeral::Ten(100),
        '千' | '仟' => Numeral::Ten(1000),
        _ => return None,
    })
}

/// The numeral a character sounds like, if it is none itself: 柏 for 百, 酒 for 九.
///
/// Meant for a character between numerals; little words and the ends of place names are left alone.
pub(super) fn heard(letter: &Letter) -> Option<Numeral> {
    const LITTLE: &str = "是时有以就也而儿无已的于与其事市室师路里第号楼栋层期旗社区";
    const SOUNDS: [(char, Numeral); 13] = [
        ('零', Numeral::Digit(0)),
        ('一', Numeral::Digit(1)),
        ('二', Numeral::Digit(2)),
        ('三', Numeral::Digit(3)),
        ('四', Numeral::Digit(4)),
        ('五', Numeral::Digit(5)),
        ('六', Numeral::Digit(6)),
        ('七', Numeral::Digit(7)),
        ('八', Numeral::Digit(8)),
        ('九', Numeral::Digit(9)),
        ('百', Numeral::Ten(100)),
        ('千', Numeral::Ten(1000)),
        ('十', Numeral::Ten(10)),
    ];
    static LETTERS: std::sync::OnceLock<Vec<(Letter, Numeral)>> = std::sync::OnceLock::new();
    let letters = LETTERS.get_or_init(|| {
        SOUNDS.iter().map(|(c, numeral)| (Letter::new(*c as u32 as u16), *numeral)).collect()
    });
    if LITTLE.encode_utf16().any(|unit| unit == letter.unit) || letter.is_marked() {
        return None;
    }
    letters
        .iter()
        .find(|(sound, _)| letter.edit(sound) == Some(super::letter::Edit::Homophone))
        .map(|(_, numeral)| *numeral)
}

/// The value of a run of numerals: positional (一百零三), digit by digit (五零一), or `None` where it is neither.
///
/// A digit that follows a hundred or thousand at the end counts one place lower, as it is spoken: 一百二 is 120.
pub(super) fn value(run: &[Numeral]) -> Option<u32> {
    if run.is_empty() || run.len() > 9 {
        return None;
    }
    if run.iter().all(|n| matches!(n, Numeral::Digit(_))) {
        return digits(run);
    }
    let (mut total, mut digit, mut lowest) = (0u32, None, u32::MAX);
    let mut zero = false;
    for (at, numeral) in run.iter().enumerate() {
        match *numeral {
            Numeral::Digit(0) => {
                if digit.is_some() || at == 0 {
                    return None;
                }
                zero = true;
            }
            Numeral::Digit(d) => {
                if digit.replace(d).is_some() {
                    return None;
                }
            }
            Numeral::Ten(unit) => {
                let d = match digit.take() {
                    Some(d) => d,
                    None if at == 0 || unit == 10 => 1,
                    None => return None,
                };
                if lowest <= unit {
                    return None;
                }
                total += d * unit;
                lowest = unit;
            }
        }
    }
    let last = match digit {
        Some(d) if !zero && lowest >= 100 && lowest != u32::MAX => d * (lowest / 10),
        Some(d) => d,
        None => 0,
    };
    Some(total + last)
}

fn digits(run: &[Numeral]) -> Option<u32> {
    run.iter().try_fold(0u32, |total, numeral| match numeral {
        Numeral::Digit(d) => total.checked_mul(10)?.checked_add(*d),
        Numeral::Ten(_) => None,
    })
}

#[cfg(test)]
#[path = "numeral_tests.rs"]
mod tests;
