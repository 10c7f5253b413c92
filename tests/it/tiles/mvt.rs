//! A vector tile taken apart, by the specification alone (Mapbox vector tile 2.1), so that nothing that made it judges it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A corner in tile units, x to the right, y down.
pub type Corner = (i64, i64);

/// A layer of a tile.
#[derive(Debug)]
pub struct Layer {
    pub name: String,
    pub extent: u64,
    pub features: Vec<Feature>,
}

/// A feature with its attributes by name.
#[derive(Debug)]
pub struct Feature {
    pub id: Option<u64>,
    pub attributes: BTreeMap<String, Value>,
    /// 1 points, 2 lines, 3 polygons
    pub kind: u64,
    /// Points, lines or rings; a ring does not repeat its first corner.
    pub parts: Vec<Vec<Corner>>,
}

impl Feature {
    /// Twice the area of all rings, holes taken off; positive for rings that turn as the specification wants.
    pub fn twice_area(&self) -> i64 {
        let edges = self.parts.iter().flat_map(|ring| edges(ring));
        edges.map(|((ax, ay), (bx, by))| ax * by - bx * ay).sum()
    }
}

/// The edges of a ring, each from corner to corner.
pub fn edges(ring: &[Corner]) -> impl Iterator<Item = (Corner, Corner)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The layers of a tile.
pub fn decode(tile: &[u8]) -> Vec<Layer> {
    fields(tile)
        .iter()
        .filter(|(tag, _)| *tag == 3)
        .map(|(_, field)| layer(field.bytes()))
        .collect()
}

fn layer(body: &[u8]) -> Layer {
    let all = fields(body);
    let with = |tag| all.iter().filter(move |(found, _)| *found == tag).map(|(_, field)| field);
    let text = |field: &Field<'_>| String::from_utf8(field.bytes().to_vec()).unwrap();
    let names: Vec<String> = with(3).map(text).collect();
    let values: Vec<Value> = with(4).map(|field| value(field.bytes())).collect();
    Layer {
        name: with(1).map(text).next().unwrap(),
        extent: with(5).next().map_or(4096, Field::number),
        features: with(2).map(|field| feature(field.bytes(), &names, &values)).collect(),
    }
}

fn value(body: &[u8]) -> Value {
    let all = fields(body);
    let (tag, field) = all.first().unwrap();
    match tag {
        1 => String::from_utf8(field.bytes().to_vec()).unwrap().into(),
        4 | 5 => field.number().into(),
        6 => unzigzag(field.number()).into(),
        other => panic!("attribute of type {other}"),
    }
}

fn feature(body: &[u8], names: &[String], values: &[Value]) -> Feature {
    let all = fields(body);
    let one = |tag| all.iter().find(|(found, _)| *found == tag).map(|(_, field)| field);
    let numbers = |tag| one(tag).map_or_else(Vec::new, |field| packed(field.bytes()));
    let pairs = numbers(2);
    let attribute = |pair: &[u64]| {
        (
            names[usize::try_from(pair[0]).unwrap()].clone(),
            values[usize::try_from(pair[1]).unwrap()].clone(),
        )
    };
    Feature {
        id: one(1).map(Field::number),
        attributes: pairs.chunks_exact(2).map(attribute).collect(),
        kind: one(3).map_or(0, Field::number),
        parts: parts(&numbers(4)),
    }
}

fn parts(commands: &[u64]) -> Vec<Vec<Corner>> {
    let mut parts: Vec<Vec<Corner>> = Vec::new();
    let (mut x, mut y) = (0, 0);
    let mut rest = commands.iter().copied();
    while let Some(command) = rest.next() {
        let (verb, count) = (command & 7, command >> 3);
        for _ in 0..count {
            if verb == 7 {
                continue; // close path
            }
            x += unzigzag(rest.next().unwrap());
            y += unzigzag(rest.next().unwrap());
            match verb {
                1 => parts.push(vec![(x, y)]),
                2 => parts.last_mut().unwrap().push((x, y)),
                other => panic!("command {other}"),
            }
        }
    }
    parts
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
                let length = usize::try_from(varint(&mut rest)).unwrap();
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

fn packed(mut rest: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !rest.is_empty() {
        numbers.push(varint(&mut rest));
    }
    numbers
}

fn varint(rest: &mut &[u8]) -> u64 {
    let length = rest.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let (bytes, after) = rest.split_at(length);
    *rest = after;
    bytes.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7F))
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
