//! The query sets: what is done to an address before it is asked for.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::gazetteer::{Door, Gazetteer, Kind, Site};
use crate::material::Material;
use crate::noise::{homophone, typo};
use crate::render::{Kept, Manner, Truth, core, pick, render};

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Clean,
    Fmt,
    Drop,
    Typo1,
    Homo1,
    Homo2,
    Short,
    Mix,
    Hard,
    /// Addresses left out of the gazetteer.
    Withheld,
    /// Real addresses of other cities, and talk.
    Elsewhere,
}

impl Profile {
    pub const ALL: [Self; 11] = [
        Self::Clean,
        Self::Fmt,
        Self::Drop,
        Self::Typo1,
        Self::Homo1,
        Self::Homo2,
        Self::Short,
        Self::Mix,
        Self::Hard,
        Self::Withheld,
        Self::Elsewhere,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Fmt => "fmt",
            Self::Drop => "drop",
            Self::Typo1 => "typo1",
            Self::Homo1 => "homo1",
            Self::Homo2 => "homo2",
            Self::Short => "short",
            Self::Mix => "mix",
            Self::Hard => "hard",
            Self::Withheld => "withheld",
            Self::Elsewhere => "elsewhere",
        }
    }

    pub fn is_negative(self) -> bool {
        matches!(self, Self::Withheld | Self::Elsewhere)
    }

    fn manner(self) -> Manner {
        let plain = Manner { drop: false, free: false, chatter: false, short: false, bare: false };
        match self {
            Self::Clean | Self::Typo1 | Self::Homo1 | Self::Homo2 => plain,
            Self::Fmt => Manner { free: true, ..plain },
            Self::Drop => Manner { drop: true, ..plain },
            Self::Short => Manner { drop: true, free: true, short: true, ..plain },
            Self::Mix | Self::Withheld | Self::Elsewhere => {
                Manner { drop: true, free: true, chatter: true, ..plain }
            }
            Self::Hard => Manner { free: true, bare: true, ..plain },
        }
    }
}

/// A query and what it is of.
#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub truth: Option<(Site, Door, Kept)>,
    pub profile: Profile,
    /// It fits several differently named compounds.
    pub ambiguous: bool,
}

/// Draws queries; an even seed is for tuning, an odd one for reporting.
pub fn queries(
    gazetteer: &Gazetteer,
    material: &Material,
    profile: Profile,
    count: usize,
    seed: u64,
) -> Vec<Query> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed * 1000 + profile as u64);
    let mut all = Vec::new();
    while all.len() < count {
        let query = if profile == Profile::Elsewhere {
            Some(Query {
                text: elsewhere(material, &mut rng),
                truth: None,
                profile,
                ambiguous: false,
            })
        } else {
            draw(gazetteer, material, profile, &mut rng)
        };
        all.extend(query);
    }
    all
}

fn elsewhere(material: &Material, rng: &mut ChaCha8Rng) -> String {
    if rng.random_ratio(1, 8) {
        let talk = [
            "什么时候来暖气",
            "我要投诉物业",
            "小区电梯坏了没人管",
            "请转人工",
            "孩子上学怎么报名",
            "公交车不停站",
            "路口红绿灯坏了",
        ];
        return pick(&talk, rng).to_owned();
    }
    material.elsewhere[rng.random_range(0..material.elsewhere.len())].clone()
}

fn draw(
    gazetteer: &Gazetteer,
    material: &Material,
    profile: Profile,
    rng: &mut ChaCha8Rng,
) -> Option<Query> {
    let pool = if profile == Profile::Withheld { &gazetteer.withheld } else { &gazetteer.sites };
    let site = &pool[rng.random_range(0..pool.len())];
    let doors: Vec<Door> = site.doors().collect();
    let door = doors[rng.random_range(0..doors.len())];
    let named = matches!(profile, Profile::Short | Profile::Hard);
    if named && site.kind != Kind::Compound
        || profile == Profile::Withheld && site.kind == Kind::Village
    {
        return None;
    }
    let (mut text, kept) = render(gazetteer, Truth { site, door }, profile.manner(), rng);
    let errors: &[bool] = match profile {
        Profile::Homo1 => &[true],
        Profile::Homo2 => &[true, true],
        Profile::Hard => &[true, false],
        Profile::Mix if rng.random_ratio(2, 3) => &[true],
        Profile::Typo1 | Profile::Mix => &[false],
        _ => &[],
    };
    for &sound in errors {
        text = if sound { homophone(&text, material, rng)? } else { typo(&text, material, rng)? };
    }
    let ambiguous = profile == Profile::Short && namesakes(gazetteer, site, door, &kept) > 1;
    Some(Query { text, truth: Some((site.clone(), door, kept)), profile, ambiguous })
}

/// How many differently named compounds the kept elements of a short query fit.
fn namesakes(gazetteer: &Gazetteer, site: &Site, door: Door, kept: &Kept) -> usize {
    let said = core(&site.compound);
    let district = |s: &Site| &gazetteer.communities[s.community][0];
    let mut names: Vec<(&str, usize)> = gazetteer
        .sites
        .iter()
        .filter(|other| other.compound.starts_with(said) && !other.compound.is_empty())
        .filter(|other| !kept.district || district(other) == district(site))
        .filter(|other| !kept.road || other.road == site.road)
        .filter(|other| !kept.number || other.number == site.number)
        .filter(|other| other.doors().any(|d| d == door))
        .map(|other| (other.compound.as_str(), other.community))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
