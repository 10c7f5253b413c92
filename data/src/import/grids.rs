//! Grids: the cells of communities.

use spatial::code::{DivisionCode, GridCode, Level};
use spatial::crs::Crs;

use super::boundary::Border;
use super::mapping::{Mapping, Spec};
use super::report::{Refusal, Repair};
use super::source::Row;
use super::{clean, divisions};

/// Names of a column with the code of a grid (or of any area).
pub const CODE: &[&str] = &[
    "code",
    "grid_code",
    "网格编码",
    "网格代码",
    "网格编号",
    "编码",
    "代码",
    "编号",
    "adcode",
    "fips",
    "geoid",
    "code12",
    "id",
];
/// Names of a column with the name of a grid (or of any area).
pub const NAME: &[&str] = &["name", "grid_name", "网格名称", "名称", "mc", "fullname", "name_zh"];
const COMMUNITY: &[&str] = &[
    "community_code",
    "comm_code",
    "community",
    "社区编码",
    "社区代码",
    "村社编码",
    "parent",
    "parent_code",
    "上级编码",
];
const KIND: &[&str] = &["kind", "网格类型", "类型", "grid_type"];

/// The fields of a grid.
pub static FIELDS: &[Spec] = &[
    Spec::required("code", CODE),
    Spec::optional("name", NAME),
    Spec::optional("community_code", COMMUNITY),
    Spec::optional("kind", KIND),
    Spec::optional("people", divisions::PEOPLE),
];

/// One row of a grids file.
///
/// # Errors
/// A refusal with the reason.
pub fn read(row: Row, crs: Crs, mapping: &mut Mapping) -> Result<(Border, Vec<Repair>), Refusal> {
    let feature = row?;
    let row = feature.row;
    let fields = mapping.apply(&feature.properties).map_err(|why| Refusal::new(row, None, why))?;
    let given = fields.text_or_empty("code");
    let refuse = |why: String| Refusal::new(row, Some(given.clone()), why);
    let (shape, defects) = clean::area_of(crs, feature.shape.as_ref()).map_err(refuse)?;
    let official = given.parse::<GridCode>().ok();
    // Anything but an official grid code is kept letter by letter: `620102` here is no division.
    let code = match official {
        Some(official) => official.to_string(),
        None => divisions::code(&given).map(|_| given.clone()).map_err(refuse)?,
    };
    let kind = match fields.text("kind").map(str::to_lowercase).as_deref() {
        None | Some("basic" | "基础网格" | "一般网格" | "普通网格" | "基础") => {
            "basic"
        }
        Some("special" | "专属网格" | "专属" | "特殊网格" | "专项网格") => "special",
        Some(other) => {
            return Err(refuse(format!("kind {other:?} is neither basic nor special")));
        }
    };
    let community = match fields.text("community_code") {
        Some(text) => Some(divisions::code(text).map_err(refuse)?),
        None => official.map(|grid| grid.community().to_string()),
    };
    if let (Some(grid), Some(Ok(community))) =
        (official, community.as_ref().map(|code| code.parse::<DivisionCode>()))
        && community.level() == Level::Community
        && grid.community() != community
    {
        return Err(refuse(format!(
            "the code says community {}, the row says {community}",
            grid.community()
        )));
    }
    let name = fields.text("name").unwrap_or(&given).to_owned();
    let people = fields.count("people").map_err(refuse)?;
    let repairs = clean::repairs(row, &given, &defects);
    let (level, kind) = (String::new(), kind.to_owned());
    Ok((Border { row, code, level, kind, name, parent: community, people, shape }, repairs))
}
