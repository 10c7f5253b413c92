use proptest::prelude::*;

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn reading(id: i32, said: &str, target: &str, scope_path: &str) -> Reading {
    Reading {
        alias_id: AliasId(id),
        normal: Text::new(said).to_string(),
        target_text: target.to_owned(),
        scope_code: scope_path.rsplit('/').next().unwrap().to_owned(),
        scope_path: scope_path.to_owned(),
        valid_from: now() - chrono::TimeDelta::days(1),
        valid_to: None,
    }
}

fn read(book: &AliasBook, text: &str) -> Option<String> {
    book.rewrite(text, "", now()).map(|rewritten| rewritten.text)
}

#[test]
fn an_alias_is_read_wherever_and_however_it_is_written() {
    let book = AliasBook::new([reading(1, "老食品厂", "庆阳路123号", "")]);
    assert_eq!(read(&book, "老食品厂3号楼").as_deref(), Some("庆阳路123号3号楼"));
    assert_eq!(
        read(&book, "您好，老 食品厂３号樓漏水").as_deref(),
        Some("您好，庆阳路123号３号樓漏水")
    );
    assert_eq!(read(&book, "食品厂"), None);
    assert_eq!(read(&book, ""), None);
}

#[test]
fn digits_letters_and_directions_are_never_cut() {
    let book = AliasBook::new([
        reading(1, "5号院", "庆阳路5号", ""),
        reading(2, "五号院", "庆阳路5号", ""),
        reading(3, "门市场", "酒泉路1号", ""),
        reading(4, "A区广场", "酒泉路2号", ""),
        reading(5, "食品厂1", "酒泉路3号", ""),
    ]);
    for text in ["15号院", "十五号院", "东门市场", "BA区广场", "食品厂12号"] {
        assert_eq!(read(&book, text), None, "{text}");
    }
    for text in ["去5号院", "去五号院", "老门市场", "A区广场", "食品厂1号"] {
        assert!(read(&book, text).is_some(), "{text}");
    }
    // No letter stands for another: not even one that sounds alike.
    assert_eq!(read(&book, "西门市厂"), None);
}

#[test]
fn the_longest_wins_and_ended_ones_are_not_read() {
    let long = reading(2, "老食品厂家属院", "B", "");
    let book = AliasBook::new([reading(1, "老食品厂", "A", ""), long.clone()]);
    assert_eq!(read(&book, "老食品厂家属院门口").as_deref(), Some("B门口"));
    let ended = Reading { valid_to: Some(now()), ..long.clone() };
    let to_come = Reading { valid_from: now() + chrono::TimeDelta::seconds(1), ..long };
    assert_eq!(read(&AliasBook::new([ended]), "老食品厂家属院"), None);
    assert_eq!(read(&AliasBook::new([to_come]), "老食品厂家属院"), None);
}

#[test]
fn a_word_of_a_district_is_read_there_and_where_nobody_else_uses_it() {
    let here = reading(1, "老食品厂", "A", "6201/620102");
    let there = reading(2, "老食品厂", "B", "6201/620103");
    let one = AliasBook::new([here.clone()]);
    let both = AliasBook::new([here, there]);
    let read = |book: &AliasBook, area: &str| book.rewrite("老食品厂", area, now()).map(|r| r.text);
    assert_eq!(read(&one, "").as_deref(), Some("A"));
    assert_eq!(read(&both, ""), None);
    assert_eq!(read(&both, "6201/620103/620103001").as_deref(), Some("B"));
    assert_eq!(read(&one, "6201/620103"), None);
    assert_eq!(read(&one, "6201").as_deref(), Some("A"));
}

proptest! {
    /// Whatever the text, spans lie in it, and taking the new text back gives the old one.
    #[test]
    fn what_is_replaced_can_be_put_back(text in "[老食品厂ａA1 ，东五号院]{0,24}") {
        let book = AliasBook::new([
            reading(1, "老食品厂", "庆阳路123号", ""), reading(2, "五号院", "乙", ""), reading(3, "A1", "丙丙", ""),
        ]);
        if let Some(rewritten) = book.rewrite(&text, "", now()) {
            let mut old = rewritten.text.clone();
            for part in rewritten.parts.iter().rev() {
                old.replace_range(part.read.clone(), text.get(part.said.clone()).unwrap());
                prop_assert_eq!(rewritten.back(part.read.clone()), part.said.clone());
            }
            prop_assert_eq!(old, text.clone());
            prop_assert_eq!(rewritten.back(0..rewritten.text.len()), 0..text.len());
        }
    }
}
