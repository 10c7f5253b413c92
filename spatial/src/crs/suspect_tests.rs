use super::*;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::LatticePoint;
use crate::locate::Locator;
use crate::test_maps::features;

type Mislabel = fn(LngLat<Wgs84>) -> LngLat<Wgs84>;

fn lanzhou(step: u32) -> LngLat<Wgs84> {
    let along = f64::from(step) * 0.004;
    LngLat::new(103.6 + along, 36.0 + (along * 7.0).sin() / 20.0).unwrap()
}

#[test]
fn the_offset_in_lanzhou_is_about_220_metres() {
    let offset_m = gcj02_offset_m(LngLat::new(103.83, 36.06).unwrap());
    assert!((210.0..230.0).contains(&offset_m), "{offset_m}");
    assert!(gcj02_offset_m(LngLat::new(2.35, 48.85).unwrap()) < 1e-9);
    assert!(bd09_offset_m(LngLat::new(103.83, 36.06).unwrap()) > 500.0);
}

#[test]
fn each_wrong_label_is_explained_by_its_own_reading() {
    let truth: Vec<_> = (0..60).map(lanzhou).collect();
    let mislabelled: [(Reading, Mislabel); 4] = [
        (Reading::Gcj02, |place| place.to_gcj02().relabelled()),
        (Reading::Bd09, |place| place.to_bd09().relabelled()),
        (Reading::ConvertedTwice, |place| place.relabelled::<Gcj02>().to_wgs84()),
        (Reading::AsDeclared, |place| place),
    ];
    for (reading, wrong) in mislabelled {
        let pairs: Vec<_> = truth.iter().map(|place| (wrong(*place), *place)).collect();
        let misfits = misfits(&pairs);
        assert_eq!(misfits[0].reading, reading);
        assert!(misfits[0].median_m < 1e-3);
        let explained = explanation(&misfits).map(|misfit| misfit.reading);
        assert_eq!(explained, (reading != Reading::AsDeclared).then_some(reading));
    }
}

#[test]
fn points_in_a_narrow_valley_tell_their_datum() {
    // A strip of 60 m around the true line: shifted points fall out of it.
    let near = |at: usize, place: LngLat<Wgs84>| distance_m(lanzhou(at as u32), place) < 60.0;
    let given: Vec<_> = (0..60).map(|step| lanzhou(step).to_gcj02().relabelled()).collect();
    let tallies = tally(&given, near);
    assert_eq!(tallies[0], Tally { reading: Reading::Gcj02, fitting: 60 });
    assert!(tallies[1].fitting < 10);
}

#[test]
fn nothing_is_explained_without_points() {
    assert_eq!(misfits(&[]), []);
    assert_eq!(explanation(&[]), None);
}

#[test]
fn the_district_files_confess_their_datum() {
    let shapes = |file: &str, name: &str| -> Vec<LatticeMultiPolygon> {
        let features = features(&format!("lanzhou-districts/{file}"), name);
        features.iter().map(|(_, shape)| LatticeMultiPolygon::clean(shape).unwrap().shape).collect()
    };
    let known = Locator::new((0..).zip(shapes("districts_amap2025_wgs84.geojson", "name")));
    let is_on_a_border = |_, place| {
        let (_, apart_m) = known.nearest_border(LatticePoint::nearest(place)).unwrap();
        apart_m < 30.0
    };
    for (file, truth) in [
        ("districts_amap2021_gcj02.geojson", Reading::Gcj02),
        ("districts_datav2021_gcj02.geojson", Reading::Gcj02),
        ("districts_amap2025_wgs84.geojson", Reading::AsDeclared),
    ] {
        let shapes = shapes(file, "name");
        let vertices = shapes.iter().flat_map(LatticeMultiPolygon::edges).map(|(a, _)| a.lng_lat());
        let sample: Vec<_> = vertices.step_by(23).collect();
        let tallies = tally(&sample, is_on_a_border);
        assert_eq!(tallies[0].reading, truth, "{file}: {tallies:?}");
        assert!(tallies[0].fitting * 2 > sample.len(), "{file}: {tallies:?} of {}", sample.len());
        assert!(tallies[1].fitting * 2 < tallies[0].fitting, "{file}: {tallies:?}");
    }
}
