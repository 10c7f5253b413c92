//! The plan as a planar mesh: faces, and edges that always have the same two ends on both sides.
//!
//! A face is cut by a straight line or along a path; a new corner on an edge goes into both faces of that edge at once.
//! So there is never a gap, an overlap or a junction that only one side knows of.

use std::collections::HashMap;

use super::terrain::Uv;

/// What an edge of the mesh is on the land.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// Across the water, where nothing stands.
    Stream,
    /// The middle line of the river.
    Midstream,
    /// Where water meets land.
    Bank,
    /// A ridge or gully without a road.
    Ridge,
    Lane,
    Local,
    Railway,
    Collector,
    Arterial,
    Expressway,
    Bridge,
}

impl Class {
    /// Half the width of the road with its pavement, metres.
    pub(crate) fn half_width_m(self) -> f64 {
        match self {
            Self::Stream | Self::Midstream | Self::Bank => 0.0,
            Self::Ridge => 2.0,
            Self::Lane => 3.5,
            Self::Local => 7.0,
            Self::Railway => 12.0,
            Self::Collector => 11.0,
            Self::Arterial | Self::Bridge => 18.0,
            Self::Expressway => 23.0,
        }
    }
}

/// A corner on the rim of a face: one that exists, or a new one on the edge that starts at this place in the face.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Corner(u32),
    On(u32, u32, Uv),
}

/// The mesh. Faces run anticlockwise.
#[derive(Debug, Default)]
pub(crate) struct Mesh {
    pub(crate) corners: Vec<Uv>,
    pub(crate) faces: Vec<Vec<u32>>,
    /// The face on the left of a directed edge.
    left: HashMap<(u32, u32), u32>,
    class: HashMap<(u32, u32), Class>,
}

fn undirected(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl Mesh {
    /// One rectangle.
    pub(crate) fn rectangle(u: (f64, f64), v: (f64, f64)) -> Self {
        let corners = [(u.0, v.0), (u.1, v.0), (u.1, v.1), (u.0, v.1)];
        let corners = corners.map(|(u, v)| Uv { u, v }).to_vec();
        let mut mesh = Self { corners, faces: vec![vec![0, 1, 2, 3]], ..Self::default() };
        for (a, b) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
            mesh.left.insert((a, b), 0);
            mesh.class.insert(undirected(a, b), Class::Ridge);
        }
        mesh
    }

    pub(crate) fn class(&self, a: u32, b: u32) -> Class {
        self.class[&undirected(a, b)]
    }

    pub(crate) fn set_class(&mut self, a: u32, b: u32, class: Class) {
        self.class.insert(undirected(a, b), class);
    }

    /// The face on the left of the edge from `a` to `b`.
    pub(crate) fn left(&self, a: u32, b: u32) -> Option<u32> {
        self.left.get(&(a, b)).copied()
    }

    /// The edges of a face as pairs of corners, anticlockwise.
    pub(crate) fn edges(&self, face: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let rim = &self.faces[face as usize];
        rim.iter().enumerate().map(|(i, &a)| (a, rim[(i + 1) % rim.len()]))
    }

    /// The corners of a face in design coordinates.
    pub(crate) fn shape(&self, face: u32) -> Vec<Uv> {
        self.faces[face as usize].iter().map(|&c| self.corners[c as usize]).collect()
    }

    /// The mean of a face's corners weighted by its edges' lengths.
    pub(crate) fn middle(&self, face: u32) -> Uv {
        let (mut u, mut v, mut sum) = (0.0, 0.0, 0.0);
        for (a, b) in self.edges(face) {
            let (a, b) = (self.corners[a as usize], self.corners[b as usize]);
            let length = ((a.u - b.u).powi(2) + (a.v - b.v).powi(2)).sqrt();
            u += f64::midpoint(a.u, b.u) * length;
            v += f64::midpoint(a.v, b.v) * length;
            sum += length;
        }
        Uv { u: u / sum, v: v / sum }
    }

    /// Cuts a convex face by the line through `through` along `along`. Ends within `snap` of a corner go to the corner,
    /// where `length(a, b)` measures. Returns the new face; `None` if the line does not cut off two real parts.
    pub(crate) fn cut(
        &mut self,
        face: u32,
        (through, along): (Uv, Uv),
        snap: f64,
        class: Class,
        length: &dyn Fn(Uv, Uv) -> f64,
    ) -> Option<u32> {
        let side = |p: Uv| (p.u - through.u) * along.v - (p.v - through.v) * along.u;
        let mut stops: Vec<Stop> = Vec::new();
        let edges: Vec<(u32, u32)> = self.edges(face).collect();
        for (a, b) in edges {
            let (pa, pb) = (self.corners[a as usize], self.corners[b as usize]);
            let (sa, sb) = (side(pa), side(pb));
            if (sa < 0.0) == (sb < 0.0) {
                continue;
            }
            let t = sa / (sa - sb);
            let hit = Uv { u: pa.u + (pb.u - pa.u) * t, v: pa.v + (pb.v - pa.v) * t };
            let (to_a, to_b) = (length(pa, hit), length(pb, hit));
            stops.push(if to_a <= snap && to_a <= to_b {
                Stop::Corner(a)
            } else if to_b <= snap {
                Stop::Corner(b)
            } else {
                Stop::On(a, b, hit)
            });
        }
        let [from, to] = stops.try_into().ok()?;
        let at = |s: Stop| match s {
            Stop::Corner(c) => self.corners[c as usize],
            Stop::On(_, _, p) => p,
        };
        // A part much thinner than what snaps together would be a splinter.
        if self.on_one_side(face, at(from), at(to), (0.3 * snap).max(1.0)) {
            return None;
        }
        let from = self.settle(from);
        let to = self.settle(to);
        Some(self.split(face, from, &[], to, class))
    }

    /// Whether the chord between two points of the rim leaves less than `thin` on one side.
    fn on_one_side(&self, face: u32, from: Uv, to: Uv, thin: f64) -> bool {
        let reach = ((to.u - from.u).powi(2) + (to.v - from.v).powi(2)).sqrt();
        let (mut low, mut high) = (0.0f64, 0.0f64);
        for p in self.shape(face) {
            let s = ((p.u - from.u) * (to.v - from.v) - (p.v - from.v) * (to.u - from.u)) / reach;
            low = low.min(s);
            high = high.max(s);
        }
        reach < 1e-6 || -thin < low || high < thin
    }

    fn settle(&mut self, stop: Stop) -> u32 {
        match stop {
            Stop::Corner(c) => c,
            Stop::On(a, b, at) => self.put_corner(a, b, at),
        }
    }

    /// Puts a corner on the edge from `a` to `b`, in both its faces.
    pub(crate) fn put_corner(&mut self, a: u32, b: u32, at: Uv) -> u32 {
        let corner = self.corners.len() as u32;
        self.corners.push(at);
        for (from, to) in [(a, b), (b, a)] {
            if let Some(face) = self.left.remove(&(from, to)) {
                let rim = &mut self.faces[face as usize];
                let place = rim.iter().position(|&c| c == from).expect("the face has this edge");
                rim.insert(place + 1, corner);
                self.left.insert((from, corner), face);
                self.left.insert((corner, to), face);
            }
        }
        let class = self.class.remove(&undirected(a, b)).expect("every edge has a class");
        self.class.insert(undirected(a, corner), class);
        self.class.insert(undirected(corner, b), class);
        corner
    }

    /// Splits a face along a path between two of its corners. The part left of the path becomes the new face.
    pub(crate) fn split(
        &mut self,
        face: u32,
        from: u32,
        path: &[Uv],
        to: u32,
        class: Class,
    ) -> u32 {
        let mut line = vec![from];
        for &p in path {
            line.push(self.corners.len() as u32);
            self.corners.push(p);
        }
        line.push(to);
        let mut rim = std::mem::take(&mut self.faces[face as usize]);
        let start = rim.iter().position(|&c| c == from).expect("`from` is a corner of the face");
        rim.rotate_left(start);
        let end = rim.iter().position(|&c| c == to).expect("`to` is a corner of the face");
        let inner = &line[1..line.len() - 1];
        let mut right = rim[..=end].to_vec();
        right.extend(inner.iter().rev());
        let mut left = rim[end..].to_vec();
        left.push(from);
        left.extend(inner);
        let new = self.faces.len() as u32;
        self.faces[face as usize] = right;
        self.faces.push(left);
        for id in [face, new] {
            let edges: Vec<(u32, u32)> = self.edges(id).collect();
            for edge in edges {
                self.left.insert(edge, id);
            }
        }
        for pair in line.windows(2) {
            self.class.insert(undirected(pair[0], pair[1]), class);
        }
        new
    }
}
