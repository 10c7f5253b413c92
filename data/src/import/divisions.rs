//! Divisions: city, districts, townships, communities.

use spatial::code::{DivisionCode, Level};
use spatial::crs::Crs;

use super::boundary::Border;
use super::clean;
use super::mapping::{Fields, Mapping, Spec};
use super::report::{Refusal, Repair};
use super::source::Row;

/// Names of a column with the code of a division.
pub const CODE: &[&str] = &[
    "code",
    "adcode",
    "code12",
    "fips",
    "geoid",
    "编码",
    "代码",
    "区划代码",
    "行政区划代码",
    "区划编码",
    "gb",
    "pac",
    "ad_code",
    "division_code",
    "id",
];
/// Names of a column with a name.
pub const NAME: &[&str] = &[
    "name",
    "名称",
    "区划名称",
    "行政区划名称",
    "xzqmc",
    "mc",
    "division_name",
    "fullname",
    "name_zh",
    "name_chn",
];
const LEVEL: &[&str] = &["level", "级别", "行政级别", "层级", "区划级别"];
const KIND: &[&str] = &["kind", "类型", "类别"];
/// Names of a column with the code of what lies above.
pub const PARENT: &[&str] = &[
    "parent",
    "parent_code",
    "上级",
    "上级代码",
    "上级编码",
    "pcode",
    "p_code",
    "parent_adcode",
    "street_code",
    "area_code",
    "父级编码",
];
/// Names of a column with the number of inhabitants.
pub const PEOPLE: &[&str] = &["people", "population", "pop", "人口", "人口数", "常住人口"];

/// The fields of a division.
pub static FIELDS: &[Spec] = &[
    Spec::required("code", CODE),
    Spec::required("name", NAME),
    Spec::optional("level", LEVEL),
    Spec::optional("kind", KIND),
    Spec::optional("parent", PARENT),
    Spec::optional("people", PEOPLE),
];

/// One row of a divisions file; `level` is what the caller declares for rows that say none.
///
/// # Errors
/// A refusal with the reason.
pub fn read(
    row: Row,
    crs: Crs,
    mapping: &mut Mapping,
    level: Option<Level>,
) -> Result<(Border, Vec<Repair>), Refusal> {
    let feature = row?;
    let row = feature.row;
    let fields = mapping.apply(&feature.properties).map_err(|why| Refusal::new(row, None, why))?;
    let given = fields.text_or_empty("code");
    let refuse = |why: String| Refusal::new(row, Some(given.clone()), why);
    let (shape, defects) = clean::area_of(crs, feature.shape.as_ref()).map_err(refuse)?;
    let code = code(&given).map_err(refuse)?;
    let level = self::level(&fields, &code, level).map_err(refuse)?;
    let name = fields.text_or_empty("name");
    let kind = match fields.text("kind") {
        Some(kind) => self::kind(kind, level),
        None => self::kind(&name, level),
    };
    let parent = match fields.text("parent") {
        Some(parent) => Some(self::code(parent).map_err(refuse)?),
        None => parent_of(&code, level),
    };
    let repairs = clean::repairs(row, &given, &defects);
    let people = fields.count("people").map_err(refuse)?;
    let level = level_name(level).to_owned();
    Ok((Border { row, code, level, kind, name, parent, people, shape }, repairs))
}

/// A code as it is kept: official codes short, foreign ones as they are.
///
/// # Errors
/// If it has characters that no code has.
pub fn code(text: &str) -> Result<String, String> {
    if let Ok(official) = text.parse::<DivisionCode>() {
        return Ok(official.to_string());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.:-".contains(c);
    if text.len() <= 32 && !text.is_empty() && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "code {:?} is not one: 1 to 32 letters, digits or _ . : - are",
            super::source::shorten(text, 40)
        ))
    }
}

fn level(fields: &Fields, code: &str, declared: Option<Level>) -> Result<Level, String> {
    if let Some(text) = fields.text("level")
        && let Some(level) = parse_level(text)
    {
        return Ok(level);
    }
    if let Some(level) = declared {
        return Ok(level);
    }
    if let Some(text) = fields.text("level") {
        return Err(format!("level {text:?} is not city, district, township or community"));
    }
    code.parse::<DivisionCode>()
        .map(DivisionCode::level)
        .map_err(|_| "it has no level, and its code does not show one: give --level".to_owned())
}

/// The level that a word means.
pub fn parse_level(text: &str) -> Option<Level> {
    Some(match text.trim().to_lowercase().as_str() {
        "city" | "市" | "地级市" | "市级" | "prefecture" => Level::City,
        "district" | "county" | "区" | "县" | "区县" | "县级" | "区级" | "县区" => {
            Level::District
        }
        "township" | "town" | "street" | "subdistrict" | "街道" | "镇" | "乡" | "乡镇" | "街镇"
        | "乡级" => Level::Township,
        "community" | "village" | "社区" | "村" | "村社" | "村级" | "居委会" | "村委会" => {
            Level::Community
        }
        _ => return None,
    })
}

/// The level as the database has it.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Township => "township",
        Level::Community => "community",
    }
}

/// The kind that a word or the end of a name means, within a level.
fn kind(text: &str, level: Level) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| text.ends_with(ending));
    let kind = match level {
        Level::City => "city",
        Level::District if ends(&["县", "county", "旗"]) => "county",
        Level::District => "district",
        Level::Township if ends(&["镇", "town"]) => "town",
        Level::Township if ends(&["乡", "township"]) => "township",
        Level::Township => "subdistrict",
        Level::Community if ends(&["村", "村委会", "村民委员会", "village"]) => "village",
        Level::Community => "community",
    };
    kind.to_owned()
}

/// The parent that an official code names by itself.
fn parent_of(code: &str, level: Level) -> Option<String> {
    let official: DivisionCode = code.parse().ok()?;
    (official.level() == level)
        .then(|| official.parent())
        .flatten()
        .map(|parent| parent.to_string())
}
