use super::{Edit, Letter, NEVER, twins_of};

fn edit(text: char, name: char) -> Option<Edit> {
    let letter = |c: char| Letter::new(c as u32 as u16);
    letter(text).edit(&letter(name))
}

#[test]
fn near_characters_cost_less_than_far_ones() {
    assert_eq!(edit('路', '路'), Some(Edit::Same));
    assert_eq!(edit('章', '张'), Some(Edit::Homophone));
    assert_eq!(edit('士', '土'), Some(Edit::Shape));
    assert_eq!(edit('兰', '南'), Some(Edit::Dialect));
    assert_eq!(edit('猫', '路'), Some(Edit::Other));
}

#[test]
fn digits_letters_and_directions_are_never_taken_for_each_other() {
    for (one, other) in
        [('东', '西'), ('南', '北'), ('1', '7'), ('一', '二'), ('A', 'B'), ('东', '5')]
    {
        assert_eq!(edit(one, other), None, "{one} {other}");
        let letter = |c: char| Letter::new(c as u32 as u16);
        assert_eq!(letter(one).cost(&letter(other)), NEVER);
    }
}

#[test]
fn a_digit_is_the_numeral_it_writes() {
    assert_eq!(edit('3', '三'), Some(Edit::Same));
    assert_eq!(edit('0', '〇'), Some(Edit::Same));
}

#[test]
fn a_homophone_may_stand_for_a_direction() {
    assert_eq!(edit('冬', '东'), Some(Edit::Homophone));
}

#[test]
fn twins_are_mutual() {
    for one in "土未己宁".encode_utf16() {
        for other in twins_of(one) {
            assert!(twins_of(other).contains(&one));
        }
    }
}
