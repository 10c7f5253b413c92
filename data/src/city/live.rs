//! What happens in the city: an endless, repeatable series of reports as people would send them.

use spatial::crs::Crs;

use super::City;
use super::dice::Dice;
use super::live_texts::{AFTER, BEFORE, SINCE, TEXTS};

/// One report, in the words and the coordinate system of whoever sends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How it comes in, such as `mini_program`.
    pub channel: &'static str,
    /// Code of its category.
    pub category: &'static str,
    /// What it says, in Chinese.
    pub description: String,
    /// Longitude, latitude and their system, if the sender has a position.
    pub location: Option<(f64, f64, Crs)>,
    /// Where it says it is, if it says so.
    pub address: Option<String>,
    /// The sender's own number for it.
    pub source_id: String,
}

/// The channels: name, how many of a hundred reports come by it, letters of its numbers.
const CHANNELS: &[(&str, f64, &str)] = &[
    ("mini_program", 33.0, "MP"),
    ("hotline", 25.0, "RX"),
    ("grid_patrol", 22.0, "XC"),
    ("app", 11.0, "AP"),
    ("web", 5.0, "WZ"),
    ("mediation", 4.0, "TJ"),
];

/// Draws reports out of a city.
#[derive(Debug)]
pub struct Reporter<'a> {
    city: &'a City,
    seed: u64,
    count: u64,
}

impl<'a> Reporter<'a> {
    /// Reports of this city; the same seed gives the same series. `None` when the city has no address.
    pub fn new(city: &'a City, seed: u64) -> Option<Self> {
        (!city.addresses.is_empty()).then_some(Self { city, seed, count: 0 })
    }

    fn report(&self, number: u64) -> Report {
        let mut dice = Dice::new(self.seed, "live", number);
        let channels: Vec<f64> = CHANNELS.iter().map(|c| c.1).collect();
        let (channel, _, letters) = CHANNELS[dice.weighted(&channels)];
        let weights: Vec<f64> =
            TEXTS.iter().map(|t| if fits(channel, t.category) { t.weight } else { 0.0 }).collect();
        let texts = &TEXTS[dice.weighted(&weights)];
        let address = &self.city.addresses[dice.below(self.city.addresses.len())];
        let text = self.city.address_text(address);
        let at = text.place(texts.outside, &mut dice);
        let sentence =
            dice.pick(texts.sentences).replace("{处}", &at).replace("{时}", dice.pick(SINCE));
        let description = match channel {
            "grid_patrol" => format!("巡查发现:{sentence}"),
            _ => format!("{}{sentence}{}", dice.pick(BEFORE), dice.pick(AFTER)),
        };
        let crs = crs_of(channel, &mut dice);
        let location = crs.and_then(|crs| {
            let (lng, lat) = crs.from_wgs84(address.point.lng_lat()).ok()?;
            Some((round(lng), round(lat), crs))
        });
        let address = (location.is_none() || dice.chance(0.55))
            .then(|| text.told(location.is_none(), &mut dice));
        let source_id = format!("{letters}{:08x}{number:06}", self.seed & 0xffff_ffff);
        Report { channel, category: texts.category, description, location, address, source_id }
    }
}

impl Iterator for Reporter<'_> {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        self.count += 1;
        Some(self.report(self.count))
    }
}

/// Patrols neither ask nor suggest; mediation is for disputes.
fn fits(channel: &str, category: &str) -> bool {
    match channel {
        "grid_patrol" => !category.starts_with("09") && category != "0501",
        "mediation" => category == "0501",
        _ => true,
    }
}

/// The system of a sender's position, if there is one: phones in China give GCJ-02, a hotline has only words.
fn crs_of(channel: &str, dice: &mut Dice) -> Option<Crs> {
    match channel {
        "mini_program" => Some(Crs::Gcj02),
        "app" => Some(if dice.chance(0.25) { Crs::Bd09 } else { Crs::Gcj02 }),
        "grid_patrol" => Some(Crs::Wgs84),
        "web" => dice.chance(0.6).then_some(Crs::Gcj02),
        "hotline" => dice.chance(0.15).then_some(Crs::Wgs84),
        _ => None,
    }
}

/// As many digits as phones send.
fn round(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

impl super::AddressText {
    /// The place as one would say it; outside nobody names a staircase.
    fn place(&self, outside: bool, dice: &mut Dice) -> String {
        let street = format!("{}{}", self.road, self.house_no);
        if self.compound.is_empty() {
            return match dice.below(3) {
                0 => format!("{}{street}", self.community),
                1 => format!("{street}门口"),
                _ => format!("{street}附近"),
            };
        }
        match dice.below(if outside { 3 } else { 5 }) {
            0 => format!("{street}门口"),
            1 => format!("{}门口", self.compound),
            2 => format!("{}{}附近", self.community, self.compound),
            3 => format!("{}{}", self.compound, self.building_no),
            _ => format!("{street}{}{}{}", self.compound, self.building_no, self.unit),
        }
    }

    /// The address as it is given: mostly in full, sometimes without the province when a position says enough.
    fn told(&self, only: bool, dice: &mut Dice) -> String {
        let short = if only { 0.04 } else { 0.5 };
        if dice.chance(short) {
            let from = self.full_text.find(&self.district).unwrap_or(0);
            self.full_text.get(from..).unwrap_or(&self.full_text).to_owned()
        } else {
            self.full_text.clone()
        }
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
