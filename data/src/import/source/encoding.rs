//! Text of tables: UTF-8, or the GB18030 (with its parts GBK and GB2312) of Chinese desktop software.
//!
//! Decoding is strict: bytes that mean nothing in the encoding refuse their row instead of becoming question marks.

use std::borrow::Cow;
use std::str::FromStr;

use serde::Serialize;

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
}

/// A name that is no encoding we read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an encoding we read: utf8 and gb18030 (also called gbk, gb2312, cp936) are")]
pub struct UnknownEncoding(pub String);

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let name = name.trim().trim_start_matches('\u{feff}');
        let plain: String =
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        match plain.as_str() {
            "utf8" | "65001" | "ascii" | "usascii" => Ok(Self::Utf8),
            "gb18030" | "gbk" | "gb2312" | "936" | "cp936" | "ansi936" | "windows936" | "54936" => {
                Ok(Self::Gb18030)
            }
            _ => Err(UnknownEncoding(name.to_owned())),
        }
    }
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        })
    }
}

impl Encoding {
    /// The text of `bytes`.
    ///
    /// # Errors
    /// If a byte has no meaning in this encoding; the sentence shows it.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or_default();
                format!("byte 0x{byte:02X} at position {} is not UTF-8", at + 1)
            }),
            Self::Gb18030 => encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(|| {
                    let shown = encoding_rs::GB18030.decode_without_bom_handling(bytes).0;
                    let at = shown.chars().take_while(|&c| c != '\u{fffd}').count();
                    format!("the bytes after character {at} are not GB18030")
                }),
        }
    }

    /// The text of `bytes` with a replacement mark for what cannot be decoded, for showing.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Gb18030 => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }

    /// What `sample` (the beginning of a file, perhaps cut inside a character) is written in, if it shows.
    ///
    /// A byte order mark or a clean UTF-8 reading says UTF-8; a clean GB18030 reading of what is not UTF-8 says GB18030.
    pub fn sniff(sample: &[u8]) -> Option<Self> {
        if sample.starts_with(b"\xEF\xBB\xBF") {
            return Some(Self::Utf8);
        }
        match std::str::from_utf8(sample) {
            Ok(_) => return Some(Self::Utf8),
            Err(error) if error.error_len().is_none() => return Some(Self::Utf8),
            Err(_) => {}
        }
        // The sample may end inside a character of up to four bytes.
        (0..4)
            .filter_map(|cut| sample.get(..sample.len().checked_sub(cut)?))
            .any(|part| Self::Gb18030.decode(part).is_ok())
            .then_some(Self::Gb18030)
    }
}
