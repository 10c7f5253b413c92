//! Tiles, their TileJSON and glyphs. Tiles carry no scope: they show the ground and the borders, never an incident.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST, VARY};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use tiles::{Gzipped, TileAnswer, TileError};

use crate::assets::{accepts_gzip, is_match};
use crate::error::{ApiError, Result};
use crate::extract::Path;
use crate::problem;
use crate::state::AppState;

/// A tile of a map version never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Glyphs change when the fonts of the machine do.
const A_DAY: &str = "public, max-age=86400";

/// One vector tile
///
/// Mapbox Vector Tile, gzip. A tile of a map version never changes; a version that is no longer drawn is answered
/// with `tile-version-gone` and the current one. 204 where the map is empty.
#[utoipa::path(
    get, path = "/tiles/{layer}/{version}/{z}/{x}/{y}", tag = "map", security(()),
    params(
        ("layer" = String, Path, description = "A layer of `GET /tiles`"),
        ("version" = u32, Path, description = "Map version, from the TileJSON"),
        ("z" = u8, Path, description = "Zoom level"),
        ("x" = u32, Path, description = "Column, from the west"),
        ("y" = u32, Path, description = "Row, from the north"),
    ),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "Nothing is there"),
        (status = 304, description = "As you have it"),
        (status = "4XX", description = "Refused", body = crate::view::problem::ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = crate::view::problem::ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn tile_view(
    State(state): State<AppState>,
    Path((layer, version, z, x, y)): Path<(String, u32, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response<Body>> {
    match state.tiles().tile(&layer, version, z, x, y).await? {
        TileAnswer::Drawn(tile) => {
            Ok(body(&headers, &tile, "application/vnd.mapbox-vector-tile", FOR_EVER))
        }
        TileAnswer::Empty => {
            Ok((StatusCode::NO_CONTENT, [(CACHE_CONTROL, FOR_EVER)]).into_response())
        }
    }
}

/// Layers of the map
///
/// The name of each layer and its zoom levels; each has a TileJSON at `/tiles/{layer}`.
#[utoipa::path(
    get, path = "/tiles", tag = "map", security(()),
    responses((status = 200, description = "The layers", body = Vec<crate::view::map::LayerView>))
)]
pub async fn layer_list(State(state): State<AppState>) -> impl IntoResponse {
    let layers: Vec<_> =
        state.tiles().layers().iter().map(crate::view::map::LayerView::from).collect();
    Json(layers)
}

/// What a map client has to know about a layer
///
/// TileJSON 3.0.0 with the address of the tiles of the current map version.
#[utoipa::path(
    get, path = "/tiles/{layer}", tag = "map", security(()),
    params(("layer" = String, Path, description = "A layer of `GET /tiles`")),
    responses(
        (status = 200, description = "TileJSON", body = Object),
        (status = "4XX", description = "Refused", body = crate::view::problem::ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn tilejson_view(
    State(state): State<AppState>,
    Path(layer): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let base_url = base_url(state.public_url(), &headers)?;
    let tilejson = state.tiles().tilejson(&layer, &base_url)?;
    Ok(([(CACHE_CONTROL, "no-cache"), (VARY, "host")], Json(tilejson)))
}

/// Glyphs of a font stack
///
/// Signed distance fields of 256 code points, as the glyphs address of a MapLibre style asks for.
#[utoipa::path(
    get, path = "/fonts/{stack}/{range}", tag = "map", security(()),
    params(
        ("stack" = String, Path, description = "Font names, comma-separated"),
        ("range" = String, Path, description = "`<start>-<end>.pbf`, such as `19968-20223.pbf`"),
    ),
    responses(
        (status = 200, description = "The glyphs", body = Vec<u8>, content_type = "application/x-protobuf"),
        (status = "4XX", description = "Refused", body = crate::view::problem::ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn font_view(
    State(state): State<AppState>,
    Path((stack, range)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>> {
    let (start, end) = range
        .strip_suffix(".pbf")
        .and_then(|range| range.split_once('-'))
        .and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)))
        .ok_or_else(|| {
            ApiError::parameter("range", format!("got {range:?}, it has the form 0-255.pbf"))
        })?;
    let glyphs = state.tiles().font_range(&stack, start, end).await?;
    Ok(body(&headers, &glyphs, "application/x-protobuf", A_DAY))
}

/// A stored body, compressed or not, or the news that the caller has it.
fn body(headers: &HeaderMap, stored: &Gzipped, mime: &str, cache: &str) -> Response<Body> {
    let gzip = accepts_gzip(headers);
    let etag = if gzip { stored.etag().to_owned() } else { stored.identity_etag() };
    let shared = [(ETAG, etag.as_str()), (CACHE_CONTROL, cache), (VARY, "accept-encoding")];
    if is_match(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, shared).into_response();
    }
    if gzip {
        let encoded = [(CONTENT_TYPE, mime), (CONTENT_ENCODING, "gzip")];
        return (shared, encoded, stored.bytes().clone()).into_response();
    }
    (shared, [(CONTENT_TYPE, mime)], stored.decode()).into_response()
}

/// The service as the caller sees it: as configured, else by the host it was asked for.
fn base_url(public_url: Option<&str>, headers: &HeaderMap) -> Result<String> {
    if let Some(url) = public_url {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority: Authority =
        host.parse().map_err(|_| ApiError::parameter("Host", "got none or no host name"))?;
    Ok(format!("http://{authority}"))
}

impl From<TileError> for ApiError {
    fn from(error: TileError) -> Self {
        match (&error, error.kind()) {
            (TileError::OtherVersion { current, .. }, _) => {
                Self::new(&problem::TILE_VERSION_GONE, error.to_string())
                    .with_current_version(*current)
            }
            (_, tiles::ErrorKind::Invalid) => {
                Self::new(&problem::INVALID_PARAMETER, error.to_string())
            }
            (_, tiles::ErrorKind::NotFound) => Self::new(&problem::NOT_FOUND, error.to_string()),
            (_, tiles::ErrorKind::Unavailable) => {
                tracing::warn!(error.chain = crate::error::chain(&error), "no tile: {error}");
                Self::unavailable(error.to_string())
            }
            (_, tiles::ErrorKind::Internal) => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn tiles_are_addressed_by_the_host_that_was_asked() {
        let asked =
            |host: &'static str| HeaderMap::from_iter([(HOST, HeaderValue::from_static(host))]);
        assert_eq!(base_url(None, &asked("wall.lan:8080")).unwrap(), "http://wall.lan:8080");
        assert_eq!(base_url(Some("https://city/"), &asked("x")).unwrap(), "https://city");
        assert!(base_url(None, &asked("a b/<script>")).is_err());
        assert!(base_url(None, &HeaderMap::new()).is_err());
    }
}
