//! The element parser on other people's labels: `--elements`.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use spatial::geocode::{Piece, parse};

/// Labels of the data set that one of our pieces stands for, in the order of the table.
const LABELS: [(&str, Option<Piece>); 18] = [
    ("prov", Some(Piece::Province)),
    ("city", Some(Piece::City)),
    ("district", Some(Piece::District)),
    ("devzone", Some(Piece::Zone)),
    ("town", Some(Piece::Township)),
    ("community", Some(Piece::Community)),
    ("road", Some(Piece::Road)),
    ("subroad", Some(Piece::Branch)),
    ("roadno", Some(Piece::Number)),
    ("subroadno", Some(Piece::BranchNumber)),
    ("poi", Some(Piece::Poi)),
    ("subpoi", Some(Piece::Part)),
    ("houseno", Some(Piece::Building)),
    ("cellno", Some(Piece::Unit)),
    ("floorno", Some(Piece::Storey)),
    ("roomno", Some(Piece::Room)),
    ("assist", Some(Piece::Relation)),
    ("redundant", Some(Piece::Rest)),
];

type Chunk = (usize, usize, String);

/// Reads the labelled addresses, parses them, and prints precision, recall and F1 of each element. A chunk is right if both
/// its ends and its label are.
pub fn report(shared: &Path, errors: usize) -> Result<()> {
    let path = shared.join("address-ner-li2019/train.txt.gz");
    let file = std::fs::File::open(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text)?;
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut addresses, mut whole) = (0, 0);
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let (address, truth) = labelled(block);
        let found = chunks(&address);
        addresses += 1;
        let same = |chunk: &&Chunk| LABELS.iter().any(|label| label.0 == chunk.2);
        if truth.iter().filter(same).eq(found.iter()) {
            whole += 1;
        } else if addresses % 37 == 0 && addresses / 37 <= errors {
            let show = |chunks: &[Chunk]| {
                let part =
                    |c: &Chunk| format!("{}/{}", address.get(c.0..c.1).unwrap_or_default(), c.2);
                chunks.iter().map(part).collect::<Vec<_>>().join(" ")
            };
            println!("is   {}\nsaid {}\n", show(&truth), show(&found));
        }
        for (label, _) in LABELS {
            let own = counts.entry(label).or_default();
            own[0] += truth.iter().filter(|c| c.2 == label && found.contains(c)).count();
            own[1] += found.iter().filter(|c| c.2 == label).count();
            own[2] += truth.iter().filter(|c| c.2 == label).count();
        }
    }
    println!("element     precision  recall     F1   labelled");
    let mut all = [0; 3];
    for (label, _) in LABELS {
        let own = counts.get(label).copied().unwrap_or_default();
        all.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
        line(label, own);
    }
    line("all", all);
    println!("{addresses} addresses, {whole} right in every element");
    Ok(())
}

fn line(label: &str, [right, found, labelled]: [usize; 3]) {
    let share = |of: usize| 100.0 * right as f64 / of.max(1) as f64;
    let f1 = 200.0 * right as f64 / (found + labelled).max(1) as f64;
    println!("{label:<10}  {:8.1}  {:7.1}  {f1:6.1}  {labelled:8}", share(found), share(labelled));
}

/// The address of a block and its chunks by bytes; a missing token is a space.
fn labelled(block: &str) -> (String, Vec<Chunk>) {
    let mut address = String::new();
    let mut chunks: Vec<Chunk> = Vec::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (token, tag) = line.rsplit_once(' ').unwrap_or((" ", line));
        let token = if token.is_empty() { " " } else { token };
        let (begin, label) = tag.split_once('-').unwrap_or(("B", tag));
        let label = label.to_ascii_lowercase();
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // Two elements that would run together; inside one, a gap would be another text.
        if begin != "I" && latin(address.chars().last()) && latin(token.chars().next()) {
            address.push(' ');
        }
        let start = address.len();
        address.push_str(token);
        match chunks.last_mut() {
            Some(last) if begin == "I" && last.2 == label && last.1 == start => {
                last.1 = address.len();
            }
            _ => chunks.push((start, address.len(), label)),
        }
    }
    (address, chunks)
}

fn chunks(address: &str) -> Vec<Chunk> {
    let label = |piece: Piece| {
        LABELS.iter().find(|label| label.1 == Some(piece)).map_or("", |label| label.0)
    };
    let parts = parse(address).into_iter();
    parts.map(|part| (part.bytes.start, part.bytes.end, label(part.piece).to_owned())).collect()
}
