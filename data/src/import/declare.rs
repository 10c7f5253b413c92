//! Which coordinate system the numbers of a file are read in, and who said so. Nothing is ever guessed from the numbers.

use std::path::Path;

use spatial::crs::Crs;

use super::error::ImportError;
use super::source::Source;

/// The choice and its reason.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The system.
    pub crs: Crs,
    /// The system and who said so, for the report.
    pub told: String,
    given: bool,
}

impl Chosen {
    /// For files in which nothing is anywhere.
    pub(super) fn none() -> Self {
        Self { crs: Crs::Wgs84, told: "no coordinates".to_owned(), given: true }
    }
}

/// The system given by the caller, else the one that the file declares, else the one that its format fixes.
///
/// # Errors
/// If none of these says, or the file declares a system that is not read here and the caller gave none.
pub fn choose(path: &Path, source: &dyn Source, given: Option<Crs>) -> Result<Chosen, ImportError> {
    if let Some(crs) = given {
        return Ok(Chosen { crs, told: format!("{crs} as given"), given: true });
    }
    if let Some(declared) = source.declared_crs() {
        return match declared.crs {
            Some(crs) => {
                Ok(Chosen { crs, told: format!("{crs} as the file declares"), given: false })
            }
            None => Err(ImportError::Option(format!(
                "{}: the file declares {:?}, which is not read here: convert it, or give --crs if that is wrong",
                path.display(),
                declared.text
            ))),
        };
    }
    if let Some(crs) = source.default_crs() {
        let told =
            format!("{crs}, the default of GeoJSON (RFC 7946): nothing was declared or given");
        return Ok(Chosen { crs, told, given: false });
    }
    Err(ImportError::Option(format!(
        "{}: the file declares no coordinate system: give --crs wgs84|cgcs2000|gcj02|bd09|EPSG:n",
        path.display()
    )))
}

/// A sentence if the file, now that it has been read, declares another system than it was read in.
pub fn contradiction(source: &dyn Source, chosen: &Chosen) -> Option<String> {
    let declared = source.declared_crs()?;
    if declared.crs == Some(chosen.crs) {
        return None;
    }
    let known = declared.crs.map_or_else(String::new, |crs| format!(" ({crs})"));
    Some(if chosen.given {
        format!(
            "the file declares {:?}{known}, --crs says {}: read as {}",
            declared.text, chosen.crs, chosen.crs
        )
    } else {
        format!(
            "the file declares {:?}{known} only after its features: read as {}",
            declared.text, chosen.crs
        )
    })
}
