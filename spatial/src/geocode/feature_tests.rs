use super::{Feature, Weights};

#[test]
fn the_shipped_weights_are_whole() {
    let text = include_str!("weights.csv");
    let weights = Weights::parse(text).unwrap();
    assert!(weights.calibration.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
    assert!(0.5 < weights.accept && weights.accept < 1.0);
    assert!(weights.weights[Feature::Letters as usize] > 0.0);
    assert!(weights.weights[Feature::OtherNumber as usize] < 0.0);
}

#[test]
fn a_broken_file_is_named() {
    assert!(Weights::parse("weight,road").unwrap_err().contains("line 1"));
    assert!(Weights::parse("weight,road,1").unwrap_err().contains("missing"));
}

#[test]
fn the_calibration_runs_between_its_knots() {
    let mut weights = Weights::shipped().clone();
    weights.calibration = vec![(0.0, 0.1), (1.0, 0.9)];
    assert!((weights.calibrated(0.5) - 0.5).abs() < 1e-6);
    assert!((weights.calibrated(1.0) - 0.9).abs() < 1e-6);
}
