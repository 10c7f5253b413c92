//! The function.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use data::import::locate_file::{Areas, LocateFile, OutputFormat};
use data::import::source::OpenOptions;
use datafusion::arrow::array::{Array, AsArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use spatial::crs::{LngLat, Wgs84};
use spatial::lattice::LatticePoint;

/// Reads the grids of a file (any map format) in their declared system.
///
/// # Errors
/// When the file cannot be read or holds no area.
pub fn areas(grids: &Path) -> anyhow::Result<Areas> {
    let options = LocateFile {
        grids: grids.to_owned(),
        grids_crs: None,
        grids_open: OpenOptions::default(),
        grids_map: Vec::new(),
        points: "-".into(),
        points_crs: None,
        points_open: OpenOptions::default(),
        output: OutputFormat::Csv,
        threads: 1,
    };
    Ok(Areas::read(&options)?.0)
}

/// `locate(lng, lat)`: degrees WGS 84 to the code of the grid; null outside all, and for what is no place.
///
/// # Errors
/// As [`areas`].
pub fn locate(grids: &Path) -> anyhow::Result<ScalarUDF> {
    Ok(ScalarUDF::new_from_impl(LocateFunction {
        areas: Arc::new(areas(grids)?),
        signature: Signature::exact(
            vec![DataType::Float64, DataType::Float64],
            Volatility::Immutable,
        ),
    }))
}

struct LocateFunction {
    areas: Arc<Areas>,
    signature: Signature,
}

impl ScalarUDFImpl for LocateFunction {
    fn name(&self) -> &str {
        "locate"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let (lng, lat) =
            (arrays[0].as_primitive::<Float64Type>(), arrays[1].as_primitive::<Float64Type>());
        let codes: StringArray = faces(&self.areas, lng, lat)
            .into_iter()
            .map(|face| self.areas.names().get(face? as usize).map(|(code, _)| code.as_str()))
            .collect();
        Ok(ColumnarValue::Array(Arc::new(codes)))
    }
}

/// The number of each point's area.
pub fn faces(areas: &Areas, lng: &Float64Array, lat: &Float64Array) -> Vec<Option<u32>> {
    let place = |row: usize| {
        let is_there = lng.is_valid(row) && lat.is_valid(row);
        let place = LngLat::<Wgs84>::new(lng.value(row), lat.value(row));
        place.ok().filter(|_| is_there).map(LatticePoint::nearest)
    };
    let places: Vec<Option<LatticePoint>> = (0..lng.len()).map(place).collect();
    let points: Vec<LatticePoint> = places.iter().map(|place| place.unwrap_or_default()).collect();
    let mut found = vec![None; points.len()];
    areas.locate(&points, &mut found);
    // What is no place was looked up somewhere.
    for (place, answer) in places.iter().zip(&mut found) {
        *answer = answer.filter(|_| place.is_some());
    }
    found
}

impl std::fmt::Debug for LocateFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocateFunction").field("areas", &self.areas.len()).finish_non_exhaustive()
    }
}

/// Two are the same when they look into the same areas.
impl PartialEq for LocateFunction {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.areas, &other.areas)
    }
}

impl Eq for LocateFunction {}

impl Hash for LocateFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.areas).hash(state);
    }
}
