use super::*;

fn columns() -> Vec<String> {
    ["编号", "地址", "补充", "经度", "纬度", "路"].map(str::to_owned).to_vec()
}

fn mapping(text: &[&str]) -> Mapping {
    Mapping { text: text.iter().map(|&name| name.to_owned()).collect(), ..Mapping::default() }
}

fn with_point(crs: Option<&str>) -> Mapping {
    Mapping {
        lng: Some("经度".to_owned()),
        lat: Some("纬度".to_owned()),
        point_crs: crs.map(str::to_owned),
        ..mapping(&["地址"])
    }
}

fn row(cells: [&str; 6]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

#[test]
fn a_mapping_names_columns_that_are_there_and_something_to_ask() {
    let pointers = |mapping: &Mapping| -> Vec<String> {
        let faults = mapping.resolve(&columns()).unwrap_err();
        faults.into_iter().map(|fault| fault.pointer).collect()
    };
    assert!(mapping(&["地址", "补充"]).resolve(&columns()).is_ok());
    assert_eq!(pointers(&mapping(&["地址", "门牌"])), ["/mapping/text/1"]);
    assert_eq!(pointers(&Mapping::default()), ["/mapping"]);
    assert_eq!(pointers(&with_point(None)), ["/mapping/point_crs"]);
    assert_eq!(pointers(&with_point(Some("mars"))), ["/mapping/point_crs"]);
    assert!(with_point(Some("gcj02")).resolve(&columns()).is_ok());
    let half = Mapping { lat: None, ..with_point(Some("gcj02")) };
    assert_eq!(pointers(&half), ["/mapping"]);
    let mut parts = mapping(&[]);
    parts.elements.insert("road".to_owned(), "路".to_owned());
    assert!(parts.resolve(&columns()).is_ok());
    parts.elements.insert("planet".to_owned(), "路".to_owned());
    assert_eq!(pointers(&parts), ["/mapping/elements"]);
}

#[test]
fn a_row_asks_with_words_parts_and_a_point() {
    let columns_of = |mapping: &Mapping| mapping.resolve(&columns()).unwrap();
    let two = columns_of(&mapping(&["地址", "补充"]));
    let asked = two.query(&row(["1", " 庆阳路123号 ", "门口", "", "", ""])).unwrap();
    assert_eq!(asked.text, "庆阳路123号 门口");
    assert_eq!(two.query(&row(["1", "", "门口", "", "", ""])).unwrap().text, "门口");
    let point = columns_of(&with_point(Some("gcj02")));
    let asked = point.query(&row(["1", "甲", "", "103.8", "36.05", ""])).unwrap();
    assert_eq!(asked.point.map(|point| (point.lng, point.lat)), Some((103.8, 36.05)));
    assert_eq!(point.query(&row(["1", "甲", "", " ", "", ""])).unwrap().point, None);
    for cells in [
        ["1", "甲", "", "东", "36", ""],
        ["1", "甲", "", "103", "", ""],
        ["1", "甲", "", "NaN", "36", ""],
    ] {
        let why = point.query(&row(cells)).unwrap_err();
        assert!(why.contains("度"), "{why}");
    }
    // A row that is shorter than the header has empty cells at its end.
    assert_eq!(two.query(&["1".to_owned()]).unwrap(), RowQuery::default());
}
