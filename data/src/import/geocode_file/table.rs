//! The addresses: rows in pieces, and which column is what.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};

use super::GeocodeFile;
use crate::actions::geocode::LONGEST_QUERY;
use crate::import::addresses::FIELDS;
use crate::import::error::ImportError;
use crate::import::locate_file::columns::{Batches, Columnar};
use crate::import::mapping::normal;
use crate::import::source::{self, TableRow};

/// Rows understood together: a second's work for a core would be too much to wait for at the end.
const PIECE_ROWS: usize = 2048;
/// Other names of a column with whole addresses than those of imports.
const TEXTS: &[&str] = &[
    "text",
    "addr",
    "事发地址",
    "事件地址",
    "发生地址",
    "事发地点",
    "地点",
    "位置",
    "详细位置",
    "家庭住址",
    "联系地址",
];
/// Elements from the large to the small, with the word that a bare number of each needs.
const ELEMENTS: [(&str, &str); 9] = [
    ("district", ""),
    ("township", ""),
    ("community", ""),
    ("road", ""),
    ("house_no", "号"),
    ("compound", ""),
    ("building_no", "号楼"),
    ("unit", "单元"),
    ("room", "室"),
];

/// Rows, and the line or number of each.
pub(super) struct Piece {
    pub(super) batch: RecordBatch,
    pub(super) lines: Vec<u64>,
    /// What is wrong with the bytes of a row, by its place.
    torn: HashMap<usize, String>,
}

/// Which columns make the text.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    Text(usize),
    /// Column and the word of a bare number.
    Elements(Vec<(usize, &'static str)>),
}

/// How many bytes have been read.
pub(super) enum Bytes {
    Counted(Arc<AtomicU64>),
    /// Of so many bytes with so many rows.
    ByRows(u64, u64),
}

impl Bytes {
    pub(super) fn now(&self, rows: u64) -> u64 {
        match self {
            Self::Counted(bytes) => bytes.load(Ordering::Relaxed),
            Self::ByRows(bytes, all) => bytes * rows.min(*all) / (*all).max(1),
        }
    }
}

/// An opened file of addresses.
pub(super) struct Table {
    rows: Rows,
    schema: Arc<Schema>,
    columns: Columns,
    notes: Vec<String>,
    path: std::path::PathBuf,
}

enum Rows {
    Columnar { batches: Batches, left: Option<RecordBatch>, next: u64, size: (u64, u64) },
    Csv(Box<source::Csv>, Arc<AtomicU64>),
}

impl Table {
    pub(super) fn open(options: &GeocodeFile) -> Result<Self, ImportError> {
        let path = options.addresses.as_path();
        let stdin = path.as_os_str() == "-";
        let columnar = if stdin || !path.is_file() { None } else { Columnar::open(path)? };
        let (rows, schema, notes) = match columnar {
            Some(Columnar { schema, batches, rows, size_bytes }) => {
                let size = (size_bytes, rows);
                (Rows::Columnar { batches, left: None, next: 1, size }, schema, Vec::new())
            }
            None => match source::open_table(path, &options.open)? {
                source::Table::Rows(csv, consumed, _, notes) => {
                    let names = source::Source::columns(&*csv);
                    let fields = names.iter().map(|name| Field::new(name, DataType::Utf8, true));
                    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
                    (Rows::Csv(csv, consumed), schema, notes)
                }
                source::Table::Features(opened) => {
                    let why = format!(
                        "{} is a format of maps: addresses are read from CSV, Parquet and Arrow",
                        opened.format
                    );
                    return Err(ImportError::unreadable(path, why));
                }
            },
        };
        let columns = columns(path, &schema, &options.columns)?;
        Ok(Self { rows, schema, columns, notes, path: path.to_owned() })
    }

    pub(super) fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.schema)
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// Field and column of what is read.
    pub(super) fn told_columns(&self) -> Vec<(String, String)> {
        let name = |at: usize| self.schema.field(at).name().clone();
        match &self.columns {
            Columns::Text(at) => vec![("text".to_owned(), name(*at))],
            Columns::Elements(all) => {
                all.iter().map(|(at, _)| ("element".to_owned(), name(*at))).collect()
            }
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        match &self.rows {
            Rows::Columnar { size: (bytes, rows), .. } => Bytes::ByRows(*bytes, *rows),
            Rows::Csv(_, consumed) => Bytes::Counted(Arc::clone(consumed)),
        }
    }

    /// The next rows; none at the end.
    pub(super) fn piece(&mut self) -> Result<Option<Piece>, ImportError> {
        match &mut self.rows {
            Rows::Columnar { batches, left, next, .. } => {
                let batch = match left.take() {
                    Some(batch) => batch,
                    None => match batches.next() {
                        None => return Ok(None),
                        Some(batch) => batch.map_err(|error| {
                            ImportError::unreadable(&self.path, error.to_string())
                        })?,
                    },
                };
                let rows = batch.num_rows();
                if PIECE_ROWS < rows {
                    *left = Some(batch.slice(PIECE_ROWS, rows - PIECE_ROWS));
                }
                let batch = batch.slice(0, rows.min(PIECE_ROWS));
                let first = *next;
                *next += batch.num_rows() as u64;
                Ok(Some(Piece { batch, lines: (first..*next).collect(), torn: HashMap::new() }))
            }
            Rows::Csv(csv, _) => {
                let mut rows: Vec<TableRow> = Vec::with_capacity(PIECE_ROWS);
                while rows.len() < PIECE_ROWS {
                    let Some(row) = csv.next_table_row()? else { break };
                    rows.push(row);
                }
                if rows.is_empty() {
                    return Ok(None);
                }
                let column = |at: usize| -> ArrayRef {
                    let texts = rows.iter().map(|row| row.fields.get(at).map(String::as_str));
                    Arc::new(texts.collect::<StringArray>())
                };
                let columns = (0..self.schema.fields().len()).map(column).collect();
                let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
                    .map_err(|error| ImportError::Stopped(error.to_string()))?;
                let lines = rows.iter().map(|row| row.line).collect();
                let torn = rows
                    .into_iter()
                    .enumerate()
                    .filter_map(|(at, row)| Some((at, row.torn?)))
                    .collect();
                Ok(Some(Piece { batch, lines, torn }))
            }
        }
    }
}

impl Columns {
    /// The text of each row, or why it cannot be asked.
    pub(super) fn texts(&self, piece: &Piece) -> Result<Vec<Result<String, String>>, ImportError> {
        let text = |at: usize| {
            cast(piece.batch.column(at), &DataType::Utf8)
                .map_err(|error| ImportError::Stopped(error.to_string()))
        };
        let mut texts = vec![String::new(); piece.batch.num_rows()];
        let parts = match self {
            Self::Text(at) => vec![(*at, "")],
            Self::Elements(parts) => parts.clone(),
        };
        for (at, word) in parts {
            let column = text(at)?;
            let column = column.as_string::<i32>();
            for (row, text) in texts.iter_mut().enumerate() {
                let part = if column.is_valid(row) { column.value(row).trim() } else { "" };
                text.push_str(part);
                if part.chars().last().is_some_and(|last| last.is_ascii_alphanumeric()) {
                    text.push_str(word);
                }
            }
        }
        let checked = |(at, text): (usize, String)| match piece.torn.get(&at) {
            Some(why) => Err(why.clone()),
            None if text.trim().is_empty() => Err("there is no address".to_owned()),
            None if LONGEST_QUERY < text.chars().count() => {
                Err(format!("{} characters are more than {LONGEST_QUERY}", text.chars().count()))
            }
            None => Ok(text),
        };
        Ok(texts.into_iter().enumerate().map(checked).collect())
    }
}

/// Which columns make the text: those that were named, else by the names in common use; a whole address before elements.
fn columns(
    path: &Path,
    schema: &Schema,
    given: &[(String, String)],
) -> Result<Columns, ImportError> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let refuse = |why: String| {
        ImportError::unreadable(path, format!("{why}; its columns are {}", names.join(", ")))
    };
    let mut chosen: HashMap<&str, usize> = HashMap::new();
    for (field, column) in given {
        if field != "text" && !ELEMENTS.iter().any(|(name, _)| name == field) {
            let known = ELEMENTS.map(|(name, _)| name).join(", ");
            return Err(refuse(format!("there is no field {field:?}, there are text, {known}")));
        }
        let at = names.iter().position(|name| name == column);
        let at = at.ok_or_else(|| refuse(format!("there is no column {column:?} for {field}")))?;
        chosen.insert(field, at);
    }
    if chosen.is_empty() {
        let whole = find(&names, aliases("full_text").chain(TEXTS));
        if let Some(at) = whole {
            return Ok(Columns::Text(at));
        }
        for (field, _) in ELEMENTS {
            if let Some(at) = find(&names, aliases(field)) {
                chosen.insert(field, at);
            }
        }
    }
    if let Some(at) = chosen.get("text") {
        return Ok(Columns::Text(*at));
    }
    let parts: Vec<(usize, &str)> =
        ELEMENTS.iter().filter_map(|(field, word)| Some((*chosen.get(field)?, *word))).collect();
    let says_enough =
        ["road", "compound", "community"].iter().any(|field| chosen.contains_key(field));
    if parts.is_empty() || !says_enough {
        return Err(refuse(
            "no column with addresses was recognised: name it by --text COLUMN".to_owned(),
        ));
    }
    Ok(Columns::Elements(parts))
}

/// The first column that has one of these names.
fn find<'a>(names: &[&str], mut aliases: impl Iterator<Item = &'a &'a str>) -> Option<usize> {
    aliases.find_map(|alias| names.iter().position(|name| normal(name) == normal(alias)))
}

/// The names in common use for an element.
fn aliases(field: &'static str) -> impl Iterator<Item = &'static &'static str> {
    FIELDS.iter().filter(move |spec| spec.field == field).flat_map(|spec| spec.aliases)
}
