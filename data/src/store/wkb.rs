//! WKB as PostGIS writes it, straight onto the lattice: a version of all borders is a million vertices, read at start.

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::{LatticePoint, UNITS_PER_DEGREE};

use crate::error::DataError;

/// A little-endian WKB multipolygon; stored doubles are `i / 1e7`, so that rounding gives `i` again.
pub(super) fn multi_polygon(bytes: &[u8]) -> Result<LatticeMultiPolygon, DataError> {
    let mut reader = Reader { rest: bytes };
    let read = reader.multi_polygon();
    read.filter(|_| reader.rest.is_empty()).ok_or_else(|| DataError::Broken {
        what: "border",
        why: format!("{} bytes are no multipolygon", bytes.len()),
    })
}

const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn multi_polygon(&mut self) -> Option<LatticeMultiPolygon> {
        self.header(MULTI_POLYGON)?;
        let parts = self.count()?;
        (0..parts).map(|_| self.polygon()).collect::<Option<Vec<_>>>().map(LatticeMultiPolygon)
    }

    fn polygon(&mut self) -> Option<LatticePolygon> {
        self.header(POLYGON)?;
        let rings = self.count()?;
        let mut rings = (0..rings).map(|_| self.ring()).collect::<Option<Vec<_>>>()?.into_iter();
        let exterior = rings.next()?;
        Some(LatticePolygon { exterior, holes: rings.collect() })
    }

    fn ring(&mut self) -> Option<LatticeRing> {
        let count = self.count()? as usize;
        let mut points = Vec::with_capacity(count.min(self.rest.len() / 16));
        for _ in 0..count {
            points.push(LatticePoint { x: self.unit()?, y: self.unit()? });
        }
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        Some(LatticeRing(points))
    }

    fn header(&mut self, kind: u32) -> Option<()> {
        let [1] = self.take()? else { return None };
        (self.count()? == kind).then_some(())
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn unit(&mut self) -> Option<i32> {
        let degrees = f64::from_le_bytes(self.take()?);
        let units = (degrees * UNITS_PER_DEGREE).round();
        (units.abs() <= 1.8e9).then_some(units as i32)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*head)
    }
}

#[cfg(test)]
mod tests {
    use super::multi_polygon;
    use spatial::lattice::LatticePoint;

    fn square(count: u32) -> Vec<u8> {
        let mut bytes = vec![1, 6, 0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 0, 0];
        bytes.extend(count.to_le_bytes());
        for (x, y) in [(103.8, 36.0), (103.9, 36.0), (103.9, 36.1), (103.8, 36.0)] {
            bytes.extend(f64::to_le_bytes(x));
            bytes.extend(f64::to_le_bytes(y));
        }
        bytes
    }

    #[test]
    fn the_closing_point_is_dropped_and_vertices_are_exact() {
        let shape = multi_polygon(&square(4)).unwrap();
        let ring = &shape.0[0].exterior.0;
        let expected = [
            (1_038_000_000, 360_000_000),
            (1_039_000_000, 360_000_000),
            (1_039_000_000, 361_000_000),
        ];
        assert_eq!(ring, &expected.map(|(x, y)| LatticePoint { x, y }));
    }

    #[test]
    fn cut_or_lying_bytes_are_an_error_and_no_allocation_of_what_they_claim() {
        assert!(multi_polygon(&square(u32::MAX)).is_err());
        assert!(multi_polygon(&square(3)).is_err(), "a point is left over");
        let whole = square(4);
        for cut in 0..whole.len() {
            assert!(multi_polygon(whole.get(..cut).unwrap()).is_err());
        }
    }
}
