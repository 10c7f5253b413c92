//! The attribute table of a Shapefile, as raw bytes per field.
//!
//! Read here and not by the dbase crate, because three things matter that it hides: the undecoded bytes (so that wrong
//! encodings refuse a row), records marked as deleted (so that shapes and records stay in step), and which record failed.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use serde_json::{Map, Value};

use super::encoding::Encoding;

pub(super) struct Dbf {
    input: BufReader<File>,
    pub fields: Vec<Field>,
    pub records: u32,
    header_bytes: u64,
    record_bytes: usize,
    /// What the language driver byte says about the encoding.
    pub driver: Option<Encoding>,
    next: u32,
    buffer: Vec<u8>,
}

pub(super) struct Field {
    raw_name: Vec<u8>,
    pub name: String,
    kind: u8,
    length: usize,
}

/// One record: its values, or that it is marked as deleted.
pub(super) enum Record {
    Values(Map<String, Value>),
    Deleted,
}

impl Dbf {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let mut input = BufReader::new(file);
        let mut head = [0; 32];
        input.read_exact(&mut head).map_err(|_| "the table has no complete header".to_owned())?;
        let records = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let header_bytes = u16::from_le_bytes([head[8], head[9]]);
        let record_bytes = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let driver = match head[29] {
            0x4D | 0x7A => Some(Encoding::Gb18030),
            0xF0 => Some(Encoding::Utf8),
            _ => None,
        };
        let mut fields = Vec::new();
        for _ in 0..header_bytes.saturating_sub(32) / 32 {
            let mut descriptor = [0; 32];
            input
                .read_exact(&mut descriptor)
                .map_err(|_| "the table's list of columns is cut off".to_owned())?;
            if descriptor[0] == 0x0D {
                break;
            }
            let name = descriptor[..11].split(|&byte| byte == 0).next().unwrap_or_default();
            fields.push(Field {
                raw_name: name.to_vec(),
                name: String::from_utf8_lossy(name).trim().to_owned(),
                kind: descriptor[11],
                length: usize::from(descriptor[16]),
            });
        }
        let width: usize = fields.iter().map(|field| field.length).sum();
        if fields.is_empty() || width + 1 > record_bytes {
            return Err(
                "the table's header is damaged: its columns do not fit its records".to_owned()
            );
        }
        Ok(Self {
            input,
            fields,
            records,
            header_bytes: u64::from(header_bytes),
            record_bytes,
            driver,
            next: u32::MAX,
            buffer: Vec::new(),
        })
    }

    /// Names the columns once the encoding is known; a name cut inside a character loses that character.
    pub(super) fn name_fields(&mut self, encoding: Encoding) {
        for field in &mut self.fields {
            let cut = (0..4).find_map(|cut| {
                let length = field.raw_name.len().checked_sub(cut)?;
                encoding.decode(field.raw_name.get(..length)?).ok()
            });
            if let Some(name) = cut {
                field.name = name.trim().to_owned();
            }
        }
    }

    /// The beginning of the records, for guessing the encoding.
    pub(super) fn sample(&mut self) -> Vec<u8> {
        let mut sample: Vec<u8> = Vec::new();
        let seek = self.input.seek(SeekFrom::Start(self.header_bytes));
        if seek.is_ok() {
            // What cannot be read now will be told when the records are.
            let _ = (&mut self.input).take(64 * 1024).read_to_end(&mut sample);
        }
        self.next = u32::MAX;
        for field in &self.fields {
            sample.splice(0..0, field.raw_name.iter().copied().chain([b' ']));
        }
        sample
    }

    /// Record `index`, counted from 0.
    pub(super) fn record(&mut self, index: u32, encoding: Encoding) -> Result<Record, String> {
        if index >= self.records {
            return Err(format!("the table has only {} records", self.records));
        }
        if index != self.next {
            let at = self.header_bytes + u64::from(index) * self.record_bytes as u64;
            self.input.seek(SeekFrom::Start(at)).map_err(|error| error.to_string())?;
        }
        self.buffer.resize(self.record_bytes, 0);
        self.next = u32::MAX;
        self.input
            .read_exact(&mut self.buffer)
            .map_err(|_| "the table is cut off before this record".to_owned())?;
        self.next = index + 1;
        if self.buffer.first() == Some(&b'*') {
            return Ok(Record::Deleted);
        }
        let mut rest = self.buffer.get(1..).unwrap_or_default();
        let mut values = Map::with_capacity(self.fields.len());
        for field in &self.fields {
            let (bytes, after) = rest.split_at_checked(field.length).unwrap_or((rest, &[]));
            rest = after;
            let value = field
                .value(bytes, encoding)
                .map_err(|why| format!("column {:?}: {why}", field.name))?;
            values.insert(field.name.clone(), value);
        }
        Ok(Record::Values(values))
    }
}

impl Field {
    fn value(&self, bytes: &[u8], encoding: Encoding) -> Result<Value, String> {
        let bytes = bytes.split(|&byte| byte == 0).next().unwrap_or_default().trim_ascii();
        match self.kind {
            b'L' => Ok(match bytes.first() {
                Some(b'T' | b't' | b'Y' | b'y' | b'1') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n' | b'0') => Value::Bool(false),
                _ => Value::Null,
            }),
            b'N' | b'F' if bytes.iter().all(|&byte| byte == b'*') => Ok(Value::Null),
            b'N' | b'F' => {
                let text = encoding.decode(bytes)?;
                if let Ok(whole) = text.parse::<i64>() {
                    return Ok(whole.into());
                }
                let number: f64 = text.parse().map_err(|_| format!("{text:?} is not a number"))?;
                // Writers pad codes to 620102.000: the zeros are no part of them.
                if number.fract() == 0.0 && number.abs() < 9e15 {
                    return Ok((number as i64).into());
                }
                Ok(number.into())
            }
            // Binary kinds of FoxPro; nobody keeps codes or names in them.
            b'I' | b'B' | b'Y' | b'T' | b'M' | b'G' | b'P' => Ok(Value::Null),
            _ => Ok(Value::String(encoding.decode(bytes)?.trim().to_owned())),
        }
    }
}
