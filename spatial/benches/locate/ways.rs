//! Ways to find the face of a point.

use geo::{Contains, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use spatial::locate::{CellIndex, Key, Locate, Locator, rule};

use super::synthetic::{City, Plan, city};
use super::{LatticeMultiPolygon, LatticePoint};

type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

/// The city with everything that answers for it.
pub struct Subject {
    pub city: City,
    pub locator: Locator,
    pub index: CellIndex,
    boxes: Boxes,
    degrees: Vec<MultiPolygon<f64>>,
}

impl Subject {
    pub fn new() -> Self {
        let city = city(Plan::CITY);
        let shapes = || city.faces.iter().map(|(_, shape)| shape);
        let degrees: Vec<_> = shapes().map(LatticeMultiPolygon::to_degrees).collect();
        let boxes = shapes().enumerate().filter_map(|(at, shape)| {
            let bounds = shape.bounds()?;
            let corner = |p: LatticePoint| [p.lng_lat().lng(), p.lng_lat().lat()];
            let rectangle = Rectangle::from_corners(corner(bounds.min), corner(bounds.max));
            Some(GeomWithData::new(rectangle, at))
        });
        let boxes = RTree::bulk_load(boxes.collect());
        let locator = Locator::new(city.faces.iter().cloned());
        let index = CellIndex::build(&locator, Key::default()).unwrap();
        Self { city, locator, index, boxes, degrees }
    }

    pub fn described(&self) -> String {
        let mut counts: Vec<_> =
            self.city.faces.iter().map(|(_, shape)| shape.vertex_count()).collect();
        counts.sort_unstable();
        let total: usize = counts.iter().sum();
        let areas = self.city.faces.iter().map(|(_, shape)| spatial::measure::multi_area_m2(shape));
        let mut areas: Vec<f64> = areas.map(|m2| m2 / 1e6).collect();
        areas.sort_unstable_by(f64::total_cmp);
        let middle = counts.len() / 2;
        format!(
            "{} faces, {total} vertices (min {}, median {}, mean {:.0}, max {}), \
             {:.4} to {:.0} km² (median {:.2})",
            counts.len(),
            counts[0],
            counts[middle],
            total as f64 / counts.len() as f64,
            counts[counts.len() - 1],
            areas[0],
            areas[areas.len() - 1],
            areas[middle],
        )
    }

    /// An R-tree over boxes in degrees, then geo's own test.
    pub fn by_geo_contains(&self, point: LatticePoint) -> Option<u32> {
        let place = point.lng_lat();
        let here = AABB::from_point([place.lng(), place.lat()]);
        let place = Point::new(place.lng(), place.lat());
        let mut near = self.boxes.locate_in_envelope_intersecting(&here);
        near.find(|face| self.degrees[face.data].contains(&place)).map(|face| face.data as u32)
    }

    /// The same tree, then the half-open rule along the whole ring.
    pub fn by_ring_walk(&self, point: LatticePoint) -> Option<u32> {
        let place = point.lng_lat();
        let here = AABB::from_point([place.lng(), place.lat()]);
        let mut near = self.boxes.locate_in_envelope_intersecting(&here);
        let holds = |at: usize| rule::contains(&self.city.faces[at].1, point);
        near.find(|face| holds(face.data)).map(|face| face.data as u32)
    }

    pub fn by_locator(&self, point: LatticePoint) -> Option<u32> {
        self.locator.locate(point)
    }

    pub fn by_index(&self, point: LatticePoint) -> Option<u32> {
        self.index.locate(point)
    }
}
