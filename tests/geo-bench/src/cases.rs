//! What other parsers expect of their own test addresses, beside what ours says: `--cases`.
#![expect(clippy::print_stdout, reason = "a table is what it is for")]

use std::path::Path;

use anyhow::Result;
use serde_json::Value;
use spatial::geocode::{Parsed, Piece, parse};

/// Their names of elements, and what they are with us; of what they leave over, nothing is expected.
const ELEMENTS: [(&str, &[Piece]); 8] = [
    ("province", &[Piece::Province]),
    ("city", &[Piece::City]),
    ("district", &[Piece::District, Piece::City]),
    ("street", &[Piece::Township]),
    ("town", &[Piece::Township]),
    ("village", &[Piece::Community]),
    ("road", &[Piece::Road, Piece::Branch]),
    ("roadNum", &[Piece::Number, Piece::BranchNumber]),
];

/// Prints each expected element of each case with right or wrong and why.
pub fn report(shared: &Path) -> Result<()> {
    let (mut right, mut wrong, mut unsaid) = (0, 0, 0);
    for file in
        ["cpca_transform.json", "geocoding_normalizing.json", "geocoding_similarity_pairs.json"]
    {
        let text = std::fs::read_to_string(shared.join("address-parse-cases").join(file))?;
        let cases: Vec<Value> = serde_json::from_str(&text)?;
        for case in &cases {
            if let (Some(a), Some(b)) = (case["a"].as_str(), case["b"].as_str()) {
                println!("{file}\n  {a}\n  {b}\n    {}", compare(a, b));
                continue;
            }
            let Some(input) = case["input"].as_str() else { continue };
            println!("{file}: {input}");
            let parts = parse(input);
            let list = case["expected_list"].as_array().cloned().unwrap_or_default();
            let all = list.iter().chain(std::iter::once(&case["expected"]));
            let asked =
                all.flat_map(|e| ELEMENTS.map(|(name, pieces)| (name, e[name].as_str(), pieces)));
            for (name, expected, pieces) in asked {
                let Some(expected) = expected.filter(|e| !e.is_empty()) else { continue };
                let verdict = judge(input, &parts, expected, pieces);
                match &verdict {
                    Ok(()) => right += 1,
                    Err(why) if why.starts_with("not said") => unsaid += 1,
                    Err(_) => wrong += 1,
                }
                println!(
                    "    {name} {expected}: {}",
                    verdict.map_or_else(|why| why, |()| "right".to_owned())
                );
            }
            if let Some(number) = case["expected"]["buildingNum"].as_str() {
                let inner = [Piece::Building, Piece::Unit, Piece::Storey, Piece::Room, Piece::Rest];
                let said: String = parts
                    .iter()
                    .filter(|p| inner.contains(&p.piece))
                    .map(|p| p.text.as_str())
                    .collect();
                let fits =
                    said.contains(number) || number.contains(said.as_str()) && !said.is_empty();
                if fits {
                    right += 1;
                } else {
                    wrong += 1;
                }
                let why = format!("wrong: the doors are read as {said:?}");
                println!("    buildingNum {number}: {}", if fits { "right" } else { why.as_str() });
            }
            if case["expected"].is_null() && list.is_empty() {
                println!("    they cannot read it; we say {}", show(&parts));
            }
        }
    }
    println!(
        "{right} right, {wrong} wrong, {unsaid} not said in the text (they look it up in a list of divisions)"
    );
    Ok(())
}

fn show(parts: &[Parsed]) -> String {
    parts.iter().map(|p| format!("{} {:?}", p.text, p.piece)).collect::<Vec<_>>().join(", ")
}

fn judge(input: &str, parts: &[Parsed], expected: &str, pieces: &[Piece]) -> Result<(), String> {
    let bare = |name: &str| name.trim_end_matches(['省', '市', '区', '县', '镇', '乡']).to_owned();
    let same = |part: &&Parsed| part.text == expected || bare(&part.text) == bare(expected);
    if parts.iter().filter(same).any(|part| pieces.contains(&part.piece)) {
        return Ok(());
    }
    if !input.contains(expected) && !input.contains(&bare(expected)) {
        return Err("not said in the text".to_owned());
    }
    let near = parts.iter().find(|p| p.text.contains(&bare(expected)));
    Err(near.map_or_else(
        || format!("wrong: no part holds it; {}", show(parts)),
        |part| format!("wrong: we say {} {:?}", part.text, part.piece),
    ))
}

/// In which elements two addresses differ.
fn compare(a: &str, b: &str) -> String {
    let of = |text: &str| -> Vec<(Piece, String)> {
        let parts = parse(text).into_iter().filter(|p| p.piece != Piece::Rest);
        parts
            .map(|p| {
                (p.piece, p.text.trim_end_matches(['号', '楼', '单', '元', '户', '室']).to_owned())
            })
            .collect()
    };
    let (a, b) = (of(a), of(b));
    let only = |one: &[(Piece, String)], other: &[(Piece, String)]| -> String {
        let left = one.iter().filter(|part| !other.contains(part));
        left.map(|part| format!("{} {:?}", part.1, part.0)).collect::<Vec<_>>().join(", ")
    };
    format!("only the first says: {}; only the second: {}", only(&a, &b), only(&b, &a))
}
