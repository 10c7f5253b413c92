//! A synthetic gazetteer of a given size: real divisions, real and composed names with deliberate collisions.

use std::collections::{HashMap, HashSet};

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial::geocode::{AddressRow, SnapshotBuilder};
use spatial::lattice::LatticePoint;

use crate::material::Material;

/// What a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Compound,
    Street,
    Village,
}

/// A building by its rooms.
#[derive(Clone, Copy, Debug)]
pub struct Building {
    pub number: u32,
    pub units: u32,
    pub floors: u32,
    pub doors: u32,
}

/// A site with everything in it.
#[derive(Clone, Debug)]
pub struct Site {
    pub kind: Kind,
    pub community: usize,
    pub road: String,
    pub number: String,
    pub compound: String,
    pub buildings: Vec<Building>,
    pub grid: u32,
    pub point: LatticePoint,
}

/// All sites of the city.
#[derive(Debug)]
pub struct Gazetteer {
    pub communities: Vec<[String; 3]>,
    pub sites: Vec<Site>,
    /// Sites that exist and are left out of the snapshot: addresses it must not find.
    pub withheld: Vec<Site>,
    pub addresses: usize,
}

/// One address of a site: building, unit, room; 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    pub building: u32,
    pub unit: u32,
    pub room: u32,
}

impl Site {
    /// All its addresses.
    pub fn doors(&self) -> impl Iterator<Item = Door> + '_ {
        self.buildings.iter().flat_map(move |b| {
            let units = if b.units == 0 { 0..=0 } else { 1..=b.units };
            units.flat_map(move |unit| {
                let rooms: Vec<u32> = if b.floors == 0 {
                    vec![0]
                } else {
                    (1..=b.floors).flat_map(|f| (1..=b.doors).map(move |d| f * 100 + d)).collect()
                };
                rooms.into_iter().map(move |room| Door { building: b.number, unit, room })
            })
        })
    }
}

const CORES: &[&str] = &[
    "锦绣", "阳光", "金色", "东方", "世纪", "盛世", "翠湖", "御景", "紫金", "天庆", "鸿运", "瑞丰",
    "嘉禾", "雅居", "银滩", "滨河", "名都", "丽景", "明珠", "春天", "时代", "福临", "安居", "康桥",
    "怡和", "颐景", "观澜", "博雅", "书香", "长青", "惠民", "众邦", "玫瑰", "庆华", "建工", "水电",
    "瑞德", "永新", "同济", "益民", "和谐", "幸福", "望河", "听涛", "丝路", "飞天", "驼铃", "金城",
    "兰欣", "陇能", "亚太", "恒泰", "润丰", "华夏", "祥云", "长城", "凤凰", "龙湖", "绿地", "万达",
];
const ENDS: &[&str] = &[
    "家园", "花园", "佳苑", "小区", "嘉园", "新城", "名邸", "华府", "公馆", "雅居", "新村", "丽都",
    "国际", "广场", "苑", "府",
];
const PARTS: &[&str] =
    &["", "", "", "", "", "东区", "西区", "一期", "二期", "A区", "B区", "南区", "北区"];
const WORKS: &[&str] = &[
    "机床厂",
    "轴承厂",
    "毛纺厂",
    "面粉厂",
    "印刷厂",
    "制药厂",
    "仪表厂",
    "电机厂",
    "塑料厂",
    "玻璃厂",
    "皮革厂",
    "水泥厂",
    "自来水公司",
    "供电局",
    "公交公司",
    "铁路局",
    "粮食局",
    "建筑公司",
    "地质队",
    "勘察院",
    "化工厂",
    "农机厂",
    "木器厂",
    "省建院",
    "税务局",
    "教育局",
    "第一中学",
    "第二中学",
    "人民医院",
    "设计院",
];
const FIRST: &[&str] = &[
    "金", "兰", "安", "和", "永", "福", "宁", "泰", "文", "昌", "新", "华", "瑞", "祥", "德", "仁",
    "义", "信", "嘉", "庆", "明", "光", "东", "西", "南", "北", "青", "红", "白", "天", "云", "龙",
    "凤", "玉", "石", "沙", "水", "柳", "桃", "杏", "枣", "槐", "松", "梅", "塔", "井", "桥", "寺",
    "园", "磨", "五", "三",
];
const SECOND: &[&str] = &[
    "安", "康", "宁", "平", "兴", "盛", "昌", "隆", "泰", "和", "顺", "利", "丰", "裕", "源", "泉",
    "湾", "滩", "坪", "台", "沟", "岭", "山", "林", "园", "亭", "桥", "门", "庄", "堡", "营", "店",
    "井", "树", "溪", "苑", "春", "晖", "阳", "星",
];
const ROAD_ENDS: &[&str] = &[
    "路", "路", "路", "街", "街", "巷", "东路", "西路", "南路", "北路", "一路", "二路", "大道",
    "里",
];

/// Draws sites until `addresses` are there.
pub fn draw(material: &Material, addresses: usize, seed: u64) -> Gazetteer {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let roads = roads(material, &mut rng);
    let mut taken = HashSet::new();
    let mut this = Gazetteer {
        communities: material.communities.clone(),
        sites: Vec::new(),
        withheld: Vec::new(),
        addresses: 0,
    };
    let mut given: HashSet<(String, String)> = HashSet::new();
    let mut round = 0;
    while this.addresses < addresses {
        for community in 0..material.communities.len() {
            let site = site(material, community, &roads, round, &mut taken, &mut rng);
            let key = (
                format!("{}{}", community, site.road),
                format!("{}{}", site.number, site.compound),
            );
            if !given.insert(key) {
                continue;
            }
            if rng.random_ratio(1, 60) {
                this.withheld.push(site);
            } else {
                this.addresses += site.doors().count();
                this.sites.push(site);
            }
        }
        round += 1;
    }
    // What stays out must really be out: no withheld compound may have a namesake.
    let names: HashSet<&str> =
        this.sites.iter().map(|s| s.compound.as_str()).filter(|c| !c.is_empty()).collect();
    let houses: HashSet<(String, String)> =
        this.sites.iter().map(|s| (s.road.clone(), s.number.clone())).collect();
    this.withheld.retain(|s| {
        !names.contains(s.compound.as_str())
            && !houses.contains(&(s.road.clone(), s.number.clone()))
    });
    this
}

/// Roads of each township.
fn roads(material: &Material, rng: &mut ChaCha8Rng) -> HashMap<String, Vec<String>> {
    let mut of: HashMap<String, Vec<String>> = HashMap::new();
    for [district, township, _] in &material.communities {
        let key = format!("{district}{township}");
        let list = of.entry(key).or_default();
        if !list.is_empty() {
            continue;
        }
        let real: Vec<&String> =
            material.roads.iter().filter(|r| r.0 == *district).map(|r| &r.1).collect();
        for _ in 0..4 {
            if let Some(name) = real.choose(rng) {
                list.push((*name).clone());
            }
        }
        for _ in 0..14 {
            list.push(format!("{}{}{}", pick(FIRST, rng), pick(SECOND, rng), pick(ROAD_ENDS, rng)));
        }
        list.sort_unstable();
        list.dedup();
    }
    of
}

fn pick<'a>(list: &[&'a str], rng: &mut ChaCha8Rng) -> &'a str {
    list[rng.random_range(0..list.len())]
}

fn compound(material: &Material, taken: &mut HashSet<String>, rng: &mut ChaCha8Rng) -> String {
    loop {
        let name = match rng.random_range(0..10) {
            0..=3 => material.compounds[rng.random_range(0..material.compounds.len())].clone(),
            4..=7 => format!("{}{}{}", pick(CORES, rng), pick(ENDS, rng), pick(PARTS, rng)),
            _ => format!("{}{}{}家属院", pick(FIRST, rng), pick(SECOND, rng), pick(WORKS, rng)),
        };
        // One name in fifty is given twice: 城关镇 has namesakes, compounds have too.
        if taken.insert(name.clone()) || rng.random_ratio(1, 50) {
            return name;
        }
    }
}

fn site(
    material: &Material,
    community: usize,
    roads: &HashMap<String, Vec<String>>,
    round: u32,
    taken: &mut HashSet<String>,
    rng: &mut ChaCha8Rng,
) -> Site {
    let [district, township, name] = &material.communities[community];
    let list = &roads[&format!("{district}{township}")];
    let road = list[rng.random_range(0..list.len())].clone();
    let house = rng.random_range(1..480);
    let village = name.ends_with('村') && rng.random_ratio(1, 2);
    let kind = match rng.random_range(0..10) {
        _ if village => Kind::Village,
        0..=5 => Kind::Compound,
        _ => Kind::Street,
    };
    let grid = (community * 4 + rng.random_range(0..4)) as u32;
    let x = 1_036_000_000 + (community as i32 % 40) * 90_000 + rng.random_range(0..80_000);
    let y = 360_000_000 + (community as i32 / 40) * 90_000 + rng.random_range(0..80_000);
    let number = match rng.random_range(0..40) {
        0 => format!("甲{house}号"),
        1 => format!("{house}-{}号", house + 2),
        _ => format!("{house}号"),
    };
    let mut site = Site {
        kind,
        community,
        road,
        number,
        compound: String::new(),
        buildings: Vec::new(),
        grid,
        point: LatticePoint::new(x, y),
    };
    match kind {
        Kind::Compound => {
            site.compound = compound(material, taken, rng);
            if rng.random_ratio(1, 5) {
                site.number.clear();
            }
            let count = rng.random_range(1..=6);
            let floors = *[6, 6, 6, 6, 7, 7, 11, 18].choose(rng).unwrap_or(&6);
            for number in 1..=count {
                let (units, doors) = (rng.random_range(1..=4), rng.random_range(1..=2));
                site.buildings.push(Building { number, units, floors, doors });
            }
        }
        Kind::Street => {
            if rng.random_ratio(1, 3) {
                site.compound = format!("{}{}大厦", pick(FIRST, rng), pick(SECOND, rng));
            }
            let (floors, doors) = (rng.random_range(1..=12), rng.random_range(1..=6));
            let units = if rng.random_ratio(1, 2) { 0 } else { rng.random_range(1..=3) };
            site.buildings.push(Building { number: 0, units, floors, doors });
        }
        Kind::Village => {
            site.road.clear();
            site.number = format!("{}社", 1 + round % 9);
            for number in 1..=rng.random_range(10..60) {
                site.buildings.push(Building { number, units: 0, floors: 0, doors: 0 });
            }
        }
    }
    site
}

impl Gazetteer {
    /// Puts all sites into a snapshot.
    pub fn build(&self) -> Vec<u8> {
        let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
        let (mut record, mut building_id) = (0, 0);
        for site in &self.sites {
            let [district, township, community] = &self.communities[site.community];
            let mut last = u32::MAX;
            for door in site.doors() {
                if door.building != last {
                    building_id += 1;
                    last = door.building;
                }
                let village = site.kind == Kind::Village;
                let house = if village {
                    format!("{}{}号", site.number, door.building)
                } else {
                    site.number.clone()
                };
                let building = if village || door.building == 0 {
                    String::new()
                } else {
                    format!("{}号楼", door.building)
                };
                let unit =
                    if door.unit == 0 { String::new() } else { format!("{}单元", door.unit) };
                let room = if door.room == 0 { String::new() } else { format!("{}室", door.room) };
                builder.address(&AddressRow {
                    record,
                    building: Some(building_id),
                    grid: Some(site.grid),
                    point: site.point,
                    district,
                    township,
                    community,
                    road: &site.road,
                    house_no: &house,
                    compound: &site.compound,
                    building_no: &building,
                    unit: &unit,
                    room: &room,
                });
                record += 1;
            }
        }
        builder.finish()
    }
}
