//! Where things are: pure functions over coordinates, borders and places.
//!
//! A report arrives with a coordinate in somebody's system. [`crs`] brings it to WGS 84 and
//! [`lattice`] rounds it once to the integer lattice of 1e-7° on which every border lies.
//! From there on nothing is approximate: [`coverage`] holds the borders (cleaned, noded and
//! judged), [`locate`] says in which face a point lies so that every point of the city belongs to
//! exactly one, [`nearest`] which places are near, and [`partition`] says whether the children of a division tile it.
//! [`interior`] gives each face a place for its label, [`measure`] turns lattice geometry into
//! metres, and [`code`] reads the official numbers of divisions and grids.
//!
//! | Chinese term | type |
//! |---|---|
//! | 经纬度, 坐标系 | [`crs::LngLat`], [`crs::Crs`] |
//! | 国测局坐标 (火星坐标) | [`crs::Gcj02`] |
//! | 百度坐标 | [`crs::Bd09`] |
//! | 国家大地坐标系 | [`crs::Cgcs2000`] |
//! | 高斯-克吕格投影带 | [`crs::gauss_kruger::Zone`] |
//! | 行政区划代码 | [`code::DivisionCode`] |
//! | 网格编码 | [`code::GridCode`] |
//! | 网格边界, 覆盖 | [`coverage::Coverage`] |
//! | 缝隙, 重叠, 碎屑 | [`coverage::DefectKind`] |
//! | 点落在哪个网格 | [`locate::Locate`], [`locate::CellIndex`] |
//! | 最近的地址 | [`nearest::Places`] |
//!
//! This crate knows nothing of files, databases, networks, clocks, incidents or people.
#![warn(missing_docs)]

pub mod code;
pub mod coverage;
pub mod crs;
pub mod geocode;
pub mod interior;
pub mod lattice;
pub mod locate;
pub mod measure;
pub mod nearest;
pub mod partition;

#[cfg(test)]
mod test_maps;

/// The invented city of the benchmarks.
#[cfg(test)]
#[path = "../benches/synthetic/mod.rs"]
mod synthetic;
#[cfg(test)]
use self::{
    coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing},
    lattice::LatticePoint,
};
