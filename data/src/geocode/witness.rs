//! Callers that seem to declare the wrong coordinate system: judged by the points that came with texts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use spatial::crs::Crs;
use spatial::geocode::{CrsSuspicion, CrsWitness};
use spatial::lattice::LatticePoint;

use crate::domain::id::ApiKeyId;
use crate::domain::incident::GivenPoint;

/// Callers that are remembered.
const MOST: usize = 10_000;

/// What the last points of each caller say.
#[derive(Debug, Default)]
pub(super) struct Witnesses(Mutex<HashMap<(ApiKeyId, Crs), CrsWitness>>);

impl Witnesses {
    /// Takes a point and the place of the text that came with it; what is now suspected of this caller.
    pub(super) fn report(
        &self,
        caller: ApiKeyId,
        given: GivenPoint,
        truth: LatticePoint,
    ) -> Option<CrsSuspicion> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (caller, given.crs);
        if MOST <= all.len() && !all.contains_key(&key) {
            return None;
        }
        let witness = all.entry(key).or_insert_with(|| CrsWitness::new(given.crs));
        let before = witness.suspicion().is_some();
        witness.report(given.lng, given.lat, truth.lng_lat());
        let suspicion = witness.suspicion();
        if let (Some(found), false) = (&suspicion, before) {
            tracing::warn!(
                api_key.id = caller.0,
                declared = %found.declared,
                likely = %found.likely,
                reports = found.reports,
                "a caller seems to declare the wrong coordinate system"
            );
        }
        suspicion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_that_sends_gcj02_as_wgs84_is_named_and_no_other_is() {
        let witnesses = Witnesses::default();
        let (wrong, right) = (ApiKeyId(1), ApiKeyId(2));
        let mut found = (None, None);
        for n in 0..60 {
            let truth = LatticePoint::new(1_038_000_000 + n * 9_731, 360_500_000 + n * 7_919);
            let place = truth.lng_lat();
            let (lng, lat) = Crs::Gcj02.from_wgs84(place).unwrap();
            let given = |lng, lat| GivenPoint { lng, lat, crs: Crs::Wgs84 };
            found.0 = witnesses.report(wrong, given(lng, lat), truth);
            found.1 = witnesses.report(right, given(place.lng(), place.lat()), truth);
        }
        let named = found.0.unwrap();
        assert_eq!((named.declared, named.likely), (Crs::Wgs84, Crs::Gcj02));
        assert_eq!(found.1, None);
    }
}
