//! Glyph blocks of two fonts that are written here, byte by byte.

use std::fs;

use tempfile::TempDir;

use super::*;

/// A font of one family with a rectangle of the given width for each of `letters`.
fn truetype(family: &str, letters: &[u16], width: i16) -> Vec<u8> {
    let glyph_count = 2u16;
    let be =
        |words: &[i32]| words.iter().flat_map(|&w| (w as u16).to_be_bytes()).collect::<Vec<u8>>();
    let long = |word: u32| word.to_be_bytes().to_vec();

    let mut head = be(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000]);
    head.extend([0; 16]);
    head.extend(be(&[0, 0, i32::from(width), 700, 0, 8, 2, 1, 0]));
    let mut hhea = be(&[1, 0, 800, -200, 0, i32::from(width), 0, 0, i32::from(width), 1, 0, 0]);
    hhea.extend(be(&[0, 0, 0, 0, 0, i32::from(glyph_count)]));
    let mut maxp = be(&[1, 0, i32::from(glyph_count), 4, 1, 0, 0, 1]);
    maxp.extend([0; 16]);
    let hmtx = be(&[i32::from(width), 0, i32::from(width), 0]);
    // one closed contour of four points on the curve, coordinates as two-byte steps
    let right = i32::from(width) - 50;
    let mut glyf = be(&[1, 0, 0, right, 700, 3, 0]);
    glyf.extend([1; 4]);
    glyf.extend(be(&[0, right, 0, -right, 0, 0, 700, 0]));
    glyf.resize(glyf.len().next_multiple_of(4), 0);
    let mut loca = long(0);
    loca.extend(long(0));
    loca.extend(long(glyf.len() as u32));

    // format 4: one segment a letter, each mapped to glyph 1
    let segments = letters.len() as i32 + 1;
    let ends: Vec<i32> = letters.iter().map(|&c| i32::from(c)).chain([0xFFFF]).collect();
    let deltas: Vec<i32> = letters.iter().map(|&c| 1 - i32::from(c)).chain([1]).collect();
    let mut segment_map = be(&[4, 16 + segments * 8, 0, segments * 2, 0, 0, 0]);
    segment_map.extend(be(&ends));
    segment_map.extend(be(&[0]));
    segment_map.extend(be(&ends));
    segment_map.extend(be(&deltas));
    segment_map.extend(be(&vec![0; ends.len()]));
    let mut cmap = be(&[0, 1, 3, 1, 0, 12]);
    cmap.extend(segment_map);

    let text = |s: &str| s.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let (family, style) = (text(family), text("Regular"));
    let mut name = be(&[0, 2, 6 + 24]);
    name.extend(be(&[3, 1, 0x409, 1, family.len() as i32, 0]));
    name.extend(be(&[3, 1, 0x409, 2, style.len() as i32, family.len() as i32]));
    name.extend(family);
    name.extend(style);

    let tables: [(&[u8; 4], Vec<u8>); 8] = [
        (b"cmap", cmap),
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
        (b"name", name),
    ];
    let mut directory = be(&[1, 0, 8, 128, 3, 0]);
    let mut bodies = Vec::new();
    for (tag, body) in tables {
        directory.extend(tag);
        directory.extend(long(0));
        directory.extend(long(12 + 8 * 16 + bodies.len() as u32));
        directory.extend(long(body.len() as u32));
        bodies.extend(body);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    directory.extend(bodies);
    directory
}

fn two_fonts() -> (TempDir, Fonts) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("narrow.ttf"), truetype("Narrow", &[u16::from(b'A')], 400))
        .unwrap();
    fs::write(folder.path().join("wide.ttf"), truetype("Wide", &[u16::from(b'A'), 0x57CE], 900))
        .unwrap();
    let fonts = Fonts::open(folder.path(), 1 << 20);
    (folder, fonts)
}

/// Code point and advance of every glyph in a block, in order, read from its protocol buffer.
fn glyphs(block: &Gzipped) -> Vec<(u64, u64)> {
    let body = block.decode();
    let stack = fields(&body).into_iter().find_map(|(tag, f)| (tag == 1).then_some(f)).unwrap();
    let glyph = |(tag, field): (u64, Field)| {
        (tag == 3).then(|| {
            let number = |wanted| {
                fields(field.bytes())
                    .iter()
                    .find(|(tag, _)| *tag == wanted)
                    .map_or(0, |(_, f)| f.number())
            };
            (number(1), number(7))
        })
    };
    fields(stack.bytes()).into_iter().filter_map(glyph).collect()
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn number(&self) -> u64 {
        if let Self::Number(number) = self { *number } else { panic!("a number was expected") }
    }

    fn bytes(&self) -> &'a [u8] {
        if let Self::Bytes(bytes) = self { bytes } else { panic!("bytes were expected") }
    }
}

fn fields(mut rest: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let key = varint(&mut rest);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut rest)),
            2 => {
                let length = varint(&mut rest) as usize;
                let (body, after) = rest.split_at(length);
                rest = after;
                Field::Bytes(body)
            }
            other => panic!("wire type {other}"),
        };
        found.push((key >> 3, field));
    }
    found
}

fn varint(rest: &mut &[u8]) -> u64 {
    let length = rest.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let (bytes, after) = rest.split_at(length);
    *rest = after;
    bytes.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7F))
}

/// What a map client makes of a block: of two glyphs for a code point it keeps the later.
fn kept(block: &Gzipped, code_point: u64) -> u64 {
    glyphs(block).into_iter().rfind(|(id, _)| *id == code_point).unwrap().1
}

#[tokio::test]
async fn fonts_are_named_by_family_and_style() {
    let (_folder, fonts) = two_fonts();
    assert_eq!(fonts.names(), ["Narrow Regular", "Wide Regular"]);
}

#[tokio::test]
async fn the_first_font_of_a_stack_that_has_a_glyph_gives_it() {
    let (_folder, fonts) = two_fonts();
    let narrow = fonts.range("Narrow Regular", 0, 255).await.unwrap();
    let wide = fonts.range("Wide Regular", 0, 255).await.unwrap();
    let a = u64::from(b'A');
    assert!(kept(&narrow, a) < kept(&wide, a));
    let stack = fonts.range("Narrow Regular,Wide Regular", 0, 255).await.unwrap();
    assert_eq!(kept(&stack, a), kept(&narrow, a));
    let stack = fonts.range("Wide Regular, Narrow Regular", 0, 255).await.unwrap();
    assert_eq!(kept(&stack, a), kept(&wide, a));
    let fallback = fonts.range("Narrow Regular,Wide Regular", 0x5700, 0x57FF).await.unwrap();
    assert_eq!(glyphs(&fallback).len(), 1);
}

#[tokio::test]
async fn a_block_without_glyphs_is_a_block_all_the_same() {
    let (_folder, fonts) = two_fonts();
    assert!(glyphs(&fonts.range("Narrow Regular", 0x5700, 0x57FF).await.unwrap()).is_empty());
}

#[tokio::test]
async fn a_block_is_drawn_once() {
    let (_folder, fonts) = two_fonts();
    let first = fonts.range("Wide Regular", 0, 255).await.unwrap();
    assert_eq!(first, fonts.range("Wide Regular", 0, 255).await.unwrap());
    let figures = fonts.figures();
    assert_eq!((figures.hits, figures.misses), (1, 1));
}

#[tokio::test]
async fn an_unknown_font_is_answered_with_the_known_ones() {
    let (_folder, fonts) = two_fonts();
    let refused = fonts.range("Wide Regular,Open Sans Bold", 0, 255).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "there is no font \"Open Sans Bold\"; the fonts are Narrow Regular, Wide Regular"
    );
    let none = Fonts::open(Path::new("/nonexistent"), 1 << 20);
    let refused = none.range("Wide Regular", 0, 255).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no font \"Wide Regular\"; the fonts are none");
}

#[tokio::test]
async fn a_range_that_is_no_block_is_refused() {
    let (_folder, fonts) = two_fonts();
    for (start, end) in
        [(0, 256), (1, 256), (256, 255), (0, 0), (u32::MAX - 255, u32::MAX), (0x11_0000, 0x11_00FF)]
    {
        let refused = fonts.range("Wide Regular", start, end).await.unwrap_err();
        assert!(matches!(refused, TileError::GlyphRange { .. }), "{start}-{end}: {refused:?}");
    }
}
