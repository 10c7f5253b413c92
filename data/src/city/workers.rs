//! Grid workers, their grids and their weekly shifts, and the desks of every area.

use super::City;
use super::dice::Dice;

/// What a worker is in a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Answers for the grid.
    Primary,
    /// Stands in.
    Deputy,
    /// Helps when both are busy.
    Helper,
}

impl Role {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Deputy => "deputy",
            Self::Helper => "helper",
        }
    }
}

/// One worker. Invented, without a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Such as `W620102-0123`.
    pub code: String,
    /// Such as `网格员0123`.
    pub name: String,
    /// The grids and roles: index into the city's grids, or after their end into its special grids.
    pub rosters: Vec<(u32, Role)>,
    /// Weekly shifts: ISO weekday, start and end in minutes of the day; an end at or before the start is on the next day.
    pub shifts: Vec<(u8, u16, u16)>,
}

/// A desk that takes what no worker can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Such as `C620102001`.
    pub code: String,
    /// Such as `酒泉路街道网格化服务管理中心`.
    pub name: String,
    /// Code of its division.
    pub division_code: String,
    /// `area_centre` or `department`.
    pub kind: &'static str,
}

/// The departments that cases are handed to: what comes after the division's name, and whether districts have one too.
const DEPARTMENTS: &[(&str, bool)] = &[
    ("城市管理局", true),
    ("住房和城乡建设局", true),
    ("自然资源局", true),
    ("生态环境局", true),
    ("交通运输局", true),
    ("水务局", true),
    ("应急管理局", true),
    ("市场监督管理局", true),
    ("人力资源和社会保障局", true),
    ("民政局", true),
    ("教育局", true),
    ("卫生健康委员会", true),
    ("农业农村局", true),
    ("林业局", false),
    ("文化和旅游局", true),
    ("司法局", true),
    ("消防救援支队", true),
    ("公安局交通警察支队", true),
    ("供电公司", false),
    ("供水集团", false),
    ("燃气公司", false),
    ("热力公司", false),
    ("公交集团", false),
    ("轨道交通公司", false),
];

/// The three weekly patterns: early, late and night shifts on rotating days.
const PATTERNS: [(u16, u16); 3] = [(8 * 60, 17 * 60), (13 * 60, 22 * 60), (22 * 60, 6 * 60)];

/// Staffs every grid; `count` workers in all if there are at least as many as grids.
pub(crate) fn workers(city: &City, seed: u64, count: usize) -> Vec<Worker> {
    let mut dice = Dice::new(seed, "workers", 0);
    let grids = city.grids.len();
    let all = grids + city.specials.len();
    // Everyone has a home grid: one each first, the rest where most people live.
    let mut staff = vec![1usize; all];
    let mut left = count.saturating_sub(all);
    let people = |g: usize| city.grids.get(g).map_or(300.0, |grid| 250.0 + f64::from(grid.people));
    while 0 < left {
        let need = |g: &usize| people(*g) / (staff[*g] as f64 + 0.5);
        let most = (0..grids).max_by(|a, b| need(a).total_cmp(&need(b))).unwrap_or(0);
        staff[most] += 1;
        left -= 1;
    }
    let district = city.divisions[0].code.get(..).unwrap_or_default();
    let mut workers = Vec::with_capacity(count);
    for (grid, &staff) in staff.iter().enumerate() {
        for place in 0..staff {
            let number = workers.len() + 1;
            let role = match place {
                0 => Role::Primary,
                1 => Role::Deputy,
                _ => Role::Helper,
            };
            let mut rosters = vec![(grid as u32, role)];
            if let Some(next) = neighbour(city, grid, place) {
                rosters
                    .push((next, if role == Role::Primary { Role::Deputy } else { Role::Helper }));
            }
            workers.push(Worker {
                code: format!("W{district}{number:05}"),
                name: format!("网格员{number:04}"),
                rosters,
                shifts: shifts(grid, place, &mut dice),
            });
        }
    }
    workers
}

/// The next grid of the same community, where the first two workers of a grid stand in.
fn neighbour(city: &City, grid: usize, place: usize) -> Option<u32> {
    let community = city.grids.get(grid)?.community;
    let same = |g: &usize| city.grids.get(*g).is_some_and(|other| other.community == community);
    let first = (0..=grid).rev().take_while(same).last()?;
    let next = Some(grid + 1).filter(same).unwrap_or(first);
    (place < 2 && next != grid).then_some(next as u32)
}

/// Five days a week; the first worker of a grid by day, the second late or at night every third grid, the others in turn.
fn shifts(grid: usize, place: usize, dice: &mut Dice) -> Vec<(u8, u16, u16)> {
    let night = place == 1 && grid.is_multiple_of(3);
    let (from, to) = PATTERNS[if night { 2 } else { [0, 1, 0, 1][place % 4] }];
    let early = if night { 0 } else { dice.below(3) as u16 * 30 };
    let rest = if place == 0 { 5 } else { dice.below(7) };
    (0..5)
        .map(|day| (((rest + 2 + day) % 7 + 1) as u8, from - early.min(from), to - early))
        .collect()
}

/// A centre for every area, the city's own first, then the departments of the city and of its districts.
pub(crate) fn units(city: &City) -> Vec<Unit> {
    let centre = |d: &super::CityDivision| Unit {
        code: format!("C{}", d.code),
        name: format!("{}网格化服务管理中心", d.name),
        division_code: d.code.clone(),
        kind: "area_centre",
    };
    let mut units: Vec<Unit> = city.divisions.iter().map(centre).collect();
    for division in city.divisions.iter().filter(|d| matches!(d.level, "city" | "district")) {
        for (number, (name, in_districts)) in (1..).zip(DEPARTMENTS) {
            if division.level == "city" || *in_districts {
                let division_code = division.code.clone();
                let (code, name) =
                    (format!("D{division_code}-{number:02}"), format!("{}{name}", division.name));
                units.push(Unit { code, name, division_code, kind: "department" });
            }
        }
    }
    units
}
