//! The gazetteer as it is searched: names, places and doors in columns over any bytes.

use super::bytes::{Column, SnapshotError, contents, damaged};
use super::label::Label;
use super::level::Level;
use super::reading::readings;
use super::shape::Shape;
use super::suggest::NameIndex;
use super::texts::Texts;
use crate::lattice::LatticePoint;

/// Stands for no row.
pub(super) const NONE: u32 = u32::MAX;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The columns of a snapshot, in the order of the file.
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct View<'a> {
            $($(#[$doc])* pub(super) $name: Column<'a>,)*
            /// Names of each division and of those above it; empty as long as the references are not checked.
            chains: &'a [[u32; 3]],
            /// The names written out.
            texts: Option<&'a Texts>,
        }

        const COLUMNS: usize = [$(stringify!($name)),*].len();

        impl<'a> View<'a> {
            fn new(file: &'a [u8], ranges: &[std::ops::Range<usize>]) -> Option<Self> {
                let mut ranges = ranges.iter();
                Some(Self {
                    $($name: Column::new(file.get(ranges.next()?.clone())?),)*
                    chains: &[],
                    texts: None,
                })
            }
        }
    };
}

columns! {
    /// Strings: where each begins, and the UTF-16 units of all. The first two are the province and the city.
    string_start, string_text,
    /// Names: where each begins, the units of all, kind and measures, and the name it stands for now.
    name_start, name_text, name_shape, name_target,
    /// Pairs of sounds: where the names of each begin, and the names with the place of the pair in them.
    gram_start, gram_names,
    /// For each name its sites (roads by number, communities by group) and its divisions.
    name_sites_start, name_sites, name_divisions_start, name_divisions,
    /// Divisions: name, parent, place, official code in two halves.
    division_name, division_parent, division_x, division_y, division_code_low, division_code_high,
    /// For each division the sites that lie in it and in none below.
    division_sites_start, division_sites,
    /// Sites: lowest division, road, house number, village group, compound, place, and where its buildings begin.
    site_division, site_road, site_number, site_group, site_compound, site_x, site_y, site_buildings,
    /// Buildings: site, label, the label's words where it does not read as a plain number, place, grid, id, rooms.
    building_site, building_label, building_words, building_x, building_y, building_grid, building_id, building_rooms,
    /// Rooms: packed unit and room, record, place relative to the building's.
    room_key, room_record, room_dx, room_dy,
    /// Rooms that are not written as their key says: which, the unit's string, the room's string.
    odd_room, odd_unit, odd_label,
    /// Crossings of roads, by the lower name: both names and the place.
    crossing_low, crossing_high, crossing_x, crossing_y,
    /// Places inside buildings, by name: name, building, id.
    poi_name, poi_building, poi_id,
}

/// A gazetteer over bytes: a vector, a memory map, anything that lends them.
///
/// Opening verifies the checksums and every reference once; afterwards nothing of it can fail.
#[derive(Debug)]
pub struct Snapshot<B> {
    bytes: B,
    ranges: Vec<std::ops::Range<usize>>,
    index: NameIndex,
    chains: Vec<[u32; 3]>,
    texts: Texts,
}

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// Opens a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError`] for bytes of another kind, release, or pinyin table, and for damage.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::{Snapshot, SnapshotError};
    /// assert!(matches!(Snapshot::open(&b"not a snapshot"[..]), Err(SnapshotError::Foreign(_))));
    /// ```
    pub fn open(bytes: B) -> Result<Self, SnapshotError> {
        let ranges = contents(bytes.as_ref(), COLUMNS, readings().fingerprint())?;
        let (index, chains, texts) = match View::new(bytes.as_ref(), &ranges) {
            Some(view) => {
                view.check()?;
                let chains = (0..view.divisions() as u32).map(|at| view.walk_up(at)).collect();
                (NameIndex::new(&view), chains, Texts::new(&view))
            }
            None => return Err(damaged("a column is missing")),
        };
        Ok(Self { bytes, ranges, index, chains, texts })
    }

    pub(super) fn view(&self) -> View<'_> {
        // Ranges were taken from these very bytes; a type that lends others the second time gets an empty gazetteer.
        let view = View::new(self.bytes.as_ref(), &self.ranges).unwrap_or_default();
        View { chains: &self.chains, texts: Some(&self.texts), ..view }
    }

    pub(super) fn index(&self) -> &NameIndex {
        &self.index
    }

    /// Number of addresses.
    pub fn len(&self) -> usize {
        self.view().room_key.len32()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of names, sites and buildings.
    pub fn sizes(&self) -> [usize; 3] {
        let view = self.view();
        [view.names(), view.sites(), view.buildings()]
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}

impl<'a> View<'a> {
    pub(super) fn names(&self) -> usize {
        self.name_shape.len32()
    }

    pub(super) fn sites(&self) -> usize {
        self.site_division.len32()
    }

    pub(super) fn buildings(&self) -> usize {
        self.building_site.len32()
    }

    pub(super) fn divisions(&self) -> usize {
        self.division_name.len32()
    }

    pub(super) fn level(&self, name: u32) -> Option<Level> {
        self.shape(name).map(|shape| shape.level)
    }

    pub(super) fn shape(&self, name: u32) -> Option<Shape> {
        Shape::unpack(self.name_shape.u32(name as usize))
    }

    /// The units of a name.
    #[inline]
    pub(super) fn name_units(&self, name: u32) -> impl ExactSizeIterator<Item = u16> + use<'a> {
        self.name_text.slice16(self.name_start.range(name as usize))
    }

    pub(super) fn name(&self, name: u32) -> String {
        if name == NONE {
            return String::new();
        }
        match self.texts {
            Some(texts) => texts.name(name).to_owned(),
            None => written(self.name_units(name)),
        }
    }

    pub(super) fn string(&self, string: u32) -> String {
        if let Some(texts) = self.texts
            && let Some(head) = texts.heads.get(string as usize)
        {
            return head.clone();
        }
        written(self.string_text.slice16(self.string_start.range(string as usize)))
    }

    /// The names of a site: district, township, community, road, compound.
    pub(super) fn site_names(&self, site: u32) -> [u32; 5] {
        let at = site as usize;
        let mut names = self.chain_names(self.site_division.u32(at));
        names[3] = self.site_road.u32(at);
        names[4] = self.site_compound.u32(at);
        names
    }

    /// The names of a division and those above it, as the first three of five.
    #[inline]
    pub(super) fn chain_names(&self, lowest: u32) -> [u32; 5] {
        let [district, township, community] = match self.chains.get(lowest as usize) {
            Some(&chain) => chain,
            None => self.walk_up(lowest),
        };
        [district, township, community, NONE, NONE]
    }

    fn walk_up(&self, lowest: u32) -> [u32; 3] {
        let mut names = [NONE; 3];
        let mut division = lowest;
        for _ in 0..4 {
            if division == NONE {
                break;
            }
            let name = self.division_name.u32(division as usize);
            if let Some(level) = self.level(name)
                && level <= Level::Community
            {
                names[level.index()] = name;
            }
            division = self.division_parent.u32(division as usize);
        }
        names
    }

    pub(super) fn site_point(&self, site: u32) -> LatticePoint {
        LatticePoint::new(
            self.site_x.u32(site as usize) as i32,
            self.site_y.u32(site as usize) as i32,
        )
    }

    pub(super) fn division_point(&self, division: u32) -> LatticePoint {
        let at = division as usize;
        LatticePoint::new(self.division_x.u32(at) as i32, self.division_y.u32(at) as i32)
    }

    pub(super) fn building_point(&self, building: u32) -> LatticePoint {
        let at = building as usize;
        LatticePoint::new(self.building_x.u32(at) as i32, self.building_y.u32(at) as i32)
    }

    pub(super) fn room_point(&self, building: u32, room: usize) -> LatticePoint {
        let base = self.building_point(building);
        let offset = |column: Column<'_>| i32::from(column.u16(room) as i16);
        LatticePoint::new(
            base.x.saturating_add(offset(self.room_dx)),
            base.y.saturating_add(offset(self.room_dy)),
        )
    }

    pub(super) fn site_label(&self, site: u32) -> Label {
        Label(self.site_number.u32(site as usize))
    }

    fn check(&self) -> Result<(), SnapshotError> {
        let (names, sites, divisions) = (self.names(), self.sites(), self.divisions());
        let strings = self.string_start.len32().saturating_sub(1);
        self.string_start.check_offsets("strings", strings, self.string_text.len16())?;
        if strings < 2 {
            return Err(damaged("province and city are missing"));
        }
        self.name_start.check_offsets("names", names, self.name_text.len16())?;
        let fits = |at: usize| {
            self.shape(at as u32).is_some_and(|shape| {
                let letters = self.name_start.range(at).len();
                shape == Shape::new(shape.level, letters, shape.core)
            })
        };
        if !(0..names).all(fits) {
            return Err(damaged("kinds of names"));
        }
        self.name_target.check_below("names", names, names)?;
        let classes = readings().weak_classes();
        self.gram_start.check_offsets("sounds", classes * classes, self.gram_names.len32())?;
        let name = |at: usize| (self.gram_names.u32(at) & super::pairs::NAME) as usize;
        if (0..self.gram_names.len32()).any(|at| name(at) >= names) {
            return Err(damaged("references of sounds"));
        }
        self.name_sites_start.check_offsets("sites of names", names, self.name_sites.len32())?;
        self.name_sites.check_below("sites of names", self.name_sites.len32(), sites)?;
        let of_names = self.name_divisions.len32();
        self.name_divisions_start.check_offsets("divisions of names", names, of_names)?;
        self.name_divisions.check_below("divisions of names", of_names, divisions)?;
        self.check_places()?;
        self.check_doors()
    }

    fn check_places(&self) -> Result<(), SnapshotError> {
        let (names, sites, buildings, divisions) =
            (self.names(), self.sites(), self.buildings(), self.divisions());
        same(
            "divisions",
            divisions,
            &[self.division_x, self.division_y, self.division_code_low, self.division_code_high],
        )?;
        self.division_name.check_below("divisions", divisions, names)?;
        self.division_parent.check_below("divisions", divisions, divisions)?;
        let in_divisions = self.division_sites.len32();
        self.division_sites_start.check_offsets("sites of divisions", divisions, in_divisions)?;
        self.division_sites.check_below("sites of divisions", in_divisions, sites)?;
        same("sites", sites, &[self.site_number, self.site_group, self.site_x, self.site_y])?;
        self.site_division.check_below("sites", sites, divisions)?;
        self.site_road.check_below("sites", sites, names)?;
        self.site_compound.check_below("sites", sites, names)?;
        self.site_buildings.check_offsets("buildings of sites", sites, buildings)?;
        let crossings = self.crossing_low.len32();
        self.crossing_low.check_below("crossings", crossings, names)?;
        self.crossing_high.check_below("crossings", crossings, names)?;
        same("crossings", crossings, &[self.crossing_x, self.crossing_y])?;
        let pois = self.poi_name.len32();
        self.poi_name.check_below("places", pois, names)?;
        self.poi_building.check_below("places", pois, buildings)?;
        same("places", pois, &[self.poi_id])
    }

    fn check_doors(&self) -> Result<(), SnapshotError> {
        let (sites, buildings, rooms) = (self.sites(), self.buildings(), self.room_key.len32());
        let strings = self.string_start.len32().saturating_sub(1);
        let building_columns = [
            self.building_label,
            self.building_x,
            self.building_y,
            self.building_grid,
            self.building_id,
        ];
        same("buildings", buildings, &building_columns)?;
        self.building_site.check_below("buildings", buildings, sites)?;
        self.building_words.check_below("buildings", buildings, strings)?;
        self.building_rooms.check_offsets("rooms of buildings", buildings, rooms)?;
        same("rooms", rooms, &[self.room_record])?;
        if self.room_dx.len16() != rooms || self.room_dy.len16() != rooms {
            return Err(damaged("lengths of rooms"));
        }
        let odd = self.odd_room.len32();
        self.odd_room.check_below("odd rooms", odd, rooms)?;
        self.odd_unit.check_below("odd rooms", odd, strings)?;
        self.odd_label.check_below("odd rooms", odd, strings)
    }
}

/// Units as text; three bytes for each is what Chinese takes.
pub(super) fn written(units: impl Iterator<Item = u16>) -> String {
    let mut text = String::with_capacity(units.size_hint().0 * 3);
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
    text
}

/// That columns have as many integers as there are rows.
fn same(what: &str, rows: usize, columns: &[Column<'_>]) -> Result<(), SnapshotError> {
    let fits = columns.iter().all(|column| column.len32() == rows);
    if fits { Ok(()) } else { Err(damaged(format!("lengths of {what}"))) }
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
