use super::*;

fn row(code: &str, name: &str) -> DivisionRow {
    let parent = String::new();
    DivisionRow { code: code.to_owned(), name: name.to_owned(), kind: String::new(), parent }
}

#[test]
fn companies_in_the_list_are_no_territory() {
    assert!(!is_territory("620102402000"));
    assert!(!is_territory("620102403498"));
    assert!(!is_territory("620105005005"));
    assert!(is_territory("620105005000"));
    assert!(is_territory("620102400400"));
}

#[test]
fn a_committee_governs_the_territory_of_its_name() {
    let name = |n: &str| territory_name(n);
    assert_eq!(name("陇西路社区居委会"), ("陇西路社区".to_owned(), false));
    assert_eq!(name("白道坪村村民委员会"), ("白道坪村".to_owned(), true));
    assert_eq!(name("忠和村委会"), ("忠和村".to_owned(), true));
    assert_eq!(name("桥头社区委会"), ("桥头社区".to_owned(), false));
}

#[test]
fn towns_of_the_new_area_lie_in_their_counties() {
    let rows = [row("620171103000", "西岔镇"), row("620171103205", "陈家井村委会")];
    let found = townships(&rows, "620122000000").expect("the town lies in this county");
    assert_eq!(
        (found[0].code.as_str(), found[0].kind, found[0].communities.len()),
        ("620171103", "town", 1)
    );
    assert_eq!(
        townships(&rows, "620171000000"),
        Err(InvalidDivisions::Missing("620171000000".to_owned()))
    );
}

#[test]
fn a_broken_line_is_named() {
    let csv = "code,name,kind,parent_code\n620102001000,酒泉路街道,街道,620102000000\n12,x\n";
    assert_eq!(read_rows(csv), Err(InvalidDivisions::Line { line: 3, got: "12,x".to_owned() }));
}

/// The statistics bureau's list as shared with this repository: code, name and more columns, which the rule does not need.
fn official(file: &str) -> Vec<DivisionRow> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/lanzhou-divisions/");
    let text =
        std::fs::read_to_string(format!("{folder}{file}")).expect("the shared list is there");
    let fields = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<&str>>());
    fields.map(|f| row(f[0], f[1])).collect()
}

#[test]
fn the_rule_leaves_114_townships_and_1173_communities_in_8_districts() {
    let mut rows = official("streets.csv");
    rows.extend(official("villages.csv"));
    assert_eq!(rows.len(), 116 + 1177);
    let districts =
        ["620102", "620103", "620104", "620105", "620111", "620121", "620122", "620123"];
    let found: Vec<Township> = districts
        .iter()
        .flat_map(|d| {
            townships(&rows, &format!("{d}000000")).expect("every district has townships")
        })
        .collect();
    assert_eq!(found.len(), 114);
    assert_eq!(found.iter().map(|t| t.communities.len()).sum::<usize>(), 1173);
    for (code, _) in NOT_TERRITORY {
        assert!(rows.iter().any(|r| r.code == *code), "{code} is not in the list at all");
    }
}
