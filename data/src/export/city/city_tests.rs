use super::layers::ShapeKind;
use super::*;

#[test]
fn every_layer_names_as_many_columns_as_its_query_reads() {
    for layer in LAYERS {
        let select = layer.sql.split("from").next().unwrap_or_default();
        let depth_free = select
            .replace("st_asbinary(geom, 'NDR')", "shape")
            .replace("st_asbinary(b.geom, 'NDR')", "shape");
        // Commas between the columns; the shape is one more, with a comma of its own inside.
        let inner = depth_free.matches("st_asbinary(").count();
        let commas = depth_free.matches(',').count() - inner;
        assert_eq!(commas, layer.columns.len(), "{}", layer.name);
        assert!(layer.sql.contains("order by"), "{} has no order", layer.name);
    }
}

#[test]
fn forms_have_their_names() {
    assert_eq!("gpkg".parse(), Ok(CityForm::GeoPackage));
    assert_eq!("FGB".parse(), Ok(CityForm::FlatGeobuf));
    assert_eq!("geoparquet".parse(), Ok(CityForm::GeoParquet));
    assert!("shp".parse::<CityForm>().unwrap_err().contains("shp"));
    assert_eq!(ShapeKind::MultiPolygon.name(), "MultiPolygon");
}

/// Rows of a layer of points and one of areas, as the database would send them.
fn feature_of(shape: &geo_types::Geometry<f64>, cells: Vec<Cell>) -> Feature {
    use geozero::{CoordDimensions, ToWkb};
    let geometry = shape.to_wkb(CoordDimensions::xy()).unwrap();
    let bounds = wkb::bounds(&geometry).unwrap();
    Feature { cells, geometry, bounds }
}

fn layer(name: &str) -> &'static Layer {
    LAYERS.iter().find(|layer| layer.name == name).unwrap()
}

const COUNT: usize = 2500;

fn roads() -> Vec<Feature> {
    let one = |n: usize| {
        let at = |step: f64| geo_types::Coord { x: 103.8 + n as f64 * 1e-4 + step, y: 36.0 + step };
        let line = geo_types::LineString(vec![at(0.0), at(0.001), at(0.0035)]);
        let name = if n.is_multiple_of(7) { Cell::Null } else { Cell::Text(format!("第{n}路")) };
        feature_of(&line.into(), vec![Cell::Whole(n as i64), name, Cell::Text("lane".to_owned())])
    };
    (0..COUNT).map(one).collect()
}

fn written(form: CityForm) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (sender, receiver) = mpsc::channel(16);
    for message in [
        Message::Begin(layer("road")),
        Message::Rows(roads()),
        Message::Begin(layer("water")),
        Message::Rows(vec![]),
        Message::Finish,
    ] {
        sender.try_send(message).ok().unwrap();
    }
    let reports = write(folder.path(), form, receiver).unwrap();
    let expected =
        [("road", COUNT as u64), ("water", 0)].map(|(layer, rows)| LayerReport { layer, rows });
    assert_eq!(reports, expected);
    folder
}

#[test]
fn geoparquet_has_the_metadata_of_the_standard_and_the_shapes_byte_for_byte() {
    use arrow::array::{Array, BinaryArray, Int64Array, StringArray, StructArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let folder = written(CityForm::GeoParquet);
    let file = std::fs::File::open(folder.path().join("road.parquet")).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let pairs = builder.metadata().file_metadata().key_value_metadata().unwrap();
    let geo =
        pairs.iter().find(|pair| pair.key == "geo").and_then(|pair| pair.value.clone()).unwrap();
    let geo: serde_json::Value = serde_json::from_str(&geo).unwrap();
    assert_eq!((&geo["version"], &geo["primary_column"]), (&"1.1.0".into(), &"geometry".into()));
    let column = &geo["columns"]["geometry"];
    assert_eq!(
        (&column["encoding"], &column["geometry_types"][0]),
        (&"WKB".into(), &"LineString".into())
    );
    assert_eq!(
        (&column["crs"]["id"]["authority"], &column["crs"]["id"]["code"]),
        (&"OGC".into(), &"CRS84".into())
    );
    let around =
        roads().iter().map(|road| road.bounds).fold(wkb::Bounds::NOTHING, wkb::Bounds::joined);
    assert_eq!(
        column["bbox"],
        serde_json::json!([around.west, around.south, around.east, around.north])
    );

    let expected = roads();
    let mut at = 0;
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let typed = |name: &str| batch.column_by_name(name).unwrap();
        let ids = typed("road_id").as_any().downcast_ref::<Int64Array>().unwrap();
        let names = typed("name").as_any().downcast_ref::<StringArray>().unwrap();
        let shapes = typed("geometry").as_any().downcast_ref::<BinaryArray>().unwrap();
        assert_eq!(typed("bbox").as_any().downcast_ref::<StructArray>().unwrap().num_columns(), 4);
        for row in 0..batch.num_rows() {
            let road = &expected[at];
            assert_eq!(ids.value(row), at as i64);
            assert_eq!(names.is_null(row), road.cells[1] == Cell::Null);
            assert_eq!(shapes.value(row), road.geometry);
            at += 1;
        }
    }
    assert_eq!(at, COUNT);
}

#[test]
fn flatgeobuf_is_read_back_by_its_own_reader_through_the_index() {
    use ::flatgeobuf::{FallibleStreamingIterator, FgbReader, GeometryType};
    use geozero::{CoordDimensions, ToWkb};

    let folder = written(CityForm::FlatGeobuf);
    let open =
        || std::io::BufReader::new(std::fs::File::open(folder.path().join("road.fgb")).unwrap());
    let mut file = open();
    let reader = FgbReader::open(&mut file).unwrap();
    assert_eq!(reader.header().geometry_type(), GeometryType::LineString);
    assert_eq!(reader.header().crs().map(|crs| crs.code()), Some(4326));
    let mut shapes: Vec<Vec<u8>> = Vec::new();
    let mut features = reader.select_all().unwrap();
    while let Some(feature) = features.next().unwrap() {
        shapes.push(feature.to_wkb(CoordDimensions::xy()).unwrap());
    }
    let mut expected: Vec<Vec<u8>> = roads().into_iter().map(|road| road.geometry).collect();
    shapes.sort();
    expected.sort();
    assert_eq!(shapes, expected);
    let mut file = open();
    let mut some =
        FgbReader::open(&mut file).unwrap().select_bbox(103.81, 36.0, 103.8101, 36.0001).unwrap();
    let mut found = 0;
    while some.next().unwrap().is_some() {
        found += 1;
    }
    assert!((1..100).contains(&found), "{found} roads in a small box");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_geopackage_has_both_layers_their_boxes_and_an_index_that_agrees() {
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

    let folder = tokio::task::spawn_blocking(|| written(CityForm::GeoPackage)).await.unwrap();
    let file = folder.path().join("city.gpkg");
    let mut connection =
        SqliteConnectOptions::new().filename(&file).read_only(true).connect().await.unwrap();
    let contents: Vec<(String, Option<f64>, i32)> =
        sqlx::query_as("select table_name, min_x, srs_id from gpkg_contents order by 1")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    let around =
        roads().iter().map(|road| road.bounds).fold(wkb::Bounds::NOTHING, wkb::Bounds::joined);
    assert_eq!(
        contents,
        [("road".to_owned(), Some(around.west), 4326), ("water".to_owned(), None, 4326)]
    );
    let blobs: Vec<(i64, Vec<u8>)> = sqlx::query_as("select road_id, geom from road order by fid")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for ((id, blob), road) in blobs.iter().zip(roads()) {
        assert_eq!(Cell::Whole(*id), road.cells[0]);
        assert_eq!((&blob[..4], &blob[40..]), (&[b'G', b'P', 0, 3][..], &road.geometry[..]));
    }
    assert_eq!(blobs.len(), COUNT);
    let stray: i64 = sqlx::query_scalar(
        "select count(*) from road left join rtree_road_geom r on r.id = road.fid
         where r.id is null or r.maxx - r.minx not between 0.0034 and 0.0036",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(stray, 0, "rows beside the index");
}

#[test]
fn a_stream_that_breaks_off_leaves_no_file() {
    for form in [CityForm::GeoPackage, CityForm::FlatGeobuf, CityForm::GeoParquet] {
        let folder = tempfile::tempdir().unwrap();
        let (sender, receiver) = mpsc::channel(4);
        sender.try_send(Message::Begin(layer("road"))).ok().unwrap();
        sender.try_send(Message::Rows(roads())).ok().unwrap();
        drop(sender);
        write(folder.path(), form, receiver).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{form:?}");
    }
}
