//! Cuts a GeoJSON stream into its features without understanding them, holding one feature in memory at a time.
//!
//! A scanner for brackets and strings is all it takes, and it makes every feature a thing of its own: one with broken
//! numbers inside is refused alone, while a JSON parser over the whole file would have to give up.

use std::io::{BufRead, Read};

/// The largest single feature that is read, in bytes.
const LARGEST_FEATURE_BYTES: usize = 256 * 1024 * 1024;

/// What the scanner found next.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// The bytes of one element of a `features` array, or of one line.
    Feature(Vec<u8>),
    /// A whole object that stood alone, its `features` array emptied.
    Document(Vec<u8>),
    /// The end of the stream.
    End,
}

/// Why the stream cannot be cut any further.
#[derive(Debug)]
pub(super) enum ScanError {
    Io(std::io::Error),
    Shape(String),
}

impl From<std::io::Error> for ScanError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Between documents.
    Outside,
    /// Inside the outermost object, outside its `features`.
    Members,
    /// Inside the `features` array, between elements.
    Features,
    /// One feature per line.
    Lines,
}

pub(super) struct Scanner<R> {
    input: R,
    state: State,
    /// The outermost object so far, without the features.
    outer: Vec<u8>,
    depth: u32,
    /// Where the last string at depth 1 lies in `outer`, to recognise the key `features`.
    last_string: (usize, usize),
    features: u64,
}

impl<R: Read> Scanner<std::io::BufReader<R>> {
    pub(super) fn new(input: std::io::BufReader<R>) -> Self {
        Self {
            input,
            state: State::Outside,
            outer: Vec::new(),
            depth: 0,
            last_string: (0, 0),
            features: 0,
        }
    }

    /// The members of the outermost object that came before its features, as a complete object.
    pub(super) fn members_so_far(&self) -> Vec<u8> {
        let mut members = self.outer.clone();
        if self.state == State::Features {
            members.extend_from_slice(b"]}");
        }
        members
    }

    /// From now on every line is a feature: the first document was one.
    pub(super) fn expect_lines(&mut self) {
        self.state = State::Lines;
    }

    pub(super) fn next_piece(&mut self) -> Result<Piece, ScanError> {
        loop {
            match self.state {
                State::Outside => match self.skip_blank()? {
                    None => return Ok(Piece::End),
                    Some(b'{') => {
                        self.outer.clear();
                        self.outer.push(b'{');
                        self.depth = 1;
                        self.last_string = (0, 0);
                        self.state = State::Members;
                    }
                    Some(other) => {
                        return Err(ScanError::Shape(format!(
                            "a GeoJSON object was expected, but {:?} stands here",
                            char::from(other)
                        )));
                    }
                },
                State::Members => {
                    if self.read_members()? {
                        self.state = State::Outside;
                        return Ok(Piece::Document(std::mem::take(&mut self.outer)));
                    }
                    self.state = State::Features;
                }
                State::Features => match self.skip_blank()? {
                    None => return Err(self.cut_off()),
                    Some(b']') => {
                        self.outer.push(b']');
                        self.state = State::Members;
                    }
                    Some(first) => return self.read_element(first).map(Piece::Feature),
                },
                State::Lines => return self.read_line(),
            }
        }
    }

    /// Reads members of the outermost object; true at its end, false at the beginning of its features.
    fn read_members(&mut self) -> Result<bool, ScanError> {
        loop {
            let Some(byte) = self.byte()? else {
                return Err(self.cut_off());
            };
            if self.outer.len() > LARGEST_FEATURE_BYTES {
                return Err(too_large());
            }
            let key_end = self.last_string.1;
            self.outer.push(byte);
            match byte {
                b'"' => {
                    let begin = self.outer.len();
                    copy_string(&mut self.input, &mut self.outer)
                        .map_err(|error| self.or_cut_off(error))?;
                    if self.depth == 1 {
                        self.last_string = (begin, self.outer.len() - 1);
                    }
                }
                b'[' if self.depth == 1 && self.is_features_key(key_end) => return Ok(false),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Ok(true);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether what stands between the last string and the `[` just read makes that string the key of this array.
    fn is_features_key(&self, key_end: usize) -> bool {
        let key = self.outer.get(self.last_string.0..self.last_string.1);
        let between = self.outer.get(key_end + 1..self.outer.len() - 1).unwrap_or_default();
        key == Some(b"features".as_slice())
            && between.iter().filter(|byte| !byte.is_ascii_whitespace()).eq([b':'].iter())
    }

    fn read_element(&mut self, first: u8) -> Result<Vec<u8>, ScanError> {
        self.features += 1;
        let mut element = vec![first];
        let mut depth = u32::from(matches!(first, b'{' | b'['));
        if first == b'"' {
            copy_string(&mut self.input, &mut element).map_err(|error| self.or_cut_off(error))?;
        }
        loop {
            if depth == 0 && matches!(element.last(), Some(b'}' | b']' | b'"')) {
                return Ok(element);
            }
            // A bare word such as null ends before the comma or bracket, which stays for the next step.
            if depth == 0 && matches!(self.peek()?, Some(b',' | b']') | None) {
                return Ok(element);
            }
            let Some(byte) = self.byte()? else {
                return Err(self.cut_off());
            };
            element.push(byte);
            match byte {
                b'"' => copy_string(&mut self.input, &mut element)
                    .map_err(|error| self.or_cut_off(error))?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if element.len() > LARGEST_FEATURE_BYTES {
                return Err(too_large());
            }
        }
    }

    fn read_line(&mut self) -> Result<Piece, ScanError> {
        loop {
            let mut line = Vec::new();
            let limit = LARGEST_FEATURE_BYTES as u64 + 1;
            if (&mut self.input).take(limit).read_until(b'\n', &mut line)? == 0 {
                return Ok(Piece::End);
            }
            if line.len() > LARGEST_FEATURE_BYTES {
                return Err(too_large());
            }
            let text = line.trim_ascii();
            let text = text.strip_prefix(b"\x1E").unwrap_or(text);
            if !text.is_empty() {
                return Ok(Piece::Feature(text.to_vec()));
            }
        }
    }

    /// The first byte that is no blank, separator or mark.
    fn skip_blank(&mut self) -> Result<Option<u8>, ScanError> {
        loop {
            match self.byte()? {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1E | 0xEF | 0xBB | 0xBF) => {}
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, ScanError> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }

    fn peek(&mut self) -> Result<Option<u8>, ScanError> {
        loop {
            match self.input.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn or_cut_off(&self, error: Option<ScanError>) -> ScanError {
        error.unwrap_or_else(|| self.cut_off())
    }

    fn cut_off(&self) -> ScanError {
        ScanError::Shape(match self.features {
            0 => "the file is cut off: it ends before its first feature is complete".to_owned(),
            read => format!("the file is cut off: it ends at or inside feature {read}"),
        })
    }
}

fn too_large() -> ScanError {
    ScanError::Shape(format!(
        "one object is larger than {} MiB: is a bracket or quote missing?",
        LARGEST_FEATURE_BYTES / 1024 / 1024
    ))
}

/// Copies the rest of a string whose opening quote was read; `Err(None)` if the stream ends inside it.
fn copy_string(input: &mut impl BufRead, into: &mut Vec<u8>) -> Result<(), Option<ScanError>> {
    let mut escaped = false;
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Some(error.into())),
        };
        if buffer.is_empty() {
            return Err(None);
        }
        let mut used = 0;
        let mut ended = false;
        for &byte in buffer {
            used += 1;
            if escaped {
                escaped = false;
            } else if byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                ended = true;
                break;
            }
        }
        into.extend_from_slice(buffer.get(..used).unwrap_or_default());
        input.consume(used);
        if into.len() > LARGEST_FEATURE_BYTES {
            return Err(Some(too_large()));
        }
        if ended {
            return Ok(());
        }
    }
}
