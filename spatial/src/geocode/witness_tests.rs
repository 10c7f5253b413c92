use proptest::prelude::*;

use super::{CrsWitness, FEWEST, WINDOW, tail};
use crate::crs::Crs;
use crate::geocode::moved;
use crate::lattice::LatticePoint;

const SYSTEMS: [Crs; 3] = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09];

/// Reports of a client somewhere in Lanzhou: what it sends, what it says, and how far each point is off.
fn client(sent: Crs, declared: Crs, errors: &[(f64, f64)]) -> CrsWitness {
    let mut witness = CrsWitness::new(declared);
    for (at, (bearing, metres)) in errors.iter().enumerate() {
        let at = at as i32;
        let truth =
            LatticePoint::new(1_036_500_000 + at * 31_013, 360_300_000 + (at * 7919) % 500_000);
        let (x, y) = sent.from_wgs84(moved(truth, *bearing, *metres).lng_lat()).unwrap();
        witness.report(x, y, truth.lng_lat());
    }
    witness
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_client_that_sends_another_system_is_found_out_and_named(
        errors in prop::collection::vec((0.0..360.0f64, 0.0..40.0f64), FEWEST..80),
        sent in 0..3usize, declared in 0..3usize,
    ) {
        let (sent, declared) = (SYSTEMS[sent], SYSTEMS[declared]);
        let suspicion = client(sent, declared, &errors).suspicion();
        if sent == declared {
            prop_assert_eq!(suspicion, None);
        } else {
            prop_assert_eq!(suspicion.map(|suspicion| suspicion.likely), Some(sent));
        }
    }

    #[test]
    fn points_at_random_accuse_nobody(
        errors in prop::collection::vec((0.0..360.0f64, 0.0..2000.0f64), FEWEST..120), declared in 0..3usize,
    ) {
        prop_assert_eq!(client(SYSTEMS[declared], SYSTEMS[declared], &errors).suspicion(), None);
    }

    #[test]
    fn a_constant_offset_that_is_no_system_accuses_nobody(
        bearing in 0.0..360.0f64, metres in 100.0..1500.0f64, count in FEWEST..60,
    ) {
        // An offset that happens to undo GCJ-02 does look like it.
        let errors = vec![(bearing, metres); count];
        let suspicion = client(Crs::Wgs84, Crs::Wgs84, &errors).suspicion();
        if let Some(suspicion) = suspicion {
            prop_assert!(suspicion.likely_m <= 60.0);
        }
    }
}

#[test]
fn a_few_reports_prove_nothing() {
    let errors = vec![(0.0, 5.0); FEWEST - 1];
    assert_eq!(client(Crs::Gcj02, Crs::Wgs84, &errors).suspicion(), None);
}

#[test]
fn a_client_that_was_put_right_is_forgiven_after_a_window() {
    let mut witness = client(Crs::Gcj02, Crs::Wgs84, &vec![(0.0, 5.0); 40]);
    assert!(witness.suspicion().is_some());
    for step in 0..WINDOW as i32 {
        let truth = LatticePoint::new(1_036_500_000 + step * 1000, 360_300_000).lng_lat();
        witness.report(truth.lng(), truth.lat(), truth);
    }
    assert_eq!((witness.suspicion(), witness.len()), (None, WINDOW));
}

#[test]
fn numbers_that_are_no_place_are_ignored() {
    let mut witness = CrsWitness::new(Crs::Wgs84);
    witness.report(36.0, 103.0, LatticePoint::new(1_038_000_000, 360_000_000).lng_lat());
    witness.report(f64::NAN, 1.0, LatticePoint::new(1_038_000_000, 360_000_000).lng_lat());
    assert!(witness.is_empty());
}

#[test]
fn the_tail_of_a_fair_coin_is_that_of_the_table() {
    // C(20, k) / 2^20 summed by hand.
    for (n, k, expected) in
        [(20, 20, 1.0 / 1_048_576.0), (20, 19, 21.0 / 1_048_576.0), (3, 2, 0.5), (5, 0, 1.0)]
    {
        assert!((tail(n, k) - expected).abs() < 1e-12);
    }
}
