use super::mark;
use crate::geocode::text::Text;

fn kept(original: &str) -> String {
    let text = Text::new(original);
    let mut marks = Vec::new();
    mark(&text, &mut marks);
    let keep = |(c, chatter): (char, &bool)| (!chatter).then_some(c);
    text.to_string().chars().zip(&marks).filter_map(keep).collect()
}

#[test]
fn what_remains_is_the_address() {
    assert_eq!(kept("您好,我要反映锦绣家园3号楼楼道堆放杂物"), ",锦绣家园3号楼");
    assert_eq!(kept("庆阳路123号门口井盖破损"), "庆阳路123号");
}

#[test]
fn the_longest_phrase_is_taken() {
    assert_eq!(kept("斜对面"), "");
}
