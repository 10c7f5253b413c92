use std::collections::HashMap;

use super::super::{CityOptions, CityScale, DivisionRow, generate};
use super::*;

fn city() -> City {
    let row = |code: &str, name: &str| DivisionRow {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: String::new(),
        parent: String::new(),
    };
    let rows = [
        row("620102001000", "试街道"),
        row("620102001001", "甲社区居委会"),
        row("620102001002", "乙社区居委会"),
    ];
    let options = CityOptions { seed: 5, scale: CityScale::Community };
    generate(&options, &rows).expect("the rows hold the district")
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let city = city();
    let told = |seed| {
        Reporter::new(&city, seed)
            .expect("the city has addresses")
            .take(50)
            .collect::<Vec<Report>>()
    };
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

#[test]
fn reports_are_complete_and_of_every_kind() {
    let city = city();
    let addresses: std::collections::HashSet<String> =
        city.addresses.iter().map(|a| city.address_text(a).full_text).collect();
    let mut channels: HashMap<&str, u32> = HashMap::new();
    let mut without_position = 0;
    let mut systems = std::collections::HashSet::new();
    for report in Reporter::new(&city, 3).expect("the city has addresses").take(4000) {
        *channels.entry(report.channel).or_default() += 1;
        assert!(!report.description.contains(['{', '}']), "{}", report.description);
        assert!(report.location.is_some() || report.address.is_some());
        without_position += u32::from(report.location.is_none());
        systems.extend(report.location.map(|(_, _, crs)| crs.to_string()));
        if let Some(address) = report.address {
            assert!(
                addresses.contains(&address)
                    || addresses.contains(&format!("甘肃省兰州市{address}")),
                "{address}"
            );
        }
    }
    assert_eq!(channels.len(), CHANNELS.len());
    assert!((600..1600).contains(&without_position), "{without_position}");
    assert!(systems.contains("wgs84") && systems.contains("gcj02"));
}

#[test]
fn every_category_has_sentences_that_say_where() {
    for texts in TEXTS {
        assert!(
            texts.sentences.iter().all(|s| s.contains("{处}") || s.contains("反映")),
            "{}",
            texts.category
        );
    }
}
