//! Coordinate systems met in practice, and the way from each to WGS 84 and back.
//!
//! The system of a coordinate is part of its type: [`LngLat<Gcj02>`] cannot be passed where
//! [`LngLat<Wgs84>`] is wanted. Input whose system is known only at run time goes through
//! [`Crs`], whose axis order is always x = easting (longitude), y = northing (latitude), whatever
//! the authority's own order.
//!
//! | system | inverse | round trip, measured by the tests |
//! |---|---|---|
//! | WGS 84, CGCS2000 | identity: the two differ by centimetres (see [`Cgcs2000`]) | 0 |
//! | GCJ-02 | iterated to 1e-12° | < 1e-9° (0.1 mm) |
//! | BD-09 | iterated to 1e-12°, then GCJ-02 | < 1e-9° (0.1 mm) |
//! | Web Mercator | closed form | < 1e-9° |
//! | Gauss–Krüger | 6th-order series | < 1e-9°, < 1 µm to 4° from the central meridian |
//!
//! Read [`lng_lat`](LngLat) first, then one file per system, then [`Crs`], then [`suspect`] for
//! data that carry the wrong label.

pub mod bd09;
mod declared;
pub mod gauss_kruger;
pub mod gcj02;
mod lng_lat;
pub mod mercator;
pub mod suspect;

pub use self::declared::{Crs, CrsError, UnknownCrs};
pub use self::lng_lat::{Bd09, Cgcs2000, CoordinateSystem, Gcj02, InvalidLngLat, LngLat, Wgs84};
pub use self::mercator::WebMercator;
