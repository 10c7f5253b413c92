//! A small town for tests.

use super::{AddressRow, Level, Snapshot, SnapshotBuilder};
use crate::lattice::LatticePoint;

/// Its addresses: everything that the tests speak of, and near misses beside it.
pub(super) fn town() -> Snapshot<Vec<u8>> {
    Snapshot::open(town_builder().finish()).unwrap()
}

pub(super) fn town_builder() -> SnapshotBuilder {
    let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
    let base = AddressRow {
        district: "城关区",
        township: "张掖路街道",
        community: "陇西路社区",
        ..AddressRow::default()
    };
    let mut record = 0;
    let mut add = |row: AddressRow<'_>, place: i32| {
        record += 1;
        let point = LatticePoint::new(1_038_000_000 + place * 5000, 360_600_000 + place * 3000);
        let grid = Some(place as u32 % 7);
        builder.address(&AddressRow { record, point, grid, building: Some(place as u32), ..row });
    };
    for number in [1, 3, 5, 97] {
        let house = format!("{number}号");
        add(AddressRow { road: "庆阳路", house_no: &house, ..base }, number);
    }
    add(AddressRow { road: "庆阳路", house_no: "123号附2号", ..base }, 123);
    add(AddressRow { road: "庆阳路", house_no: "11-15号", ..base }, 11);
    add(AddressRow { road: "庆阳路", house_no: "甲5号", ..base }, 6);
    let names =
        ["锦绣家园", "锦绣花园东区", "锦绣花园西区", "三里店小区", "轴承厂家属院", "昌兴家园"];
    for (at, compound) in (0..).zip(names) {
        let house = format!("{}号", 200 + at * 2);
        for building in 1..=3 {
            for unit in 1..=2 {
                for room in [101, 102, 501, 502] {
                    let texts =
                        [format!("{building}号楼"), format!("{unit}单元"), format!("{room}室")];
                    add(
                        AddressRow {
                            road: "滨河东路",
                            house_no: &house,
                            compound,
                            building_no: &texts[0],
                            unit: &texts[1],
                            room: &texts[2],
                            ..base
                        },
                        1000 + at * 10 + building,
                    );
                }
            }
        }
    }
    add(AddressRow { road: "滨河西路", house_no: "200号", ..base }, 300);
    let village = AddressRow {
        district: "榆中县",
        township: "城关镇",
        community: "李家庄村",
        ..AddressRow::default()
    };
    for number in 1..=5 {
        let house = format!("3社{number}号");
        add(AddressRow { house_no: &house, ..village }, 400 + number);
    }
    builder.other_name(Level::Compound, "老轴承厂院子", "轴承厂家属院");
    builder
}
