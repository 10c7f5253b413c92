//! The elements of an address that is split without a gazetteer.

use std::ops::Range;

use serde::Serialize;

/// What a part of an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// 甘肃省.
    Province,
    /// 兰州市.
    City,
    /// 城关区, 榆中县, a city below a city.
    District,
    /// 经济开发区.
    Zone,
    /// 街道, 镇, 乡.
    Township,
    /// 社区, 村.
    Community,
    /// 庆阳路, 3组.
    Road,
    /// A road off that road: 一巷, 东段.
    Branch,
    /// 123号, 35弄.
    Number,
    /// The number in the branch.
    BranchNumber,
    /// A compound, a house, a shop.
    Poi,
    /// A part of it, or a place in it: 东区, 二期, 南门.
    Part,
    /// 3号楼.
    Building,
    /// 2单元.
    Unit,
    /// 5楼, 5层.
    Storey,
    /// 501室.
    Room,
    /// 对面, 旁边, 与.
    Relation,
    /// Dashes, remarks, what is said a second time.
    Rest,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parsed {
    /// What it is.
    pub piece: Piece,
    /// Its bytes in the text as it came.
    pub bytes: Range<usize>,
    /// As it is read.
    pub text: String,
}
