//! Files as people have them: from Chinese desktop software, from spreadsheets, and broken ones.

use std::io::Cursor;

use anyhow::{Context, Result};
use calamine::{Data, Reader as _, Xlsx};
use reqwest::Method;
use rust_xlsxwriter::Workbook;
use serde_json::json;
use tests::app::answer;
use tests::town;

use super::{CSV, PATH, XLSX, begin, column, csv_rows, follow, send, town_app};

#[tokio::test]
async fn a_gbk_file_with_semicolons_and_line_breaks_is_understood() -> Result<()> {
    let (_database, app) = town_app().await?;
    let text = "工单号;事发地址;备注\r\n\
                A-1;\"城关区甲一家园1号楼\r\n1单元201室\";\"他说\"\"急\"\"\"\r\n\
                A-2;;空的\r\n\
                A-3;火星路一号;\r\n";
    let bytes: Vec<u8> = encoding_rs::GBK.encode(text).0.into_owned();
    assert!(std::str::from_utf8(&bytes).is_err());
    let taken = send(&app, "&file_name=%E4%B8%80.csv", CSV, bytes.clone()).await?;
    assert_eq!(taken.status, 201, "{}", taken.body);
    let job = &taken.body["job"];
    assert_eq!(
        job["reading"],
        json!({"encoding": "gb18030", "separator": ";", "has_header": true})
    );
    assert_eq!(
        (&job["file_name"], &job["rows"], &job["state"]),
        (&json!("一.csv"), &json!(3), &json!("uploaded"))
    );
    let mapping = &taken.body["proposed_mapping"];
    assert_eq!((&mapping["id"], &mapping["text"]), (&json!("工单号"), &json!(["事发地址"])));
    assert_eq!(taken.body["first_rows"][1], json!(["A-2", "", "空的"]));

    let path = begin(&app, CSV, bytes).await?;
    let (_, end) = follow(&app, &path).await?;
    assert_eq!(end["state"], "done");
    let rows = csv_rows(&app, &path).await?;
    assert_eq!(&rows[0][..3], ["工单号", "事发地址", "备注"]);
    assert_eq!(&rows[1][..3], ["A-1", "城关区甲一家园1号楼\r\n1单元201室", "他说\"急\""]);
    assert_eq!(column(&rows, "wg_status")?, ["accepted", "empty", "not_found"]);
    assert!(column(&rows, "wg_label")?[0].ends_with("甲一家园1号楼1单元201室"));
    assert_eq!(column(&rows, "wg_grid_code")?[0], town::grid("A1").code);
    assert!(!app.log().contains("家园"), "what was uploaded is in the log");
    Ok(())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one workbook on its way")]
async fn a_workbook_goes_in_and_comes_out_as_a_workbook() -> Result<()> {
    let (_database, app) = town_app().await?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("工单")?;
    for (column, name) in
        (0..).zip(["编号", "区", "小区", "楼栋", "单元", "房间", "电话", "经度", "纬度"])
    {
        sheet.write_string(0, column, name)?;
    }
    for (column, cell) in (1..).zip(["城关区", "甲一家园", "1号楼", "1单元", "101室"]) {
        sheet.write_string(1, column, cell)?;
    }
    sheet.write_string(1, 0, "007")?;
    sheet.write_number(1, 6, 13_800_138_000_f64)?;
    // The second row has a point and no address.
    let (x, y) = town::at(town::grid("B2").inside);
    sheet.write_number(2, 7, f64::from(x) / 1e7)?;
    sheet.write_number(2, 8, f64::from(y) / 1e7)?;
    sheet.write_string(3, 7, "东边")?;
    sheet.write_string(3, 8, "北边")?;
    let bytes = book.save_to_buffer()?;

    let form = reqwest_form("工单.xlsx", &bytes);
    let request = app.request(Method::POST, &format!("{PATH}?crs=gcj02"));
    let taken = answer(request.header("content-type", form.0).body(form.1)).await?;
    assert_eq!(taken.status, 201, "{}", taken.body);
    assert_eq!(taken.body["job"]["file_name"], "工单.xlsx");
    let mut mapping = taken.body["proposed_mapping"].clone();
    assert_eq!(mapping["elements"]["compound"], "小区", "{mapping}");
    let path = taken.header("location").to_owned();
    let start = format!("{path}/start");
    // The system of the points is never guessed.
    let refused = app.post(&start, &json!({"mapping": mapping})).await?;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["errors"][0]["pointer"]),
        (422, &json!("/mapping/point_crs"))
    );
    mapping["point_crs"] = json!("wgs84");
    assert_eq!(app.post(&start, &json!({"mapping": mapping})).await?.status, 202);
    assert_eq!(app.post(&start, &json!({"mapping": mapping})).await?.status, 409);
    follow(&app, &path).await?;

    let result = app.request(Method::GET, &format!("{path}/result")).send().await?;
    assert_eq!(
        (
            result.status().as_u16(),
            &result.headers()["content-type"],
            &result.headers()["x-complete"]
        ),
        (200, &XLSX.parse()?, &"true".parse()?)
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(result.bytes().await?.to_vec()))?;
    let range = book.worksheet_range("工单")?;
    let header: Vec<String> =
        range.rows().next().context("header")?.iter().map(ToString::to_string).collect();
    assert_eq!(
        &header[..9],
        ["编号", "区", "小区", "楼栋", "单元", "房间", "电话", "经度", "纬度"]
    );
    let cell = |row: u32, name: &str| {
        let column = header.iter().position(|one| one == name).unwrap_or(usize::MAX) as u32;
        range.get_value((row, column)).cloned().unwrap_or_default()
    };
    assert_eq!(cell(1, "编号"), Data::String("007".to_owned()));
    assert_eq!(cell(1, "电话"), Data::Float(13_800_138_000.0));
    assert_eq!(cell(1, "wg_status"), Data::String("accepted".to_owned()));
    assert_eq!(cell(1, "wg_crs"), Data::String("gcj02".to_owned()));
    assert_eq!(cell(2, "wg_status"), Data::String("located".to_owned()));
    assert_eq!(cell(2, "wg_grid_code"), Data::String(town::grid("B2").code.to_owned()));
    assert_eq!(cell(2, "经度"), Data::Float(f64::from(x) / 1e7));
    assert_eq!(cell(3, "wg_status"), Data::String("fault".to_owned()));
    assert!(cell(3, "wg_fault").to_string().contains("column \"经度\": \"东边\" is not a number"));
    // The answer is in the system that was asked for: some hundred metres beside the point that was given.
    let Data::Float(lng) = cell(2, "wg_lng") else { anyhow::bail!("no number") };
    let apart = (lng - f64::from(x) / 1e7).abs();
    assert!(0.0005 < apart && apart < 0.01, "{apart}");
    assert_eq!(csv_rows(&app, &path).await?.len(), 4);
    Ok(())
}

/// A form with one file, as a browser sends it.
fn reqwest_form(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {XLSX}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    ("multipart/form-data; boundary=x".to_owned(), body)
}

#[tokio::test]
async fn a_bad_file_is_refused_with_its_row_and_column_and_nothing_is_kept() -> Result<()> {
    let (database, app) = town_app().await?;
    let mut damaged = "编号,地址\n1,城关区甲一家园一号楼\n2,城关区乙一家园\n".as_bytes().to_vec();
    let at = damaged.len() - 2;
    damaged[at] = 0xC0;
    for (bytes, why) in [
        (damaged, "row 3, column 2: the text is not utf-8"),
        (b"".to_vec(), "the file is empty"),
        ("编号,地址\n".into(), "no rows"),
        ("编号,地址\n1,\"甲\n2,乙\n".into(), "never closed"),
        ("编号,地址\n1,甲,乙\n".into(), "row 2: it has 3 cells, the header has 2 names"),
        (b"PK\x03\x04 not a workbook".to_vec(), "the file is no workbook"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), ".xls"),
    ] {
        let refused = send(&app, "", CSV, bytes).await?;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"][0]["pointer"]),
            (422, &json!("/file")),
            "{why}"
        );
        let detail = refused.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(why), "{why}: {detail}");
    }
    for (query, name) in
        [("&encoding=klingon", "encoding"), ("&separator=x", "separator"), ("&colour=red", "query")]
    {
        let refused = send(&app, query, CSV, "编号,地址\n1,甲\n").await?;
        assert_eq!(refused.status, 400, "{query}");
        assert!(
            refused.body["detail"].as_str().unwrap_or_default().starts_with(name),
            "{}",
            refused.body
        );
    }
    let request =
        app.request(Method::POST, PATH).header("content-type", CSV).body("编号,地址\n1,甲\n");
    assert_eq!(
        answer(request).await?.status,
        400,
        "a system of coordinates is declared, never guessed"
    );
    let request = app.request(Method::POST, &format!("{PATH}?crs=wgs84")).json(&json!({}));
    assert_eq!(answer(request).await?.status, 415);
    assert_eq!(database.count("geocode_job").await?, 0);
    assert_eq!(database.count("geocode_job_row").await?, 0);
    Ok(())
}
