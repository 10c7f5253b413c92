//! Numbers as people write them: 3号楼, 3栋, 3#, 三号楼.

use crate::city::dice::Dice;

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A number below ten thousand in words, as it is read out.
pub(super) fn in_words(number: u32) -> String {
    if 10_000 <= number {
        return number.to_string();
    }
    let places = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
    let (mut words, mut gap) = (String::new(), false);
    for (size, unit) in places {
        let digit = number / size % 10;
        if digit == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
            gap = false;
        }
        if !(digit == 1 && size == 10 && words.is_empty()) {
            words.push(DIGITS[digit as usize]);
        }
        words.push_str(unit);
    }
    if words.is_empty() { "零".to_owned() } else { words }
}

/// Digit by digit, as rooms are read out: 501 is 五零一.
fn spelt(number: &str) -> String {
    number.chars().map(|c| c.to_digit(10).map_or(c, |d| DIGITS[d as usize])).collect()
}

/// The number at the beginning of a text, and what follows.
fn split(text: &str) -> Option<(&str, u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    Some((number, number.parse().ok()?, rest))
}

/// `3号楼` in another form.
pub(super) fn building(text: &str, dice: &mut Dice) -> String {
    let Some((number, value, _)) = split(text) else { return text.to_owned() };
    match dice.below(6) {
        0 => format!("{number}栋"),
        1 => format!("{number}#"),
        2 => format!("{}号楼", in_words(value)),
        3 => format!("{number}幢"),
        4 => format!("{number}#楼"),
        _ => format!("{number}号"),
    }
}

/// `2单元` in another form.
pub(super) fn unit(text: &str, dice: &mut Dice) -> String {
    let Some((number, value, _)) = split(text) else { return text.to_owned() };
    match dice.below(3) {
        0 => format!("{}单元", in_words(value)),
        1 => format!("{number}门"),
        _ => format!("{number}-"),
    }
}

/// `501室` in another form.
pub(super) fn room(text: &str, dice: &mut Dice) -> String {
    let Some((number, value, _)) = split(text) else { return text.to_owned() };
    match dice.below(4) {
        0 => number.to_owned(),
        1 => spelt(number),
        2 => format!("{}楼{number}", in_words(value / 100)),
        _ => format!("{number}号"),
    }
}

/// `123号` in another form.
pub(super) fn house(text: &str, dice: &mut Dice) -> String {
    let Some((number, value, rest)) = split(text) else { return text.to_owned() };
    match dice.below(3) {
        0 => format!("{}{rest}", in_words(value)),
        1 => format!("{number}{}", rest.replacen('号', "#", 1)),
        _ => format!("{number}{}", rest.replacen('号', "号院", 1)),
    }
}

/// The same with a number some steps off, never below one.
pub(super) fn wrong(text: &str, steps: &[i64], dice: &mut Dice) -> Option<String> {
    let (_, value, rest) = split(text)?;
    let off = i64::from(value) + steps[dice.below(steps.len())];
    let off = if off < 1 { i64::from(value) + 2 } else { off };
    Some(format!("{off}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_out_as_people_do() {
        for (number, words) in [
            (3, "三"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (123, "一百二十三"),
            (1003, "一千零三"),
            (2030, "二千零三十"),
        ] {
            assert_eq!(in_words(number), words);
        }
        assert_eq!(spelt("1502"), "一五零二");
    }

    #[test]
    fn a_wrong_number_is_another_one_and_keeps_what_follows() {
        let mut dice = Dice::new(2, "numerals", 0);
        for _ in 0..100 {
            let off = wrong("2号附3号", &[-2, 2, 4], &mut dice).unwrap();
            assert!(
                off.ends_with("号附3号") && !off.starts_with("2号") && !off.starts_with('-'),
                "{off}"
            );
        }
    }
}
