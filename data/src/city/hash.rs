//! The fingerprint of a city: equal exactly when everything in it is.

use sha2::{Digest, Sha256};
use spatial::coverage::LatticeMultiPolygon;
use spatial::lattice::LatticePoint;

use super::City;

struct Sink(Sha256);

impl Sink {
    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn point(&mut self, point: LatticePoint) {
        self.0.update(point.x.to_le_bytes());
        self.0.update(point.y.to_le_bytes());
    }

    fn line(&mut self, line: &[LatticePoint]) {
        self.number(line.len() as u64);
        for &point in line {
            self.point(point);
        }
    }

    fn shape(&mut self, shape: &LatticeMultiPolygon) {
        for part in &shape.0 {
            self.number(part.holes.len() as u64);
            for ring in part.rings() {
                self.line(&ring.0);
            }
        }
    }
}

impl City {
    /// SHA-256 over all content, in lower-case hexadecimal digits.
    pub fn content_sha256(&self) -> String {
        let mut sink = Sink(Sha256::new());
        for d in &self.divisions {
            sink.text(&d.code);
            sink.text(&d.name);
            sink.text(d.kind);
            sink.number(u64::from(d.people));
            sink.shape(&d.shape);
            sink.point(d.label);
        }
        for g in self.grids.iter().chain(&self.specials) {
            sink.text(&g.code);
            sink.text(&g.name);
            sink.number(u64::from(g.people));
            sink.shape(&g.shape);
            sink.point(g.label);
        }
        for road in &self.roads {
            sink.text(&road.name);
            sink.text(road.class);
            sink.line(&road.line);
        }
        for water in &self.waters {
            sink.text(&water.name);
            sink.shape(&water.shape);
        }
        self.hash_ground(&mut sink);
        for p in &self.pois {
            sink.text(&p.name);
            sink.text(p.kind);
            sink.number(u64::from(p.address));
        }
        for e in &self.entities {
            sink.text(&e.code);
            sink.text(&e.name);
            sink.number(u64::from(e.address));
        }
        for w in &self.workers {
            sink.text(&w.code);
            for &(grid, role) in &w.rosters {
                sink.number(u64::from(grid));
                sink.text(role.word());
            }
            for &(day, from, to) in &w.shifts {
                sink.number(u64::from(day) << 32 | u64::from(from) << 16 | u64::from(to));
            }
        }
        for unit in &self.units {
            sink.text(&unit.code);
            sink.text(&unit.name);
        }
        hex::encode(sink.0.finalize())
    }

    fn hash_ground(&self, sink: &mut Sink) {
        for b in &self.buildings {
            sink.text(b.kind.word());
            sink.number(u64::from(b.grid));
            sink.number(u64::from(b.people));
            sink.number(u64::from(b.storeys));
            sink.line(&b.footprint);
        }
        for address in &self.addresses {
            sink.number(u64::from(address.building));
            sink.point(address.point);
            sink.text(&self.address_text(address).full_text);
        }
    }
}
