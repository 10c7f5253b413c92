//! Sentences from phrases: each section of `phrases/*.txt` has lines that are whole sentences with `{slots}`, and lists
//! that fill them, `name=one|another|…`; lists may have slots themselves. `{处}` is where, `{文}` the sentence in a frame.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::city::dice::Dice;

/// Everything that is ever said.
pub(super) static PHRASES: LazyLock<Grammar> = LazyLock::new(|| {
    let files = [
        include_str!("phrases/shared.txt"),
        include_str!("phrases/streets.txt"),
        include_str!("phrases/homes.txt"),
        include_str!("phrases/surges.txt"),
    ];
    Grammar::read(&files).expect("the phrases are part of the program and tested")
});

/// The section whose lists all others may use.
const SHARED: &str = "*";
/// More nested than this is a circle.
const DEEPEST: usize = 12;

enum Piece {
    Text(String),
    /// Index of a list.
    Slot(usize),
    Place,
    Core,
}

type Sentence = Vec<Piece>;

/// Sections of sentences.
pub(super) struct Grammar {
    /// The sentences of each section, then every list.
    lists: Vec<Vec<Sentence>>,
    sections: HashMap<&'static str, usize>,
}

#[derive(Default)]
struct Raw {
    sentences: Vec<&'static str>,
    lists: HashMap<&'static str, Vec<&'static str>>,
}

impl Grammar {
    /// Reads the files.
    fn read(files: &[&'static str]) -> Result<Self, String> {
        let mut raw: HashMap<&'static str, Raw> = HashMap::new();
        let mut order = Vec::new();
        let mut section = SHARED;
        for line in files.iter().flat_map(|file| file.lines()).map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
                order.push(name);
                continue;
            }
            let own = raw.entry(section).or_default();
            match line.split_once('=') {
                Some((name, all)) => {
                    own.lists.insert(name, all.split('|').collect());
                }
                None => own.sentences.push(line),
            }
        }
        order.sort_unstable();
        order.dedup();
        Compiler { raw: &raw, indices: HashMap::new(), lists: Vec::new() }.compile(&order)
    }

    /// A sentence of a section about a place. `core` is what a frame goes around.
    pub(super) fn say(&self, section: &str, place: &str, core: &str, dice: &mut Dice) -> String {
        let mut said = String::with_capacity(160);
        if let Some(&list) = self.sections.get(section) {
            self.write(list, (place, core), dice, &mut said, 0);
        }
        said
    }

    /// Whether there is such a section.
    #[cfg(test)]
    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    fn write(
        &self,
        list: usize,
        given: (&str, &str),
        dice: &mut Dice,
        said: &mut String,
        depth: usize,
    ) {
        let sentences = &self.lists[list];
        if sentences.is_empty() || DEEPEST < depth {
            return;
        }
        for piece in &sentences[dice.below(sentences.len())] {
            match piece {
                Piece::Text(text) => said.push_str(text),
                Piece::Place => said.push_str(given.0),
                Piece::Core => said.push_str(given.1),
                Piece::Slot(list) => self.write(*list, given, dice, said, depth + 1),
            }
        }
    }
}

struct Compiler<'a> {
    raw: &'a HashMap<&'static str, Raw>,
    /// By section and name of the list.
    indices: HashMap<(&'static str, &'static str), usize>,
    lists: Vec<Vec<Sentence>>,
}

impl Compiler<'_> {
    fn compile(mut self, order: &[&'static str]) -> Result<Grammar, String> {
        let mut sections = HashMap::new();
        for &section in order {
            let lines = self.raw.get(section).map(|raw| raw.sentences.clone()).unwrap_or_default();
            if !lines.is_empty() {
                let own = self.lists.len();
                self.lists.push(Vec::new());
                self.lists[own] = lines
                    .iter()
                    .map(|line| self.sentence(section, line))
                    .collect::<Result<_, _>>()?;
                sections.insert(section, own);
            }
        }
        Ok(Grammar { lists: self.lists, sections })
    }

    fn sentence(&mut self, section: &'static str, line: &'static str) -> Result<Sentence, String> {
        let mut pieces = Vec::new();
        let mut rest = line;
        while let Some((text, after)) = rest.split_once('{') {
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("[{section}] {line}: no closing brace"))?;
            pieces.push(match name {
                "处" => Piece::Place,
                "文" => Piece::Core,
                _ => Piece::Slot(self.list(section, name)?),
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(pieces)
    }

    /// The list of this name: the section's own, else the shared one.
    fn list(&mut self, section: &'static str, name: &'static str) -> Result<usize, String> {
        let own = self.raw.get(section).is_some_and(|raw| raw.lists.contains_key(name));
        let home = if own { section } else { SHARED };
        if let Some(index) = self.indices.get(&(home, name)) {
            return Ok(*index);
        }
        let all = self.raw.get(home).and_then(|raw| raw.lists.get(name)).cloned();
        let all = all.ok_or_else(|| format!("[{section}] there is no list {name}"))?;
        let index = self.lists.len();
        self.indices.insert((home, name), index);
        self.lists.push(Vec::new());
        self.lists[index] =
            all.iter().map(|one| self.sentence(home, one)).collect::<Result<_, _>>()?;
        Ok(index)
    }
}

#[cfg(test)]
#[path = "grammar_tests.rs"]
mod tests;
