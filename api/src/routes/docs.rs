//! The page that shows and tries the API, with nothing from other hosts.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::Config;

use crate::error::ApiError;
use crate::problem;
use crate::state::AppState;

/// `/docs` and its files.
pub fn pages() -> Router<AppState> {
    let config = Arc::new(
        Config::new(["/openapi.json"])
            .persist_authorization(true)
            .display_request_duration(true)
            .default_models_expand_depth(0)
            .validator_url("none"),
    );
    let file = move |path: Option<Path<String>>| {
        let config = Arc::clone(&config);
        async move { docs_file(path.as_ref().map_or("", |Path(path)| path.as_str()), config) }
    };
    Router::new()
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(file.clone()))
        .route("/docs/{*file}", get(file))
}

fn docs_file(path: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(path, config) {
        Ok(Some(file)) => {
            let mut response =
                (StatusCode::OK, [(CONTENT_TYPE, file.content_type)], file.bytes).into_response();
            if file.gzpipped {
                let gzip = axum::http::HeaderValue::from_static("gzip");
                response.headers_mut().insert(axum::http::header::CONTENT_ENCODING, gzip);
            }
            response
        }
        Ok(None) => {
            ApiError::new(&problem::UNKNOWN_PATH, format!("there is nothing at /docs/{path}"))
                .into_response()
        }
        Err(error) => ApiError::internal(error.as_ref()).into_response(),
    }
}
