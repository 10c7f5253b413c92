//! The description of the API, generated from the routes and their shapes.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::routes::{
    aliases, boundaries, categories, crs, divisions, geocode, geocode_jobs, geocode_results, grids,
    health, incidents, locate, pages, reports, reverse, stats, stream, suggest, tiles,
};

/// Everything a client can call. A test holds it to the [router](crate::router).
#[derive(OpenApi)]
#[openapi(
    info(
        title = "wangge",
        description = "Where is this, whose is it, what is going on: grids, incidents and maps of a city.\n\n\
                       Times are RFC 3339 in UTC. Coordinates are longitude then latitude and name their system. \
                       Failures are RFC 9457 problem documents; `type` leads to an explanation.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    paths(
        reports::incident_report,
        reports::incident_report_batch,
        incidents::incident_list,
        incidents::incident_view,
        locate::locate,
        geocode::geocode_text,
        geocode::geocode_query,
        geocode::geocode_rows,
        suggest::suggest_typed,
        reverse::reverse_point,
        reverse::reverse_query,
        crs::crs_list,
        crs::crs_convert,
        geocode_jobs::geocode_job_upload,
        geocode_jobs::geocode_job_list,
        geocode_jobs::geocode_job_view,
        geocode_jobs::geocode_job_start,
        geocode_jobs::geocode_job_rerun,
        geocode_jobs::geocode_job_cancel,
        geocode_jobs::geocode_job_rows,
        geocode_results::geocode_job_events,
        geocode_results::geocode_job_result,
        aliases::alias_list,
        aliases::alias_view,
        aliases::alias_propose,
        aliases::alias_approve,
        aliases::alias_reject,
        aliases::alias_expire,
        boundaries::boundary_list,
        boundaries::boundary_view,
        boundaries::boundary_publish,
        boundaries::boundary_reroute,
        divisions::division_list,
        divisions::division_view,
        categories::category_list,
        grids::grid_list,
        grids::grid_view,
        stats::wall_view,
        stream::stream_view,
        tiles::layer_list,
        tiles::tilejson_view,
        tiles::tile_view,
        tiles::font_view,
        health::health_view,
        health::ready_view,
        health::metrics_view,
        health::openapi_view,
        pages::problem_list,
        pages::problem_view,
    ),
    components(schemas(
        crate::view::wall::BoundaryPublishedView,
        crate::view::wall::HeartbeatView,
        crate::view::wall::MapVersionView,
        crate::view::wall::ResyncView,
    )),
    modifiers(&Keys),
    security(("bearer" = []), ("api_key" = [])),
    tags(
        (name = "incidents", description = "Reports and what became of them"),
        (name = "places", description = "Where a point lies; divisions and grids"),
        (name = "geocoding", description = "From texts to places and back; what people call them; coordinate systems"),
        (name = "borders", description = "Versions of all borders, and publishing a new one"),
        (name = "wall", description = "What a map wall shows: figures and the live stream"),
        (name = "map", description = "Vector tiles and glyphs"),
        (name = "operation", description = "How the service is"),
        (name = "pages", description = "For people"),
    )
)]
struct Description;

struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key: `wg_<prefix>_<secret>`, made by `wangge key create`."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = ApiKey::Header(ApiKeyValue::new("X-Api-Key"));
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(header));
    }
}

/// The description as a document.
pub fn document() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// The description as text, the same for the same program.
///
/// # Panics
/// Never: the description is plain JSON.
pub fn text() -> String {
    let mut text = document().to_pretty_json().expect("the description is plain JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// `(method, path)` of every route on the page of URLs, read from its text: axum does not tell its routes.
    fn routed() -> BTreeSet<(String, String)> {
        let page = include_str!("router.rs");
        let mut routes = BTreeSet::new();
        for line in page.split(".route(").skip(1) {
            let mut quoted = line.split('"');
            let path = quoted.nth(1).unwrap().to_owned();
            let call = line.split(".route").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                if call.contains(&format!(" {method}(")) || call.contains(&format!(".{method}(")) {
                    routes.insert((method.to_owned(), path.clone()));
                }
            }
        }
        routes
    }

    fn described() -> BTreeSet<(String, String)> {
        let document = serde_json::to_value(document()).unwrap();
        let paths = document["paths"].as_object().unwrap().clone();
        let methods = |(path, item): (String, serde_json::Value)| -> Vec<(String, String)> {
            item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())).collect()
        };
        paths.into_iter().flat_map(methods).collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        assert!(routed().len() > 15, "{:?}", routed());
        assert_eq!(described(), routed());
    }

    #[test]
    fn every_call_is_named_explained_and_can_be_refused() {
        let document = serde_json::to_value(document()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                for member in ["operationId", "summary", "description"] {
                    assert!(
                        call[member].as_str().is_some_and(|text| !text.is_empty()),
                        "{method} {path}: no {member}"
                    );
                }
                assert!(
                    call["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                    "{method} {path}"
                );
                if path.starts_with("/v1/") {
                    let refusal = &call["responses"]["4XX"]["content"]["application/problem+json"];
                    assert!(refusal.is_object(), "{method} {path}: no refusal");
                }
            }
        }
    }

    /// `wangge openapi > api/openapi.json` makes it current.
    #[test]
    fn the_committed_description_is_current() {
        let committed = include_str!("../openapi.json");
        assert!(committed == text(), "api/openapi.json is old: wangge openapi > api/openapi.json");
    }
}
