//! What a coordinate costs at the door. Run with `cargo bench -p spatial --bench convert`.

use spatial::crs::{Crs, Gcj02, LngLat, Wgs84};
use spatial::lattice::LatticePoint;

fn main() {
    divan::main();
}

/// A thousand places over China in no order.
fn places() -> Vec<LngLat<Wgs84>> {
    let turn = |k: u32, step: f64| (f64::from(k) * step).fract();
    let place = |k| LngLat::new(75.0 + 58.0 * turn(k, 0.618_034), 19.0 + 33.0 * turn(k, 0.754_878));
    (0..1000).map(|k| place(k).expect("a place in China is on the globe")).collect()
}

fn over_places<T>(bencher: divan::Bencher<'_, '_>, convert: impl Fn(LngLat<Wgs84>) -> T + Sync) {
    let places = places();
    bencher.counter(places.len()).bench_local(|| {
        for place in &places {
            divan::black_box(convert(divan::black_box(*place)));
        }
    });
}

#[divan::bench]
fn wgs84_to_lattice(bencher: divan::Bencher<'_, '_>) {
    over_places(bencher, LatticePoint::nearest);
}

#[divan::bench]
fn wgs84_to_gcj02(bencher: divan::Bencher<'_, '_>) {
    over_places(bencher, LngLat::<Wgs84>::to_gcj02);
}

#[divan::bench]
fn gcj02_to_wgs84_exact(bencher: divan::Bencher<'_, '_>) {
    over_places(bencher, |place| {
        LngLat::<Gcj02>::new(place.lng(), place.lat()).map(LngLat::<Gcj02>::to_wgs84)
    });
}

#[divan::bench(args = ["bd09", "EPSG:3857"])]
fn to_wgs84(bencher: divan::Bencher<'_, '_>, name: &str) {
    let crs: Crs = name.parse().expect("the name is one of ours");
    let given: Vec<_> = places().into_iter().filter_map(|p| crs.from_wgs84(p).ok()).collect();
    bencher.counter(given.len()).bench_local(|| {
        for (x, y) in &given {
            divan::black_box(crs.to_wgs84(divan::black_box(*x), *y)).ok();
        }
    });
}

#[divan::bench]
fn gauss_kruger_to_wgs84(bencher: divan::Bencher<'_, '_>) {
    let crs: Crs = "EPSG:4544".parse().expect("it is a zone");
    over_places(bencher, move |place| {
        crs.to_wgs84(400_000.0 + place.lng() * 1e3, 3.9e6 + place.lat() * 1e3)
    });
}
