//! Islands in the river.

use super::mesh::{Class, Mesh};
use super::terrain::{BANK, Uv};

/// Islands where the river is widest, each halved by the middle line. Returns their faces.
pub(super) fn islands(mesh: &mut Mesh) -> Vec<u32> {
    let mut islands = Vec::new();
    for (place, reach, thick) in
        [(4620.0, 330.0, 40.0), (6000.0, 260.0, 34.0), (10_400.0, 210.0, 26.0)]
    {
        for face in 0..mesh.faces.len() as u32 {
            let middle = mesh.middle(face);
            let span: Vec<Uv> = mesh.shape(face);
            let west = span.iter().map(|p| p.u).fold(f64::MAX, f64::min);
            let east = span.iter().map(|p| p.u).fold(f64::MIN, f64::max);
            let fits = west < place && place < east && middle.v.abs() < BANK && span.len() == 4;
            if fits && 0.0 < middle.v {
                let from = (west + 60.0).max(place - reach);
                let to = (east - 60.0).min(place + reach);
                islands.extend(island(mesh, face, from, to, thick).into_iter().flatten());
                break;
            }
        }
    }
    islands
}

/// Lays an island on the middle line between two positions, north of it in `face`, south of it in its neighbour.
fn island(mesh: &mut Mesh, face: u32, from: f64, to: f64, thick: f64) -> Option<[u32; 2]> {
    let on_line = |m: &Mesh, (a, b): (u32, u32)| {
        m.corners[a as usize].v == 0.0 && m.corners[b as usize].v == 0.0
    };
    let (a, b) = mesh.edges(face).find(|&e| on_line(mesh, e))?;
    let south = mesh.left(b, a)?;
    let west = mesh.put_corner(a, b, Uv { u: from, v: 0.0 });
    let east = mesh.put_corner(west, b, Uv { u: to, v: 0.0 });
    let bow = |side: f64, lean: f64| -> Vec<Uv> {
        (1..12)
            .map(|i| {
                let t = f64::from(i) / 12.0;
                let full = 4.0 * t * (1.0 - t);
                let skew = 1.0 + lean * (t - 0.5);
                Uv {
                    u: from + (to - from) * t,
                    v: side * thick * (0.55 * full + 0.45 * full * full) * skew,
                }
            })
            .collect()
    };
    // Left of an eastward path lies the north: there the new face is the water, here the island.
    mesh.split(face, west, &bow(1.0, -0.9), east, Class::Bank);
    // The southern shore counts as the middle of the river: the whole island lies on the northern side.
    let island_south = mesh.split(south, west, &bow(-1.0, -0.5), east, Class::Midstream);
    mesh.set_class(west, east, Class::Stream);
    Some([face, island_south])
}
