//! What speaks for and against a candidate, as numbers; and how much each counts.

/// Number of features.
pub const FEATURES: usize = 40;

macro_rules! features {
    ($($name:ident = $text:literal,)*) => {
        /// One thing that speaks for or against a candidate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is named by itself; docs/GEOCODER.md has the table")]
        pub enum Feature { $($name,)* }

        impl Feature {
            /// All features in the order of the vector.
            pub const ALL: [Self; FEATURES] = [$(Self::$name,)*];

            /// The name in the file of weights.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

features! {
    District = "district",
    Township = "township",
    Community = "community",
    Road = "road",
    Compound = "compound",
    Poi = "poi",
    OtherDistrict = "other_district",
    OtherTownship = "other_township",
    OtherCommunity = "other_community",
    OtherRoad = "other_road",
    OtherCompound = "other_compound",
    Number = "number",
    OtherNumber = "other_number",
    LooseNumber = "loose_number",
    Building = "building",
    NoBuilding = "no_building",
    Unit = "unit",
    NoUnit = "no_unit",
    Room = "room",
    NoRoom = "no_room",
    ManyRooms = "many_rooms",
    RoleCost = "role_cost",
    UnusedNumbers = "unused_numbers",
    Homophones = "homophones",
    Shapes = "shapes",
    Dialect = "dialect",
    OtherLetters = "other_letters",
    Slips = "slips",
    LeftOut = "left_out",
    Letters = "letters",
    UnknownRoad = "unknown_road",
    UnknownCompound = "unknown_compound",
    UnknownDivision = "unknown_division",
    Unexplained = "unexplained",
    Stray = "stray",
    Foreign = "foreign",
    Shadowed = "shadowed",
    RoadOnly = "road_only",
    DivisionOnly = "division_only",
    Nothing = "nothing",
}

impl Feature {
    /// Whether it speaks for a candidate; the others speak against it.
    pub fn speaks_for(self) -> bool {
        matches!(
            self,
            Self::District
                | Self::Township
                | Self::Community
                | Self::Road
                | Self::Compound
                | Self::Poi
                | Self::Number
                | Self::LooseNumber
                | Self::Building
                | Self::Unit
                | Self::Room
                | Self::ManyRooms
                | Self::Letters
        )
    }
}

/// The features of one candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f32; FEATURES]);

impl Default for Features {
    fn default() -> Self {
        Self([0.0; FEATURES])
    }
}

impl Features {
    pub(super) fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    pub(super) fn add(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] += value;
    }

    /// The value of a feature.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// Their weighted sum.
    pub fn score(&self, weights: &Weights) -> f32 {
        dot(&self.0, &weights.weights)
    }
}

/// The weighted sum of some features.
#[inline]
pub(super) fn dot(values: &[f32], weights: &[f32]) -> f32 {
    // Eight sums side by side: the machine adds them at once.
    let mut sums = [0.0f32; 8];
    for (values, weights) in values.chunks(8).zip(weights.chunks(8)) {
        for ((sum, value), weight) in sums.iter_mut().zip(values).zip(weights) {
            *sum += value * weight;
        }
    }
    sums.into_iter().sum()
}

/// How much each feature counts, and how the chances of the best candidate are read from the scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// By feature.
    pub weights: [f32; FEATURES],
    /// Knots of the calibration: raw chance and the share that was right, both ascending.
    pub calibration: Vec<(f32, f32)>,
    /// Confidence from which an answer needs no second look.
    pub accept: f32,
}

impl Weights {
    /// The weights this release ships, fitted as `docs/GEOCODER.md` says.
    pub fn shipped() -> &'static Self {
        static SHIPPED: std::sync::OnceLock<Weights> = std::sync::OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::parse(include_str!("weights.csv")).unwrap_or_else(|_| Self::blank())
        })
    }

    fn blank() -> Self {
        Self { weights: [0.0; FEATURES], calibration: Vec::new(), accept: 1.0 }
    }

    /// Reads a file of weights: lines `weight,NAME,VALUE`, `knot,RAW,RIGHT` and `accept,,VALUE`; `#` begins a comment.
    ///
    /// # Errors
    /// A sentence naming the line that cannot be read, or the feature that is missing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut this = Self::blank();
        let mut seen = [false; FEATURES];
        for (at, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let broken = || format!("line {}: {line:?} is no weight", at + 1);
            let parts: Vec<&str> = line.split(',').collect();
            let [kind, name, value] = parts[..] else { return Err(broken()) };
            let value: f32 = value.parse().map_err(|_| broken())?;
            match kind {
                "weight" => {
                    let feature =
                        Feature::ALL.into_iter().find(|f| f.name() == name).ok_or_else(broken)?;
                    this.weights[feature as usize] = value;
                    seen[feature as usize] = true;
                }
                "knot" => this.calibration.push((name.parse().map_err(|_| broken())?, value)),
                "accept" => this.accept = value,
                _ => return Err(broken()),
            }
        }
        match Feature::ALL.into_iter().find(|f| !seen[*f as usize]) {
            Some(missing) => Err(format!("the weight of {} is missing", missing.name())),
            None => Ok(this),
        }
    }

    /// The share of answers with this raw chance that are right.
    pub(super) fn calibrated(&self, raw: f32) -> f32 {
        let knots = &self.calibration;
        let above = knots.partition_point(|knot| knot.0 < raw);
        match (above.checked_sub(1).and_then(|at| knots.get(at)), knots.get(above)) {
            (Some(low), Some(high)) => {
                let share = (raw - low.0) / (high.0 - low.0).max(1e-6);
                low.1 + share * (high.1 - low.1)
            }
            (Some(only), None) | (None, Some(only)) => only.1,
            (None, None) => raw,
        }
    }
}

#[cfg(test)]
#[path = "feature_tests.rs"]
mod tests;
