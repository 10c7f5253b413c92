//! All typed ids: the type system keeps a worker's number from being taken for a grid's.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($number:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $number);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// One incident, for ever.
    IncidentId(i64);
    /// One shape of a grid in a range of boundary versions; also the feature id in tiles.
    GridId(i32);
    /// One grid worker.
    GridWorkerId(i32);
    /// An area centre or a department.
    UnitId(i32);
    /// One address.
    AddressId(i32);
    /// What people call a place.
    AliasId(i32);
    /// A file of addresses to be found.
    GeocodeJobId(i64);
    /// Who calls.
    ApiKeyId(i32);
    /// One published state of all borders.
    BoundaryVersionId(i32);
    /// One state of all rosters and shifts.
    RosterVersionId(i32);
    /// One state of all addresses and places by name, counted in order of commit.
    GazetteerVersion(i32);
    /// One state of everything maps are drawn from.
    MapVersionId(i32);
}
