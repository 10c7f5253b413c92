use super::unknown;
use crate::geocode::chatter::mark;
use crate::geocode::figure::figures;
use crate::geocode::text::Text;

fn found(original: &str) -> Vec<String> {
    let text = Text::new(original);
    let (mut numbers, mut marks, mut into) = (Vec::new(), Vec::new(), Vec::new());
    figures(&text, &mut numbers);
    mark(&text, &mut marks);
    unknown(&text, &[], &numbers, &marks, &mut into);
    into.iter().map(|u| text.part(u.start..u.end)).collect()
}

#[test]
fn what_looks_like_a_name_and_is_not_known() {
    assert_eq!(found("北京市朝阳区平安路123号"), ["北京市", "朝阳区", "平安路"]);
    assert_eq!(found("翠竹花园3号楼"), ["翠竹花园"]);
}

#[test]
fn chatter_and_numbers_name_nothing() {
    assert!(found("我们小区3号楼马路上").is_empty());
}
