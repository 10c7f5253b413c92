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
