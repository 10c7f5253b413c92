//! Names and real texts from `../shared/data`, which are read and never copied.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What the gazetteer and the noise are made of.
#[derive(Debug)]
pub struct Material {
    /// District, township, community of every community.
    pub communities: Vec<[String; 3]>,
    /// District and name of roads.
    pub roads: Vec<(String, String)>,
    /// Names of compounds all over the country.
    pub compounds: Vec<String>,
    /// Real addresses of other cities.
    pub elsewhere: Vec<String>,
    /// Characters by how often real addresses use them, the commonest first.
    pub common: Vec<char>,
    /// The same by their sound.
    pub sounds: HashMap<&'static str, Vec<char>>,
}

/// Reads all of it.
pub fn read(shared: &Path) -> Result<Material> {
    let file = |name: &str| -> PathBuf { shared.join(name) };
    let mut communities = Vec::new();
    for row in rows(&file("lanzhou-divisions/villages.csv"))? {
        // The list has 社区居民委员会 and 村民委员会; nobody writes them out.
        let name = ["居民委员会", "村民委员会", "居委会", "村委会", "委会"]
            .iter()
            .find_map(|end| row[1].strip_suffix(end).map(|head| (head, *end)));
        let name = match name {
            Some((head, end)) if end.starts_with('村') && !head.ends_with('村') => {
                format!("{head}村")
            }
            Some((head, _)) => head.to_owned(),
            None => row[1].clone(),
        };
        communities.push([row[6].clone(), row[4].clone(), name]);
    }
    let mut areas: HashMap<String, String> = HashMap::new();
    for row in rows(&file("lanzhou-divisions/areas.csv"))? {
        areas.insert(row[0].clone(), row[1].clone());
    }
    let mut roads = Vec::new();
    for row in rows(&file("lanzhou-places/road_names.csv"))? {
        roads.push((areas.get(&row[0]).cloned().unwrap_or_default(), row[1].clone()));
    }
    let compounds = packed(&file("lanzhou-places/china_residential_compounds.txt.gz"))?
        .lines()
        .filter(|name| (4..=9).contains(&name.chars().count()))
        .filter(|name| name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
        .filter(|name| !name.contains("兰州"))
        .map(str::to_owned)
        .collect();
    let delivery = packed(&file("address-strings/delivery_addresses.txt.gz"))?;
    let company = packed(&file("address-strings/company_addresses.txt.gz"))?;
    let elsewhere = delivery
        .lines()
        .chain(company.lines())
        .filter(|line| !line.contains("兰州") && line.chars().count() > 8)
        .map(str::to_owned)
        .collect();
    let pairs = packed(&file("address-match-ccks2021/pairs.tsv.gz"))?;
    let (common, sounds) = characters(&[&delivery, &company, &pairs]);
    Ok(Material { communities, roads, compounds, elsewhere, common, sounds })
}

fn rows(path: &Path) -> Result<Vec<Vec<String>>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("reading {}", path.display()))?;
    reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect()
}

fn packed(path: &Path) -> Result<String> {
    let file = std::fs::File::open(path).with_context(|| format!("reading {}", path.display()))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(text)
}

fn characters(texts: &[&str]) -> (Vec<char>, HashMap<&'static str, Vec<char>>) {
    use pinyin::ToPinyin;
    let mut counts: HashMap<char, u32> = HashMap::new();
    for text in texts {
        for c in text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
            *counts.entry(c).or_default() += 1;
        }
    }
    let mut common: Vec<char> = counts.keys().copied().filter(|c| counts[c] >= 3).collect();
    common.sort_by_key(|c| (std::cmp::Reverse(counts[c]), *c));
    let mut sounds: HashMap<&'static str, Vec<char>> = HashMap::new();
    for &c in &common {
        if let Some(sound) = c.to_pinyin() {
            sounds.entry(sound.plain()).or_default().push(c);
        }
    }
    (common, sounds)
}

impl Material {
    /// Districts, each once.
    pub fn districts(&self) -> BTreeSet<&str> {
        self.communities.iter().map(|c| c[0].as_str()).collect()
    }
}
