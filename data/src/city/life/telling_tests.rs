use super::*;

fn text() -> AddressText {
    AddressText {
        full_text: "甘肃省兰州市城关区张掖路街道陇西路社区庆阳路123号金汇家园3号楼2单元501室"
            .to_owned(),
        district: "城关区".to_owned(),
        township: "张掖路街道".to_owned(),
        community: "陇西路社区".to_owned(),
        road: "庆阳路".to_owned(),
        house_no: "123号".to_owned(),
        compound: "金汇家园".to_owned(),
        building_no: "3号楼".to_owned(),
        unit: "2单元".to_owned(),
        room: "501室".to_owned(),
    }
}

const DRAWS: u32 = 20_000;

/// How often a slip happened among those told where it could.
fn rate(manner: &Manner, outside: bool, slip: Slip, could: impl Fn(&Told) -> bool) -> f64 {
    let mut dice = Dice::new(7, "telling", slip as u64);
    let (mut able, mut did) = (0.0, 0.0);
    for _ in 0..DRAWS {
        let told = Told::of(&text(), manner, outside, &mut dice);
        if could(&told) {
            able += 1.0;
            did += f64::from(u8::from(told.slips.has(slip)));
        }
    }
    did / able
}

#[test]
fn slips_happen_at_the_rates_that_are_stated() {
    let always = |_: &Told| true;
    let district = |told: &Told| !told.elements[DISTRICT].is_empty();
    for manner in [SPOKEN, TYPED, PATROL] {
        let stated = [
            (Slip::ShortName, manner.short_name),
            (Slip::Homophone, manner.homophone),
            (Slip::NumberForm, manner.number_form),
            (Slip::WrongNumber, manner.wrong_number),
            (Slip::Chatter, manner.chatter),
            (Slip::Spacing, manner.spacing),
        ];
        for (slip, stated) in stated {
            let seen = rate(&manner, false, slip, always);
            let sigma = (stated * (1.0 - stated) / f64::from(DRAWS)).sqrt();
            assert!(
                (seen - stated).abs() <= 4.0 * sigma,
                "{}: {seen}, stated {stated}",
                slip.name()
            );
        }
        let seen = rate(&manner, false, Slip::WrongDistrict, district);
        assert!((seen - manner.wrong_district).abs() < 0.006, "wrong district: {seen}");
        let (out, at_home) = (
            rate(&manner, true, Slip::Landmark, always),
            rate(&manner, false, Slip::Landmark, always),
        );
        assert!((out - manner.landmark).abs() < 0.015, "landmark: {out}");
        assert!((at_home - manner.landmark / 10.0).abs() < 0.008, "landmark indoors: {at_home}");
    }
}

#[test]
fn what_was_done_is_written_down() {
    let full = Told::in_full(&text());
    assert_eq!(full.address(), text().full_text);
    assert_eq!(full.slips.names(), "");
    let mut dice = Dice::new(8, "telling", 0);
    for _ in 0..5000 {
        let told = Told::of(&text(), &TYPED, false, &mut dice);
        let said = told.address();
        assert!(!said.is_empty() && !said.contains("--"), "{said}");
        let names = ["金汇", "庆阳路"];
        let clean = !told.slips.has(Slip::Homophone) && !told.slips.has(Slip::Spacing);
        assert!(!clean || names.iter().any(|name| said.contains(name)), "{said}");
        if told.slips == Slips::default() {
            // The province alone may be missing, which everyone leaves out.
            assert!(text().full_text.ends_with(&said), "{said}");
        }
        let place = told.place(&mut dice);
        assert!(!place.is_empty() && !place.contains("501"), "{place}");
    }
}

#[test]
fn slips_are_told_apart_by_name() {
    let mut slips = Slips::default();
    slips.add(Slip::Homophone);
    slips.add(Slip::MissingLevel);
    assert_eq!(slips.names(), "missing_level+homophone");
    let mut names: Vec<&str> = Slip::ALL.map(Slip::name).to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Slip::ALL.len());
}
