//! The text of a file: UTF-8, UTF-16 with a mark, or GB18030 (with GBK and GB2312), found out and read strictly: a byte
//! that means nothing refuses the file with its place instead of becoming a question mark in an address.

use std::borrow::Cow;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvEncoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16 little-endian, which Excel calls Unicode text.
    Utf16Le,
    /// UTF-16 big-endian.
    Utf16Be,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
}

impl CsvEncoding {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The one that a name means.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "utf8" => Some(Self::Utf8),
            "utf16le" | "utf16" => Some(Self::Utf16Le),
            "utf16be" => Some(Self::Utf16Be),
            "gb18030" | "gbk" | "gb2312" | "cp936" => Some(Self::Gb18030),
            _ => None,
        }
    }

    /// The text of bytes; `None` when some mean nothing.
    pub fn strict(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Utf16Le => {
                encoding_rs::UTF_16LE.decode_without_bom_handling_and_without_replacement(bytes)
            }
            Self::Utf16Be => {
                encoding_rs::UTF_16BE.decode_without_bom_handling_and_without_replacement(bytes)
            }
            Self::Gb18030 => {
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
            }
        }
    }
}

/// The text of a file and its encoding: the declared one, else what its mark says, else UTF-8 where that reads cleanly, else
/// GB18030.
///
/// # Errors
/// The encoding that was tried, when some bytes mean nothing in it.
pub fn decode(
    bytes: &[u8],
    declared: Option<CsvEncoding>,
) -> Result<(Cow<'_, str>, CsvEncoding), CsvEncoding> {
    let marks: [(&[u8], CsvEncoding); 3] = [
        (b"\xEF\xBB\xBF", CsvEncoding::Utf8),
        (b"\xFF\xFE", CsvEncoding::Utf16Le),
        (b"\xFE\xFF", CsvEncoding::Utf16Be),
    ];
    let marked = marks.into_iter().find(|(mark, _)| bytes.starts_with(mark));
    let (body, by_mark) = match marked {
        Some((mark, encoding)) if declared.is_none_or(|one| one == encoding) => {
            (bytes.get(mark.len()..).unwrap_or_default(), Some(encoding))
        }
        _ => (bytes, None),
    };
    let strict =
        |encoding: CsvEncoding| encoding.strict(body).map(|text| (text, encoding)).ok_or(encoding);
    if let Some(encoding) = declared.or(by_mark) {
        return strict(encoding);
    }
    match strict(CsvEncoding::Utf8) {
        Err(_) if is_damaged_utf8(body) => Err(CsvEncoding::Utf8),
        Err(_) => strict(CsvEncoding::Gb18030),
        read => read,
    }
}

/// Whether bytes that are not UTF-8 are so by accident: most of what is not ASCII reads as UTF-8 all the same. Read as
/// GB18030 such a file would be without fault, and nonsense.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 * bad
}
