//! Wrong characters: what an input method, a microphone or a tired finger makes of a text.

use pinyin::ToPinyin;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::material::Material;

/// Characters that carry a choice no reader could restore: numerals, directions, the words of numbers.
const KEPT: &str = "零一二三四五六七八九十百千两东西南北号楼栋幢座单元室房门社甲";

fn may_go_wrong(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) && !KEPT.contains(c)
}

/// Replaces one character by another of the same sound; `None` where there is none.
pub fn homophone(text: &str, material: &Material, rng: &mut ChaCha8Rng) -> Option<String> {
    replace(text, rng, |c, rng| {
        let others = material.sounds.get(c.to_pinyin()?.plain())?;
        let others: Vec<char> =
            others.iter().copied().filter(|o| *o != c && may_go_wrong(*o)).take(12).collect();
        // The commoner character stands nearer the top of the list of an input method.
        let at =
            rng.random_range(0..others.len().max(1)).min(rng.random_range(0..others.len().max(1)));
        others.get(at).copied()
    })
}

/// Replaces one character by one that some speakers say the same: n/l, hu/f, -ang/-an.
pub fn dialect(text: &str, material: &Material, rng: &mut ChaCha8Rng) -> Option<String> {
    replace(text, rng, |c, rng| {
        let said = other_speech(c.to_pinyin()?.plain())?;
        let others = material.sounds.get(said.as_str())?;
        let other = others[rng.random_range(0..others.len().min(8))];
        may_go_wrong(other).then_some(other)
    })
}

fn other_speech(sound: &str) -> Option<String> {
    if let Some(rest) = sound.strip_prefix('l') {
        return Some(format!("n{rest}"));
    }
    if let Some(rest) = sound.strip_prefix('n') {
        return Some(format!("l{rest}"));
    }
    match sound {
        "hua" => Some("fa".to_owned()),
        "huan" => Some("fan".to_owned()),
        "huang" => Some("fang".to_owned()),
        "hui" => Some("fei".to_owned()),
        "hu" => Some("fu".to_owned()),
        "fu" => Some("hu".to_owned()),
        "fang" => Some("huang".to_owned()),
        _ => sound.strip_suffix("ang").map(|head| format!("{head}an")),
    }
}

/// Replaces one character by any common one.
pub fn typo(text: &str, material: &Material, rng: &mut ChaCha8Rng) -> Option<String> {
    replace(text, rng, |c, rng| {
        let other = material.common[rng.random_range(0..material.common.len().min(1200))];
        (other != c && may_go_wrong(other)).then_some(other)
    })
}

fn replace(
    text: &str,
    rng: &mut ChaCha8Rng,
    mut other: impl FnMut(char, &mut ChaCha8Rng) -> Option<char>,
) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    // Province and city are chatter to a city's own desk: an error there proves nothing.
    let from = ["甘肃省兰州市", "兰州市"]
        .iter()
        .find(|p| text.starts_with(**p))
        .map_or(0, |p| p.chars().count());
    for _ in 0..30 {
        let at = rng.random_range(from..chars.len().max(from + 1));
        let &c = chars.get(at)?;
        if may_go_wrong(c)
            && let Some(new) = other(c, rng)
        {
            chars[at] = new;
            return Some(chars.into_iter().collect());
        }
    }
    None
}
