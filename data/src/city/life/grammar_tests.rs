use super::super::rhythm::WAYS;
use super::super::themes::THEMES;
use super::*;

#[test]
fn every_category_and_every_channel_has_sentences() {
    for theme in THEMES {
        assert!(PHRASES.has(theme.code), "{}", theme.code);
    }
    for way in WAYS {
        assert!(PHRASES.has(&format!("frame/{}", way.channel.name())), "{}", way.channel.name());
    }
}

#[test]
fn every_sentence_of_a_category_says_where_and_leaves_no_slot_open() {
    let mut dice = Dice::new(1, "grammar", 0);
    let sections: Vec<&str> =
        PHRASES.sections.keys().copied().filter(|name| !name.starts_with("frame/")).collect();
    assert!(45 < sections.len(), "{}", sections.len());
    for section in sections {
        for _ in 0..150 {
            let said = PHRASES.say(section, "金汇家园3号楼", "", &mut dice);
            assert!(said.contains("金汇家园3号楼"), "[{section}] {said}");
            assert!(!said.contains(['{', '}', '|']), "[{section}] {said}");
        }
    }
}

#[test]
fn what_is_wrong_with_phrases_is_said() {
    let wrong = |file: &'static str| Grammar::read(&[file]).err().unwrap_or_default();
    assert!(wrong("[a]\n{处}有{无}").contains("no list 无"));
    assert!(wrong("[a]\n{处").contains("no closing brace"));
}
