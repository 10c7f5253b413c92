//! One day: how many, when, what, where, and then in words.

use chrono::{NaiveDate, TimeDelta, TimeZone};
use spatial::crs::Crs;

use super::calendar::{DayKind, day_kind};
use super::chance::{by_sum, poisson};
use super::grammar::PHRASES;
use super::places::{Spot, moved};
use super::rhythm::{HOURS, WAYS, weight};
use super::surge::{SurgeKind, alarms};
use super::telling::{Manner, PATROL, SPOKEN, TYPED, Told};
use super::themes::THEMES;
use super::{Life, Report, Truth, number_of};
use crate::city::dice::Dice;
use crate::domain::grid_worker::CITY_TIME;
use crate::domain::incident::Channel;

/// How many reports of citizens are about a matter that somebody told of shortly before.
const REPEATED: f64 = 0.05;
/// Among so many last ones the repeated one is.
const RECENT: usize = 40;

/// A report before it is put into words.
#[derive(Clone, Copy, Debug)]
struct Draft {
    second: u32,
    way: usize,
    theme: usize,
    /// What its dice are named after.
    id: u64,
    surge: Option<(SurgeKind, &'static str, u32)>,
}

pub(super) fn reports(life: &Life<'_>, day: NaiveDate) -> Vec<Report> {
    let mut drafts = everyday(life, day);
    drafts.extend(surging(life, day));
    drafts.sort_by_key(|draft| (draft.second, draft.id));
    let mut origins: Vec<usize> = Vec::with_capacity(drafts.len());
    for number in 0..drafts.len() {
        let origin = origin(life, &drafts, &origins, number).unwrap_or(number);
        if origin != number {
            (drafts[number].theme, drafts[number].surge) =
                (drafts[origin].theme, drafts[origin].surge);
        }
        origins.push(origin);
    }
    let told = drafts.iter().zip(&origins).enumerate();
    told.map(|(number, (draft, &origin))| {
        let at = (number as u32, (origin != number).then_some(origin as u32));
        report(life, day, at, draft, drafts[origin].id)
    })
    .collect()
}

/// What is told on any such day.
fn everyday(life: &Life<'_>, day: NaiveDate) -> Vec<Draft> {
    let mut sum = 0.0;
    let sums: Vec<f64> = life
        .expected(day)
        .into_iter()
        .map(|mean| {
            sum += mean;
            sum
        })
        .collect();
    let count = poisson(sum, &mut Dice::new(life.seed, "life-day", number_of(day)));
    let rest = usize::from(day_kind(day) != DayKind::Working);
    let one = |n: u32| {
        let id = number_of(day) << 24 | u64::from(n);
        let mut dice = Dice::new(life.seed, "life-draft", id);
        let index = by_sum(&sums, &mut dice);
        let hour = by_sum(&life.clocks[index * 2 + rest], &mut dice);
        let second = (hour * 3600 + dice.below(3600)) as u32;
        Draft { second, way: index / THEMES.len(), theme: index % THEMES.len(), id, surge: None }
    };
    (0..count).map(one).collect()
}

/// What is told because of a surge, by the ways that are open at that hour.
fn surging(life: &Life<'_>, day: NaiveDate) -> Vec<Draft> {
    let channel = |theme: usize, second: u32, dice: &mut Dice| {
        let hour = second as usize / 3600 % HOURS;
        let weights: Vec<f64> = WAYS
            .iter()
            .map(|way| {
                let fits = 0.0 < weight(way.channel, &THEMES[theme]);
                let open = way.day[hour] / way.day.iter().sum::<f64>() * HOURS as f64;
                if fits && way.channel != Channel::Window { way.share * (0.25 + open) } else { 0.0 }
            })
            .collect();
        dice.weighted(&weights)
    };
    alarms(&life.places, life.seed, day)
        .into_iter()
        .map(|(alarm, kind)| {
            let mut dice = Dice::new(life.seed, "life-alarm-way", alarm.id);
            let way = channel(alarm.theme, alarm.second, &mut dice);
            let surge = Some((kind, alarm.section, alarm.building));
            Draft { second: alarm.second, way, theme: alarm.theme, id: alarm.id, surge }
        })
        .collect()
}

/// The earlier report of the day that this one repeats, if it does: the same matter by a way that can tell it.
fn origin(life: &Life<'_>, drafts: &[Draft], origins: &[usize], number: usize) -> Option<usize> {
    let draft = &drafts[number];
    let mut dice = Dice::new(life.seed, "life-repeat", draft.id);
    let channel = WAYS[draft.way].channel;
    let citizens = !matches!(channel, Channel::GridPatrol | Channel::Mediation);
    if number == 0 || !citizens || !dice.chance(REPEATED) {
        return None;
    }
    let earlier = origins[number - 1 - dice.below(number.min(RECENT))];
    let theme = &THEMES[drafts[earlier].theme];
    let tellable = 0.0 < weight(channel, theme) && !theme.code.starts_with("09");
    tellable.then_some(earlier)
}

fn report(
    life: &Life<'_>,
    day: NaiveDate,
    (number, repeats): (u32, Option<u32>),
    draft: &Draft,
    matter: u64,
) -> Report {
    let (way, theme) = (&WAYS[draft.way], &THEMES[draft.theme]);
    let spot = spot(life, draft, matter);
    let mut dice = Dice::new(life.seed, "life-words", draft.id);
    let text = life.city.address_text(&life.city.addresses[spot.address as usize]);
    let told = Told::of(&text, manner(way.channel), theme.outside, &mut dice);
    let section = draft.surge.map_or(theme.code, |(_, section, _)| section);
    let place = told.place(&mut dice);
    let core = PHRASES.say(section, &place, "", &mut dice);
    let frame = format!("frame/{}", way.channel.name());
    let description =
        styled(&PHRASES.say(&frame, &place, &core, &mut dice), way.channel, &mut dice);
    let location = position(life, way.channel, &spot, &mut dice);
    // A seat finds the address in its list for half of the calls; patrols and pages mostly leave it to the position.
    let (address, slips) = match dice.unit() {
        share if share < in_full(way.channel) => {
            (Some(text.full_text), super::telling::Slips::default())
        }
        share if location.is_none() || share < in_full(way.channel) + 0.42 => {
            (Some(told.address()), told.slips)
        }
        _ => (None, super::telling::Slips::default()),
    };
    let midnight = CITY_TIME.from_local_datetime(&day.into()).single().unwrap_or_default();
    Report {
        day,
        number,
        at: midnight.to_utc() + TimeDelta::seconds(draft.second.into()),
        channel: way.channel,
        category: theme.code,
        description,
        location,
        address,
        source_id: format!(
            "{}{}{:04x}{number:05}",
            way.letters,
            day.format("%y%m%d"),
            life.seed & 0xffff
        ),
        truth: Truth {
            address: spot.address,
            point: spot.point,
            grid: life.city.buildings[spot.building as usize].grid,
            slips,
            repeats,
            surge: draft.surge.map(|(kind, _, _)| kind),
        },
    }
}

/// The place of a matter; the same for everyone who tells of it.
fn spot(life: &Life<'_>, draft: &Draft, matter: u64) -> Spot {
    let outside = THEMES[draft.theme].outside;
    let mut dice = Dice::new(life.seed, "life-place", matter);
    let building = match draft.surge {
        Some((_, _, building)) => building,
        None => life.places.building(outside, &mut dice),
    };
    life.places.spot(building, outside, &mut dice)
}

const fn manner(channel: Channel) -> &'static Manner {
    match channel {
        Channel::Hotline | Channel::Window | Channel::Mediation => &SPOKEN,
        Channel::GridPatrol => &PATROL,
        _ => &TYPED,
    }
}

/// How often the address is the one of the list, to the letter.
const fn in_full(channel: Channel) -> f64 {
    match channel {
        Channel::Hotline => 0.48,
        Channel::Window | Channel::Mediation => 0.7,
        Channel::GridPatrol => 0.12,
        Channel::Web => 0.2,
        _ => 0.08,
    }
}

/// The sender's position, if there is one: phones in China give GCJ-02, some maps BD-09, the seat's map WGS 84. It is some
/// metres off, never out of the city.
fn position(
    life: &Life<'_>,
    channel: Channel,
    spot: &Spot,
    dice: &mut Dice,
) -> Option<(f64, f64, Crs)> {
    let (share, crs, reach_m) = match channel {
        Channel::App if dice.chance(0.25) => (0.97, Crs::Bd09, 30.0),
        Channel::MiniProgram | Channel::App => (0.97, Crs::Gcj02, 30.0),
        Channel::GridPatrol => (0.995, Crs::Wgs84, 12.0),
        Channel::Web => (0.6, Crs::Gcj02, 40.0),
        Channel::Hotline => (0.38, Crs::Wgs84, 35.0),
        Channel::Window => (0.3, Crs::Wgs84, 25.0),
        _ => (0.2, Crs::Wgs84, 25.0),
    };
    if !dice.chance(share) {
        return None;
    }
    let off = moved(spot.point, reach_m, dice);
    let place = if life.places.is_inside(off) { off } else { spot.point };
    let (lng, lat) = crs.from_wgs84(place.lng_lat()).ok()?;
    Some((round(lng), round(lat), crs))
}

/// As many digits as phones send.
fn round(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// The punctuation of whoever types.
fn styled(text: &str, channel: Channel, dice: &mut Dice) -> String {
    let typed = !matches!(channel, Channel::Hotline | Channel::GridPatrol | Channel::Mediation);
    let text = text
        .replace("。，", "，")
        .replace("，，", "，")
        .replace("。。", "。")
        .replace("！。", "！");
    match dice.below(12) {
        0 | 1 if typed => text.replace('，', ","),
        2 if typed => text.replace(['，', '。'], " ").trim_end().to_owned(),
        3 => text.trim_end_matches(['。', '，']).to_owned(),
        _ => text,
    }
}
