//! Gauss–Krüger on CGCS2000: the metre grids of Chinese surveying, EPSG:4491–4554.
//!
//! Transverse Mercator with scale 1 on the central meridian, false easting 500 km, and for the
//! "zone" forms the zone's number in front of the easting in millions of metres:
//!
//! | EPSG | width | easting | central meridian |
//! |---|---|---|---|
//! | 4491–4501 | 6° | zone 13–23 prefixed | 6·zone − 3: 75–135° E |
//! | 4502–4512 | 6° | bare | 75, 81 … 135° E |
//! | 4513–4533 | 3° | zone 25–45 prefixed | 3·zone: 75–135° E |
//! | 4534–4554 | 3° | bare | 75, 78 … 135° E |
//!
//! The authority's axis order is northing, easting; ours is always x = easting, y = northing.
//! Series to the sixth order in the third flattening: C. Karney, "Transverse Mercator with an
//! accuracy of a few nanometers", 2011, <https://arxiv.org/abs/1002.1417>, equations 35 and 36.

use super::{Cgcs2000, CrsError, LngLat};
use crate::measure::{CGCS2000_A_M, CGCS2000_F};

/// Metres added to every easting so that none is negative.
const FALSE_EASTING_M: f64 = 500_000.0;
/// Third flattening.
const N: f64 = CGCS2000_F / (2.0 - CGCS2000_F);
/// Beyond this many metres from the central meridian (4.5° at the equator, 5.5° at 36° N) a
/// coordinate is refused: zones are used to 1.5° or 3° with some overlap, so more means the wrong
/// zone, and the easting would run into the next zone's prefix.
const REACH_M: f64 = FALSE_EASTING_M;

/// One Gauss–Krüger zone of CGCS2000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone {
    epsg: u16,
}

/// How wide the zones of a family are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// Three degrees of longitude: maps at 1:10,000 and larger.
    Three,
    /// Six degrees of longitude: maps at 1:25,000 and smaller.
    Six,
}

impl Zone {
    /// The zone with an EPSG number in 4491–4554, or `None`.
    pub fn from_epsg(epsg: u16) -> Option<Self> {
        (4491..=4554).contains(&epsg).then_some(Self { epsg })
    }

    /// The EPSG number.
    pub const fn epsg(self) -> u16 {
        self.epsg
    }

    /// The width of the family this zone belongs to.
    pub const fn width(self) -> Width {
        if self.epsg <= 4512 { Width::Six } else { Width::Three }
    }

    /// The central meridian in degrees east.
    pub const fn central_meridian(self) -> u16 {
        match self.epsg {
            4491..=4501 => 75 + (self.epsg - 4491) * 6,
            4502..=4512 => 75 + (self.epsg - 4502) * 6,
            4513..=4533 => 75 + (self.epsg - 4513) * 3,
            _ => 75 + (self.epsg - 4534) * 3,
        }
    }

    /// The zone's number when it is written in front of the easting.
    pub const fn prefix(self) -> Option<u16> {
        match self.epsg {
            4491..=4501 => Some(13 + self.epsg - 4491),
            4513..=4533 => Some(25 + self.epsg - 4513),
            _ => None,
        }
    }

    /// Projects a coordinate to (easting, northing) in metres.
    ///
    /// # Errors
    /// [`CrsError::OutsideSystem`] 500 km or more from the central meridian.
    pub fn project(self, place: LngLat<Cgcs2000>) -> Result<(f64, f64), CrsError> {
        let dlng = place.lng() - f64::from(self.central_meridian());
        let (east, north) = forward(dlng.to_radians(), place.lat().to_radians());
        // The series is for this side of the globe; from the other it may come back small.
        if dlng.abs() > 45.0 || east.abs() >= REACH_M {
            return Err(self.outside(place.lng(), place.lat(), "500 km or more from its meridian"));
        }
        Ok((east + self.easting_of_meridian_m(), north))
    }

    /// The coordinate at an (easting, northing) in metres.
    ///
    /// # Errors
    /// [`CrsError::OutsideSystem`] when the place is not finite, beyond the pole, or 500 km or
    /// more from the central meridian; the reason names a missing or foreign zone prefix.
    pub fn unproject(self, x_m: f64, y_m: f64) -> Result<LngLat<Cgcs2000>, CrsError> {
        let east = x_m - self.easting_of_meridian_m();
        if !(east.is_finite() && y_m.is_finite()) {
            return Err(self.outside(x_m, y_m, "not a finite number"));
        }
        if east.abs() >= REACH_M {
            return Err(self.outside(x_m, y_m, self.misfit(x_m, y_m)));
        }
        if y_m.abs() > 10_001_966.0 {
            return Err(self.outside(x_m, y_m, "northing is beyond the pole"));
        }
        let (dlng, phi) = inverse(east, y_m);
        // Near a pole half a million metres reach all around it.
        if dlng.to_degrees().abs() > 45.0 {
            return Err(self.outside(x_m, y_m, "500 km or more from its meridian"));
        }
        let lng = dlng.to_degrees() + f64::from(self.central_meridian());
        Ok(LngLat::trusted(lng, phi.to_degrees()))
    }

    fn easting_of_meridian_m(self) -> f64 {
        FALSE_EASTING_M + f64::from(self.prefix().unwrap_or(0)) * 1e6
    }

    /// Why an easting does not belong here, guessed from its size.
    fn misfit(self, x_m: f64, y_m: f64) -> &'static str {
        let plain = (0.0..1e6).contains(&x_m);
        let prefixed = (13e6..46e6).contains(&x_m);
        let other = (y_m - self.easting_of_meridian_m()).abs() <= 400_000.0;
        match self.prefix() {
            _ if other => "easting and northing look swapped",
            Some(_) if plain => "easting has no zone prefix; use the form without one",
            Some(_) if prefixed => "easting carries the prefix of another zone",
            None if prefixed => "easting carries a zone prefix; use the form with one",
            _ => "easting is far outside the zone",
        }
    }

    fn outside(self, x: f64, y: f64, reason: &'static str) -> CrsError {
        CrsError::OutsideSystem { system: format!("EPSG:{}", self.epsg), x, y, reason }
    }
}

/// Karney's α, from geographic to transverse Mercator.
const ALPHA: [f64; 6] = {
    let n = N;
    let n2 = n * n;
    let (n3, n4, n5, n6) = (n2 * n, n2 * n2, n2 * n2 * n, n2 * n2 * n2);
    [
        n / 2.0 - 2.0 / 3.0 * n2 + 5.0 / 16.0 * n3 + 41.0 / 180.0 * n4 - 127.0 / 288.0 * n5
            + 7891.0 / 37800.0 * n6,
        13.0 / 48.0 * n2 - 3.0 / 5.0 * n3 + 557.0 / 1440.0 * n4 + 281.0 / 630.0 * n5
            - 1_983_433.0 / 1_935_360.0 * n6,
        61.0 / 240.0 * n3 - 103.0 / 140.0 * n4
            + 15061.0 / 26880.0 * n5
            + 167_603.0 / 181_440.0 * n6,
        49561.0 / 161_280.0 * n4 - 179.0 / 168.0 * n5 + 6_601_661.0 / 7_257_600.0 * n6,
        34729.0 / 80640.0 * n5 - 3_418_889.0 / 1_995_840.0 * n6,
        212_378_941.0 / 319_334_400.0 * n6,
    ]
};

/// Karney's β, from transverse Mercator back.
const BETA: [f64; 6] = {
    let n = N;
    let n2 = n * n;
    let (n3, n4, n5, n6) = (n2 * n, n2 * n2, n2 * n2 * n, n2 * n2 * n2);
    [
        n / 2.0 - 2.0 / 3.0 * n2 + 37.0 / 96.0 * n3 - 1.0 / 360.0 * n4 - 81.0 / 512.0 * n5
            + 96199.0 / 604_800.0 * n6,
        1.0 / 48.0 * n2 + 1.0 / 15.0 * n3 - 437.0 / 1440.0 * n4 + 46.0 / 105.0 * n5
            - 1_118_711.0 / 3_870_720.0 * n6,
        17.0 / 480.0 * n3 - 37.0 / 840.0 * n4 - 209.0 / 4480.0 * n5 + 5569.0 / 90720.0 * n6,
        4397.0 / 161_280.0 * n4 - 11.0 / 504.0 * n5 - 830_251.0 / 7_257_600.0 * n6,
        4583.0 / 161_280.0 * n5 - 108_847.0 / 3_991_680.0 * n6,
        20_648_693.0 / 638_668_800.0 * n6,
    ]
};

/// Radius in metres of the circle as long as a meridian.
const RECTIFYING_M: f64 = {
    let n2 = N * N;
    CGCS2000_A_M / (1.0 + N) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0 + n2 * n2 * n2 / 256.0)
};

/// Radians from the central meridian and of latitude → metres east and north.
fn forward(dlng: f64, phi: f64) -> (f64, f64) {
    let tau = conformal(phi.tan());
    let xi = tau.atan2(dlng.cos());
    let eta = (dlng.sin() / tau.hypot(dlng.cos())).asinh();
    let (mut east, mut north) = (eta, xi);
    for (order, alpha) in (1u8..).zip(ALPHA) {
        let k = 2.0 * f64::from(order);
        north += alpha * (k * xi).sin() * (k * eta).cosh();
        east += alpha * (k * xi).cos() * (k * eta).sinh();
    }
    (east * RECTIFYING_M, north * RECTIFYING_M)
}

/// Metres east and north → radians from the central meridian and of latitude.
fn inverse(east: f64, north: f64) -> (f64, f64) {
    let (eta0, xi0) = (east / RECTIFYING_M, north / RECTIFYING_M);
    let (mut eta, mut xi) = (eta0, xi0);
    for (order, beta) in (1u8..).zip(BETA) {
        let k = 2.0 * f64::from(order);
        xi -= beta * (k * xi0).sin() * (k * eta0).cosh();
        eta -= beta * (k * xi0).cos() * (k * eta0).sinh();
    }
    let dlng = eta.sinh().atan2(xi.cos());
    let target = xi.sin() / eta.sinh().hypot(xi.cos());
    // Newton on tan φ; the start is within 0.7 % and each step doubles the digits.
    let e2 = CGCS2000_F * (2.0 - CGCS2000_F);
    let mut tau = target / (1.0 - e2);
    for _ in 0..5 {
        let got = conformal(tau);
        let slope = (1.0 - e2) * got.hypot(1.0) * tau.hypot(1.0) / (1.0 + (1.0 - e2) * tau * tau);
        let step = (target - got) / slope;
        tau += step;
        if step.abs() <= 1e-16 * tau.abs().max(1.0) {
            break;
        }
    }
    (dlng, tau.atan())
}

/// Tangent of the conformal latitude from the tangent of the geographic one.
fn conformal(tau: f64) -> f64 {
    let e = (CGCS2000_F * (2.0 - CGCS2000_F)).sqrt();
    let secant = tau.hypot(1.0);
    let sigma = (e * (e * tau / secant).atanh()).sinh();
    tau * sigma.hypot(1.0) - sigma * secant
}

#[cfg(test)]
#[path = "gauss_kruger_tests.rs"]
mod tests;
