use super::spoken;
use crate::geocode::{Compass, RelationKind, Text};

fn found(text: &str) -> Vec<(RelationKind, String)> {
    let text = Text::new(text);
    let mut all = Vec::new();
    spoken(&text, &mut all);
    all.iter().map(|one| (one.kind, text.part(one.start..one.end))).collect()
}

#[test]
fn offsets_are_read_in_every_form() {
    let rows = [
        ("兰大东侧50米", Compass::East, 50.0),
        ("兰大往北200米", Compass::North, 200.0),
        ("兰大以西约一百米处", Compass::West, 100.0),
        ("兰大东北方向100米左右", Compass::NorthEast, 100.0),
        ("兰大向南走300米", Compass::South, 300.0),
        ("兰大东50米", Compass::East, 50.0),
        ("兰大西南80m", Compass::SouthWest, 80.0),
        ("兰大往东2公里", Compass::East, 2000.0),
        ("兰大东侧５０米", Compass::East, 50.0),
    ];
    for (text, direction, metres) in rows {
        let all = found(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        assert_eq!(all[0].0, RelationKind::Offset { direction, metres }, "{text}");
    }
    assert_eq!(found("兰大50米处")[0].0, RelationKind::Within { metres: 50.0 });
    assert_eq!(found("兰大东侧")[0].0, RelationKind::Beside { side: Some(Compass::East) });
}

#[test]
fn plain_words_are_read() {
    for (text, kind) in [
        ("兰大对面", RelationKind::Opposite),
        ("兰大斜对面", RelationKind::Opposite),
        ("兰大旁边", RelationKind::Beside { side: None }),
        ("兰大附近", RelationKind::Near),
        ("兰大门口", RelationKind::At),
        ("甲路与乙路交叉口", RelationKind::Crossing),
        ("甲路与乙路十字", RelationKind::Crossing),
        ("甲与乙之间", RelationKind::Between),
    ] {
        assert_eq!(found(text)[0].0, kind, "{text}");
    }
}

#[test]
fn a_step_from_a_crossing_belongs_to_it() {
    let text = Text::new("甲路与乙路交叉口往东50米");
    let mut all = Vec::new();
    spoken(&text, &mut all);
    assert_eq!((all.len(), all[0].step), (1, Some((Compass::East, 50.0))));
    let text = Text::new("甲路与乙路路口东北角");
    spoken(&text, &mut all);
    assert_eq!(all[0].step, Some((Compass::NorthEast, 20.0)));
}

#[test]
fn names_and_addresses_have_no_relation() {
    for text in [
        "滨河东路200号",
        "东方红广场",
        "西北师大",
        "南北商场",
        "锦绣家园3-2-501",
        "北面滩小区",
        "东面村",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
