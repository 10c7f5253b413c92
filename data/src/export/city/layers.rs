//! The layers: what each is, and the query that reads it. `$1` is the boundary version; the shape comes last.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// Whole numbers of the database's four bytes.
    Whole,
    Real,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Type,
}

/// The kind of shape of all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShapeKind {
    Point,
    LineString,
    Polygon,
    MultiPolygon,
}

impl ShapeKind {
    /// Its name in the formats' own words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::LineString => "LineString",
            Self::Polygon => "Polygon",
            Self::MultiPolygon => "MultiPolygon",
        }
    }
}

/// One layer; its name is the table's.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) name: &'static str,
    pub(super) shape: ShapeKind,
    pub(super) columns: &'static [Column],
    pub(super) sql: &'static str,
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Type::Text }
}

const fn whole(name: &'static str) -> Column {
    Column { name, kind: Type::Whole }
}

const fn real(name: &'static str) -> Column {
    Column { name, kind: Type::Real }
}

pub(super) static LAYERS: &[Layer] = &[
    Layer {
        name: "division",
        shape: ShapeKind::MultiPolygon,
        columns: &[
            text("code"), text("level"), text("kind"), text("name"), text("parent_code"), whole("people"),
        ],
        sql: "select code, level, kind, name, parent_code, people, st_asbinary(geom, 'NDR')
            from division
            where valid @> $1
            order by code",
    },
    Layer {
        name: "grid",
        shape: ShapeKind::MultiPolygon,
        columns: &[
            text("code"), text("kind"), text("name"), text("community_code"), whole("people"), real("area_m2"),
        ],
        sql: "select code, kind, name, community_code, people, area_m2, st_asbinary(geom, 'NDR')
            from grid
            where valid @> $1
            order by code",
    },
    Layer {
        name: "building",
        shape: ShapeKind::Polygon,
        columns: &[
            whole("building_id"), text("name"), text("compound"), text("kind"), whole("storeys"), whole("people"),
            text("grid_code"),
        ],
        sql: "select b.building_id, b.name, b.compound, b.kind, b.storeys, b.people, g.code,
                st_asbinary(b.geom, 'NDR')
            from building b
            left join grid g on g.grid_id = b.grid_id and $1 is not null
            order by b.building_id",
    },
    Layer {
        name: "address",
        shape: ShapeKind::Point,
        columns: &[
            whole("address_id"), text("full_text"), text("district"), text("township"), text("community"), text("road"),
            text("house_no"), text("compound"), text("building_no"), text("unit"), text("room"), whole("building_id"),
            text("grid_code"),
        ],
        sql: "select a.address_id, a.full_text, a.district, a.township, a.community, a.road, a.house_no, a.compound,
                a.building_no, a.unit, a.room, a.building_id, g.code, st_asbinary(a.geom, 'NDR')
            from address a
            left join grid g on g.grid_id = a.grid_id and $1 is not null
            order by a.address_id",
    },
    Layer {
        name: "road",
        shape: ShapeKind::LineString,
        columns: &[whole("road_id"), text("name"), text("class")],
        sql: "select road_id, name, class, st_asbinary(geom, 'NDR')
            from road
            where $1 is not null
            order by road_id",
    },
    Layer {
        name: "water",
        shape: ShapeKind::MultiPolygon,
        columns: &[whole("water_id"), text("name")],
        sql: "select water_id, name, st_asbinary(geom, 'NDR')
            from water
            where $1 is not null
            order by water_id",
    },
    Layer {
        name: "poi",
        shape: ShapeKind::Point,
        columns: &[whole("poi_id"), text("name"), text("kind"), whole("address_id"), whole("building_id"), text("grid_code")],
        sql: "select p.poi_id, p.name, p.kind, p.address_id, p.building_id, g.code, st_asbinary(p.geom, 'NDR')
            from poi p
            left join grid g on g.grid_id = p.grid_id and $1 is not null
            order by p.poi_id",
    },
    Layer {
        name: "legal_entity",
        shape: ShapeKind::Point,
        columns: &[
            whole("legal_entity_id"), text("code"), text("name"), text("kind"), whole("address_id"),
            whole("building_id"), text("grid_code"),
        ],
        sql: "select e.legal_entity_id, e.code, e.name, e.kind, e.address_id, e.building_id, g.code,
                st_asbinary(e.geom, 'NDR')
            from legal_entity e
            left join grid g on g.grid_id = e.grid_id and $1 is not null
            order by e.legal_entity_id",
    },
];
