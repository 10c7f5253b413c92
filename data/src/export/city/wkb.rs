//! The box around a shape in well-known binary.

/// West, south, east, north, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Bounds {
    /// Around nothing.
    pub(super) const NOTHING: Self = Self {
        west: f64::INFINITY,
        south: f64::INFINITY,
        east: f64::NEG_INFINITY,
        north: f64::NEG_INFINITY,
    };

    /// The box around both.
    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Whether there is anything in it.
    pub(super) fn is_something(self) -> bool {
        self.west <= self.east && self.south <= self.north
    }
}

/// The box around a point, line, polygon or multipolygon in little-endian binary without SRID; `None` for anything else.
pub(super) fn bounds(wkb: &[u8]) -> Option<Bounds> {
    let mut reader = Reader { left: wkb, bounds: Bounds::NOTHING };
    reader.shape()?;
    (reader.left.is_empty() && reader.bounds.is_something()).then_some(reader.bounds)
}

struct Reader<'a> {
    left: &'a [u8],
    bounds: Bounds,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.left.split_first_chunk::<N>()?;
        self.left = rest;
        Some(*head)
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn shape(&mut self) -> Option<()> {
        let [order] = self.take()?;
        if order != 1 {
            return None;
        }
        match self.count()? {
            1 => self.point(),
            2 => self.points(),
            3 => self.rings(),
            6 => {
                let parts = self.count()?;
                (0..parts).try_for_each(|_| self.shape())
            }
            _ => None,
        }
    }

    fn rings(&mut self) -> Option<()> {
        let rings = self.count()?;
        (0..rings).try_for_each(|_| self.points())
    }

    fn points(&mut self) -> Option<()> {
        let points = self.count()?;
        (0..points).try_for_each(|_| self.point())
    }

    fn point(&mut self) -> Option<()> {
        let (x, y) = (f64::from_le_bytes(self.take()?), f64::from_le_bytes(self.take()?));
        self.bounds = self.bounds.joined(Bounds { west: x, south: y, east: x, north: y });
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use geozero::{CoordDimensions, ToWkb};

    use super::*;

    #[test]
    fn the_box_is_the_one_that_geo_finds() {
        use geo::BoundingRect;
        let square = |x: f64| {
            geo_types::Polygon::new(
                geo_types::LineString::from(vec![
                    (x, 1.0),
                    (x + 2.0, 1.0),
                    (x + 2.0, 3.5),
                    (x, 1.0),
                ]),
                vec![],
            )
        };
        let shapes: Vec<geo_types::Geometry<f64>> = vec![
            geo_types::Point::new(103.5, 36.25).into(),
            geo_types::LineString::from(vec![(103.0, 36.5), (104.0, 36.0)]).into(),
            square(7.0).into(),
            geo_types::MultiPolygon(vec![square(-3.0), square(9.0)]).into(),
        ];
        for shape in shapes {
            let wkb = shape.to_wkb(CoordDimensions::xy()).unwrap();
            let found = bounds(&wkb).unwrap();
            let rect = shape.bounding_rect().unwrap();
            assert_eq!((found.west, found.north), (rect.min().x, rect.max().y));
            assert_eq!((found.east, found.south), (rect.max().x, rect.min().y));
            assert_eq!(bounds(&wkb[..wkb.len() - 1]), None, "cut off");
        }
    }
}
