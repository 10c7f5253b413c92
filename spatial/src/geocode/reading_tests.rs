use super::{Reading, fold, readings, weaken};

fn of(character: char) -> Reading {
    readings().of(character as u32 as u16)
}

#[test]
fn same_sounds_share_a_strong_class() {
    for (one, other) in [('张', '章'), ('是', '四'), ('兴', '新'), ('城', '陈'), ('绿', '吕')]
    {
        assert!(of(one).sounds_like(&of(other)), "{one} {other}");
    }
}

#[test]
fn dialects_share_a_weak_class_only() {
    for (one, other) in [('南', '兰'), ('湖', '福'), ('花', '发'), ('红', '魂'), ('慌', '方')]
    {
        assert!(!of(one).sounds_like(&of(other)), "{one} {other}");
        assert!(of(one).may_sound_like(&of(other)), "{one} {other}");
    }
}

#[test]
fn different_sounds_share_nothing() {
    for (one, other) in [('路', '街'), ('东', '西'), ('甘', '肃'), ('A', 'B'), ('1', '7')] {
        assert!(!of(one).may_sound_like(&of(other)), "{one} {other}");
    }
}

#[test]
fn a_polyphone_has_every_reading() {
    for (one, other) in [('长', '常'), ('长', '掌'), ('重', '虫'), ('乐', '月'), ('行', '航')]
    {
        assert!(of(one).sounds_like(&of(other)), "{one} {other}");
    }
}

#[test]
fn a_digit_is_read_as_its_numeral() {
    assert!(of('3').sounds_like(&of('三')));
    assert!(of('1').sounds_like(&of('衣')));
}

#[test]
fn folding_is_its_own_fixed_point() {
    for plain in ["zhuang", "sheng", "xing", "lü", "er", "a", "hui", "nong", "qiong"] {
        let folded = fold(plain);
        assert_eq!(fold(&folded), folded);
        let weak = weaken(&folded);
        assert_eq!(weaken(&weak), weak, "{plain}");
    }
}

#[test]
fn classes_stay_below_their_count() {
    let all = readings();
    for unit in 0..=u16::MAX {
        for class in all.of(unit).weak_classes() {
            assert!(usize::from(class) < all.weak_classes());
        }
    }
}
