//! Sites and queries as tables, for asking other software the same: `--dump DIR`, read by `peers/run.sh`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use spatial::geocode::{Scratch, Snapshot, Text, Weights};

use crate::gazetteer::{Gazetteer, Kind};
use crate::profile::Query;

/// Writes `sites.tsv` (names, and what doors it has) and `queries.tsv` (profile, text, the same normalised, and the
/// elements that were kept, empty where not).
pub fn write(dir: &Path, gazetteer: &Gazetteer, queries: &[Query]) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut sites = BufWriter::new(File::create(dir.join("sites.tsv"))?);
    for site in &gazetteer.sites {
        let [district, township, community] = &gazetteer.communities[site.community];
        let building = |b: &crate::gazetteer::Building| {
            format!("{}:{}:{}:{}", b.number, b.units, b.floors, b.doors)
        };
        let buildings: Vec<String> = site.buildings.iter().map(building).collect();
        writeln!(
            sites,
            "{district}\t{township}\t{community}\t{}\t{}\t{}\t{}\t{}",
            site.road,
            site.number,
            site.compound,
            u8::from(site.kind == Kind::Village),
            buildings.join(";")
        )?;
    }
    let mut file = BufWriter::new(File::create(dir.join("queries.tsv"))?);
    for query in queries.iter().filter(|query| !query.profile.is_negative()) {
        let Some((site, door, kept)) = &query.truth else { continue };
        let [district, township, community] = &gazetteer.communities[site.community];
        let name = |kept: bool, name: &str| if kept { name.to_owned() } else { String::new() };
        let number = |kept: bool, number: u32| if kept { number } else { 0 };
        writeln!(
            file,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            query.profile.name(),
            query.text,
            Text::new(&query.text),
            u8::from(query.ambiguous),
            name(kept.district, district),
            name(kept.township, township),
            name(kept.community, community),
            name(kept.road, &site.road),
            name(kept.number, &site.number),
            name(kept.compound, &site.compound),
            number(kept.building || site.kind == Kind::Village, door.building),
            number(kept.unit, door.unit),
            number(kept.room, door.room),
        )?;
    }
    sites.flush()?;
    file.flush()?;
    Ok(())
}

/// Writes what is answered to each query, the whole answer in one line: two engines agree where the files are the same.
pub fn answers(
    path: &Path,
    snapshot: &Snapshot<Vec<u8>>,
    queries: &[Query],
    weights: &Weights,
) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut scratch = Scratch::default();
    for query in queries {
        let answer = snapshot.geocode_with(&query.text, 5, weights, &mut scratch);
        let verdict = answer.verdict;
        let first = answer.candidates.first();
        let label = first.map_or_else(String::new, |c| c.elements.label());
        let confidence = first.map_or(0.0, |c| c.confidence);
        let (name, text, rest) =
            (query.profile.name(), &query.text, serde_json::to_string(&answer)?);
        writeln!(file, "{name}\t{text}\t{verdict:?}\t{label}\t{confidence:.4}\t{rest}")?;
    }
    file.flush()?;
    Ok(())
}
