use proptest::prelude::*;

use super::*;

fn declared() -> Declared {
    Declared { most_rows: 1000, most_unpacked_bytes: 8 << 20, ..Declared::default() }
}

fn read(text: &str) -> Sheet {
    Sheet::read(text.as_bytes(), &declared()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    Sheet::read(bytes, &declared()).unwrap_err().detail
}

fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

#[test]
fn separators_encodings_and_marks_are_found_out() {
    let text = "编号,地址\n1,\"城关区,庆阳路\n123号\"\n2,静宁路\"北\"口\n";
    let wanted = [vec!["1", "城关区,庆阳路\n123号"], vec!["2", "静宁路\"北\"口"]];
    assert_eq!(cells(&read(text)), wanted);
    assert_eq!(cells(&read(&format!("\u{feff}{text}"))), wanted);
    let gbk = encoding_rs::GB18030.encode(text).0;
    let sheet = Sheet::read(&gbk, &declared()).unwrap();
    assert_eq!((cells(&sheet), &sheet.reading["encoding"]), (wanted.to_vec(), &"gb18030".into()));
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let sheet = Sheet::read(&utf16, &declared()).unwrap();
    assert_eq!((sheet.columns.len(), &sheet.reading["separator"]), (2, &"tab".into()));
    for (separator, name) in [(";", ";"), ("\t", "tab"), ("|", "|")] {
        let sheet = read(&format!("id{separator}地址\n1{separator}庆阳路1号，2号\n"));
        assert_eq!(sheet.reading["separator"], name);
        assert_eq!(sheet.columns, ["id", "地址"]);
    }
}

#[test]
fn names_are_made_distinct_and_a_file_without_header_gets_some() {
    assert_eq!(read("a,a, ,a\n1,2,3,4\n").columns, ["a", "a#2", "列3", "a#4"]);
    let sheet = read("1,城关区庆阳路123号\n2,静宁路5号\n");
    assert_eq!(
        (sheet.columns.clone(), sheet.rows.len()),
        (vec!["列1".to_owned(), "列2".to_owned()], 2)
    );
    assert_eq!(Sheet::first_row(&sheet.reading), 1);
    assert_eq!(propose(&sheet).text, ["列2"]);
}

#[test]
fn what_cannot_be_read_is_refused_at_its_row_and_column() {
    let broken = "编号,地址\n1,城关区庆阳路一百二十三号\n2,静宁路\n".as_bytes();
    let mut damaged = broken.to_vec();
    let at = damaged.len() - 3;
    damaged[at] = 0xFF;
    assert!(
        refused(&damaged).starts_with("row 3, column 2: the text is not utf-8 (byte 0xE8"),
        "{}",
        refused(&damaged)
    );
    assert!(refused(b"a,b\n1,\x81\xFF\n").starts_with("row 2, column 2: the text is not gb18030"));
    assert!(
        refused("a,b\n1,2\n1,2,3\n".as_bytes())
            .starts_with("row 3: it has 3 cells, the header has 2 names")
    );
    assert!(
        refused("id,地址\n1,\"庆阳路\n2,静宁路\n".as_bytes())
            .starts_with("row 2: a quotation mark")
    );
    for (bytes, why) in [
        (&b""[..], "empty"),
        (b"id,address\n", "no rows"),
        (b",,\n,,\n", "no rows"),
        (b"PK\x03\x04xx", "no workbook"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", ".xls"),
        (b"a,b\n1,\0\n", "U+0000"),
    ] {
        assert!(refused(bytes).contains(why), "{why}: {}", refused(bytes));
    }
    let many = format!("id\n{}", "1\n".repeat(1001));
    assert!(refused(many.as_bytes()).contains("more than 1000 rows"));
    assert_eq!(read(&format!("id\n{}", "1\n".repeat(1000))).rows.len(), 1000);
    assert!(
        refused(format!("a\n{}\n", "长".repeat(LONGEST_CELL + 1)).as_bytes())
            .starts_with("row 2, column \"a\"")
    );
    let short = read("a,b,c\n1\n1,2,3\n,,\n");
    assert_eq!(cells(&short), [["1", "", ""], ["1", "2", "3"]]);
}

#[test]
fn columns_are_known_by_name_or_by_what_stands_in_them() {
    let named = propose(&read("工单编号,诉求内容,事发地址,gcj_lng,gcj_lat\n1,噪音,x,1,2\n"));
    assert_eq!(
        (named.id.as_deref(), named.text.as_slice()),
        (Some("工单编号"), &["事发地址".to_owned()][..])
    );
    assert_eq!(
        (named.lng.as_deref(), named.point_crs.as_deref()),
        (Some("gcj_lng"), Some("gcj02"))
    );
    let parts = propose(&read("区县,路名,门牌号,楼栋\n城关区,庆阳路,1号,2\n"));
    assert!(parts.text.is_empty());
    assert_eq!(
        parts.elements.keys().collect::<Vec<_>>(),
        ["building", "district", "number", "road"]
    );
    let sniffed = propose(&read("甲,乙,丙\n噪音扰民,城关区庆阳路123号,x\n占道,静宁路口5号楼,y\n"));
    assert_eq!(sniffed.text, ["乙"]);
    assert_eq!(propose(&read("x,y\n1,2\n")).point_crs, None);
}

#[test]
fn a_workbook_comes_back_as_it_was() {
    let mut writer = XlsxWriter::new("结果").unwrap();
    let row = |cells: [&str; 4], kinds: &str| SheetRow {
        cells: cells.map(str::to_owned).to_vec(),
        kinds: kinds.to_owned(),
    };
    let rows = [
        row(["编号", "地址", "电话", "急"], "ssss"),
        row(["007", "=1+1 庆阳路\n\"123\"号", "13800138000", "TRUE"], "ssnb"),
        row(["", "", "0.1", ""], "ssns"),
    ];
    for one in &rows {
        writer
            .row(one, &[NewCell::Number(103.834_228_1), NewCell::Empty, NewCell::from("好")])
            .unwrap();
    }
    let sheet = Sheet::read(&writer.finish().unwrap(), &declared()).unwrap();
    assert_eq!(sheet.reading["sheet"], "结果");
    assert_eq!(sheet.header, ["编号", "地址", "电话", "急", "103.8342281", "", "好"]);
    let back = |at: usize| {
        (
            sheet.rows[at].cells[..4].to_vec(),
            sheet.rows[at].kinds.chars().take(4).collect::<String>(),
        )
    };
    assert_eq!(back(0), (rows[1].cells.clone(), rows[1].kinds.clone()));
    assert_eq!(back(1), (rows[2].cells.clone(), rows[2].kinds.clone()));
}

#[test]
fn a_workbook_that_unpacks_to_more_than_is_allowed_is_refused() {
    let mut writer = XlsxWriter::new("x").unwrap();
    for _ in 0..400 {
        let row = SheetRow { cells: vec!["长".repeat(10_000)], kinds: String::new() };
        writer.row(&row, &[]).unwrap();
    }
    let bytes = writer.finish().unwrap();
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    assert!(refused(&bytes).contains("more than 8 MiB"), "{}", refused(&bytes));
}

proptest! {
    /// Whatever cells there are, what is written is read back, by us as by Excel.
    #[test]
    fn csv_that_is_written_reads_back(
        rows in prop::collection::vec(prop::collection::vec("[a,;\"\t\n\r路 号]{0,6}", 3), 1..12),
    ) {
        let mut writer = CsvWriter::default();
        let header = ["编号", "地址", "x"].map(str::to_owned);
        writer.row(&header, &[NewCell::from("y")]).unwrap();
        for row in &rows {
            writer.row(row, &[NewCell::Number(1.5)]).unwrap();
        }
        let bytes = writer.take().unwrap();
        let sheet = Sheet::read(&bytes, &declared()).unwrap();
        prop_assert_eq!(sheet.rows.len(), rows.len());
        for (read, row) in sheet.rows.iter().zip(&rows) {
            prop_assert_eq!(&read.cells[..3], row.as_slice());
            prop_assert_eq!(&read.cells[3], "1.5");
        }
    }

    /// No bytes make it panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Sheet::read(&bytes, &declared());
    }
}
