//! What the columns of a file may mean: by the names in common use, else by what stands in them. A proposal only: the sender
//! says what holds. The system of coordinates is never guessed, unless the name of a column says it.

use std::collections::BTreeMap;

use super::Sheet;
use crate::domain::geocode_job::{ELEMENTS, Mapping};
use crate::import::mapping::{LAT, LNG, normal};

/// Rows that are looked at.
const SHOWN: usize = 200;

/// Names of a column with whole addresses, the best first.
const TEXT: [&str; 20] = [
    "地址",
    "详细地址",
    "标准地址",
    "事发地址",
    "事发地点",
    "发生地址",
    "发生地点",
    "诉求地址",
    "问题地址",
    "案发地址",
    "案发地点",
    "联系地址",
    "地点",
    "位置",
    "住址",
    "address",
    "addr",
    "fulladdress",
    "location",
    "text",
];
const ID: [&str; 16] = [
    "id",
    "编号",
    "序号",
    "工单号",
    "工单编号",
    "案件编号",
    "案件号",
    "事件编号",
    "事件号",
    "流水号",
    "案卷号",
    "记录编号",
    "no",
    "number",
    "code",
    "key",
];
/// In the order of [`ELEMENTS`].
const PARTS: [&[&str]; 9] = [
    &["district", "区", "区县", "县区", "行政区", "所属区", "所属区县", "county"],
    &["township", "街道", "乡镇", "街道乡镇", "乡镇街道", "镇街", "所属街道", "subdistrict"],
    &["community", "社区", "村", "社区村", "村社区", "居委会", "所属社区"],
    &["road", "路", "道路", "路名", "道路名称", "街路", "街路巷", "路街巷", "street"],
    &["number", "门牌", "门牌号", "门牌号码", "号", "门号", "houseno", "housenumber"],
    &["compound", "小区", "小区名称", "小区名", "楼盘", "院落", "单位小区"],
    &["building", "楼栋", "楼栋号", "楼号", "栋", "栋号", "幢", "幢号", "楼幢", "buildingno"],
    &["unit", "单元", "单元号"],
    &["room", "房间", "房间号", "房号", "室", "室号", "户室", "户室号", "门户号", "roomno"],
];
const WORDS: [&str; 24] = [
    "路",
    "街",
    "巷",
    "道",
    "号",
    "区",
    "县",
    "镇",
    "乡",
    "村",
    "小区",
    "家园",
    "花园",
    "楼",
    "栋",
    "幢",
    "单元",
    "室",
    "社区",
    "街道",
    "大厦",
    "广场",
    "家属院",
    "路口",
];

fn known(name: &str, list: &[&str]) -> bool {
    let name = normal(name);
    !name.is_empty() && list.iter().any(|one| normal(one) == name)
}

fn looks_like_address(cell: &str) -> bool {
    let words = WORDS.iter().filter(|word| cell.contains(*word)).count();
    let has_number = cell.chars().any(|c| c.is_numeric() || "一二三四五六七八九十百".contains(c));
    4 <= cell.chars().count() && (2 < words || (0 < words && has_number))
}

/// Whether a first row names columns.
pub(super) fn is_header(cells: &[String]) -> bool {
    let lists = [&TEXT[..], &ID[..], LNG, LAT].into_iter().chain(PARTS);
    if lists.into_iter().any(|list| cells.iter().any(|cell| known(cell, list))) {
        return true;
    }
    let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    filled.all(|cell| cell.parse::<f64>().is_err() && !looks_like_address(cell))
}

/// The mapping that a sheet suggests.
pub fn propose(sheet: &Sheet) -> Mapping {
    let find = |list: &[&str]| {
        list.iter().find_map(|name| {
            sheet.columns.iter().find(|column| normal(column) == normal(name)).cloned()
        })
    };
    let contains = |word: &str| sheet.columns.iter().find(|column| column.contains(word)).cloned();
    let (lng, lat) = match (find(LNG), find(LAT)) {
        (Some(lng), Some(lat)) => (Some(lng), Some(lat)),
        _ => (None, None),
    };
    let mut elements = BTreeMap::new();
    for (element, names) in ELEMENTS.into_iter().zip(PARTS) {
        elements.extend(find(names).map(|column| (element.to_owned(), column)));
    }
    let text = find(&TEXT).or_else(|| contains("地址")).or_else(|| contains("地点"));
    // A district alone is no address: parts count when there is something narrower.
    let has_parts =
        ["road", "compound", "number", "building"].iter().any(|e| elements.contains_key(*e));
    let text = text.or_else(|| if has_parts { None } else { by_content(sheet) });
    if text.is_some() || !has_parts {
        elements.clear();
    }
    let point_crs = lng.as_deref().and_then(told_by_name);
    Mapping { id: find(&ID), text: text.into_iter().collect(), elements, lng, lat, point_crs }
}

fn told_by_name(column: &str) -> Option<String> {
    let name = normal(column);
    let told = [("wgs84", "wgs84"), ("gcj", "gcj02"), ("bd09", "bd09"), ("cgcs2000", "cgcs2000")];
    told.iter().find(|(word, _)| name.contains(word)).map(|(_, crs)| (*crs).to_owned())
}

/// The column most cells of which look like addresses, if a third do.
fn by_content(sheet: &Sheet) -> Option<String> {
    let count = |column: usize| {
        let cells = sheet.rows.iter().take(SHOWN).filter_map(|row| row.cells.get(column));
        cells.filter(|cell| looks_like_address(cell)).count()
    };
    let shown = sheet.rows.len().min(SHOWN);
    let best = (0..sheet.columns.len()).rev().max_by_key(|&column| count(column))?;
    (shown <= 3 * count(best)).then(|| sheet.columns.get(best).cloned()).flatten()
}
