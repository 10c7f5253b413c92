use proptest::prelude::*;

use super::{Numeral, heard, numeral, value};
use crate::geocode::letter::Letter;

fn read(text: &str) -> Option<u32> {
    let run: Option<Vec<Numeral>> = text.encode_utf16().map(numeral).collect();
    value(&run?)
}

/// The numeral as it is taught in school, below ten thousand.
fn spell(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(digit == 1 && unit == 10 && text.is_empty()) {
            text.push(DIGITS[digit as usize]);
        }
        text.push_str(name);
    }
    text
}

proptest! {
    #[test]
    fn spelled_numbers_are_read_back(number in 1u32..10_000) {
        prop_assert_eq!(read(&spell(number)), Some(number), "{}", spell(number));
    }

    #[test]
    fn digit_by_digit_is_read_too(number in 100u32..999_999) {
        let text: String = number.to_string().bytes()
            .map(|d| "零一二三四五六七八九".chars().nth(usize::from(d - b'0')).unwrap()).collect();
        prop_assert_eq!(read(&text), Some(number));
    }

    #[test]
    fn any_run_of_numerals_is_read_or_refused(text in "[零一二三四五六七八九十百千两幺]{1,12}") {
        let _ = read(&text);
    }
}

#[test]
fn spoken_forms() {
    assert_eq!(read("一百二"), Some(120));
    assert_eq!(read("两百零二"), Some(202));
    assert_eq!(read("幺幺拐"), Some(117));
    assert_eq!(read("十"), Some(10));
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["百十百", "一二十", "十百"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_homophone_is_heard_as_its_numeral_but_little_words_are_not() {
    let of = |c: char| heard(&Letter::new(c as u32 as u16));
    assert_eq!(of('柏'), Some(Numeral::Ten(100)));
    assert_eq!(of('酒'), Some(Numeral::Digit(9)));
    assert_eq!(of('是'), None);
    assert_eq!(of('市'), None);
    assert_eq!(of('猫'), None);
}
