//! The pages: what `web/` built, carried inside the binary, with caching and compression.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, Response, StatusCode};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;

/// What the browser build left in `web/dist`.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
struct Dist;

/// Below this many bytes compression gains nothing.
const WORTH_COMPRESSING_BYTES: usize = 512;

/// Compressed once, kept by `ETag` (so a file that changes during development is compressed anew).
static COMPRESSED: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);

/// The bytes of a file of the browser build.
pub fn file(path: &str) -> Option<Bytes> {
    Dist::get(path).map(|file| Bytes::from(file.data.into_owned()))
}

/// The names of all files of the browser build.
pub fn names() -> impl Iterator<Item = std::borrow::Cow<'static, str>> {
    Dist::iter()
}

/// Answers for a path: `/` is the landing page, `/wall` is `wall.html`. `None` when there is no such file.
pub fn answer(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let (name, file) = find(path)?;
    let mime = mime_of(&name, file.metadata.mimetype());
    let etag = hex::encode(file.metadata.sha256_hash().get(..12)?);
    let gzip =
        accepts_gzip(headers) && is_text(&mime) && file.data.len() >= WORTH_COMPRESSING_BYTES;
    let etag = if gzip { format!("\"{etag}-gz\"") } else { format!("\"{etag}\"") };
    let response = Response::builder()
        .header(ETAG, &etag)
        .header(CACHE_CONTROL, cache_rule(&name))
        .header(VARY, "accept-encoding");
    if is_match(headers, &etag) {
        return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).ok();
    }
    let response = response.header(CONTENT_TYPE, &mime);
    if gzip {
        let body = compressed(&etag, &file.data);
        return response.header(CONTENT_ENCODING, "gzip").body(Body::from(body)).ok();
    }
    response.body(Body::from(file.data.into_owned())).ok()
}

/// Whether an `If-None-Match` header names this `ETag` (weak comparison, RFC 9110 §13.1.2).
pub fn is_match(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == etag || tag == "*")
    })
}

/// Whether the caller takes gzip.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',').any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            parts.next() == Some("gzip")
                && !parts.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    })
}

fn find(path: &str) -> Option<(String, rust_embed::EmbeddedFile)> {
    let path = path.trim_start_matches('/');
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let candidates = if path.is_empty() {
        vec!["index.html".to_owned()]
    } else {
        vec![path.to_owned(), format!("{}.html", path.trim_end_matches('/'))]
    };
    candidates.into_iter().find_map(|name| Dist::get(&name).map(|file| (name, file)))
}

/// File names under `assets/` carry a hash of their content, so they never change.
fn cache_rule(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn mime_of(name: &str, guess: &str) -> String {
    match name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8".to_owned(),
        Some("html") => "text/html; charset=utf-8".to_owned(),
        Some("js" | "mjs") => "text/javascript; charset=utf-8".to_owned(),
        Some("css") => "text/css; charset=utf-8".to_owned(),
        _ => guess.to_owned(),
    }
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/")
        || ["application/json", "application/javascript", "image/svg+xml", "application/wasm"]
            .iter()
            .any(|text| mime.starts_with(text))
}

fn compressed(etag: &str, plain: &[u8]) -> Bytes {
    let mut kept = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(body) = kept.get(etag) {
        return body.clone();
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::new(6));
    encoder.write_all(plain).expect("writing to memory does not fail");
    let body = Bytes::from(encoder.finish().expect("writing to memory does not fail"));
    kept.insert(etag.to_owned(), body.clone());
    body
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(name: axum::http::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn gzip_is_used_only_when_it_is_accepted() {
        assert!(accepts_gzip(&headers(ACCEPT_ENCODING, "br, gzip;q=0.8")));
        assert!(!accepts_gzip(&headers(ACCEPT_ENCODING, "br, gzip;q=0")));
        assert!(!accepts_gzip(&headers(ACCEPT_ENCODING, "identity")));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn an_etag_matches_in_a_list_weak_or_not() {
        assert!(is_match(&headers(IF_NONE_MATCH, "\"a\", W/\"b\""), "\"b\""));
        assert!(is_match(&headers(IF_NONE_MATCH, "*"), "\"b\""));
        assert!(!is_match(&headers(IF_NONE_MATCH, "\"a\""), "\"b\""));
    }

    #[test]
    fn nothing_outside_the_build_is_served() {
        for path in ["/../Cargo.toml", "/assets/../../Cargo.toml", "/..", "/no-such-file"] {
            assert!(answer(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }

    #[test]
    fn the_landing_page_is_always_there() {
        let answer = answer("/", &HeaderMap::new()).unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    }
}
