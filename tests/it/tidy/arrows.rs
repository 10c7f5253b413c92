//! Which crate may name which: a lower room never names a higher one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand};

/// Our own crates and the ones of ours that each may name.
const ARROWS: [(&str, &[&str]); 6] = [
    ("spatial", &[]),
    ("data", &["spatial"]),
    ("tiles", &["spatial"]),
    ("api", &["data", "spatial", "tiles"]),
    ("tests", &["data", "spatial", "tiles"]),
    ("geo-bench", &["spatial"]),
];

/// Foreign crates that belong into some rooms only, and why.
const ROOMS_OF: [(&str, &[&str], &str); 7] = [
    ("axum", &["api", "tests"], "HTTP is the door's business"),
    ("utoipa", &["api"], "only the door describes itself"),
    ("sqlx", &["data", "tests"], "the service's SQL lives in data/src/store"),
    ("geozero", &["data", "tests"], "files are read in data"),
    ("martin-core", &["tiles"], "one crate knows the tile server's library"),
    ("tokio", &["data", "tiles", "api", "tests"], "spatial waits for nothing"),
    ("chrono", &["data", "api", "tests"], "spatial and tiles have no clock"),
];

fn dependencies() -> Result<BTreeMap<String, BTreeSet<String>>> {
    let metadata = MetadataCommand::new()
        .manifest_path(super::root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    let of = |package: &cargo_metadata::Package| {
        let normal = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
        (package.name.to_string(), normal.map(|d| d.name.clone()).collect())
    };
    Ok(metadata.packages.iter().map(of).collect())
}

#[test]
fn a_lower_room_never_names_a_higher_one() -> Result<()> {
    let found = dependencies()?;
    let rooms: Vec<_> = ARROWS.iter().map(|(room, _)| *room).collect();
    assert_eq!(
        found.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        rooms.iter().copied().collect()
    );
    let mut wrong = Vec::new();
    for (room, may_name) in ARROWS {
        for named in found[room].iter().filter(|name| rooms.contains(&name.as_str())) {
            if !may_name.contains(&named.as_str()) {
                wrong.push(format!("{room} names {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that point the wrong way: {wrong:?}");
    Ok(())
}

#[test]
fn foreign_crates_stay_in_their_rooms() -> Result<()> {
    let mut wrong = Vec::new();
    for (room, names) in dependencies()? {
        for (foreign, rooms, reason) in ROOMS_OF {
            if names.contains(foreign) && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{room} names {foreign}, but {reason}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn there_is_one_sqlx_one_rstar_and_one_geo_types() -> Result<()> {
    let lock = super::read("Cargo.lock".as_ref())?;
    for single in ["sqlx", "rstar", "geo-types", "axum", "rustls", "tokio"] {
        let count = lock.lines().filter(|line| *line == format!("name = \"{single}\"")).count();
        assert!(count <= 1, "{count} versions of {single} in the tree");
    }
    Ok(())
}
