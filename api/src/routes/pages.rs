//! What people open in a browser: the built pages, the explanations of problems, and everything that is not there.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Method, Response};
use axum::response::{Html, IntoResponse};

use crate::assets;
use crate::error::{ApiError, Result};
use crate::extract::Path;
use crate::problem::{self, CATALOGUE, Problem};

/// Whatever no other route takes: a file of the browser build, or nothing.
pub async fn page_view(request: Request) -> Response<Body> {
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read.then(|| assets::answer(path, request.headers())).flatten().unwrap_or_else(|| {
        ApiError::new(&problem::UNKNOWN_PATH, format!("there is nothing at {path}")).into_response()
    })
}

/// A path that is there, asked in a way that it does not know.
pub async fn method_refused(request: Request) -> ApiError {
    let detail = format!("{} does not take {}", request.uri().path(), request.method());
    ApiError::new(&problem::METHOD_NOT_ALLOWED, detail)
}

/// The catalogue of problems
///
/// A page for people: every value that `type` of a problem document can have.
#[utoipa::path(
    get, path = "/problems", tag = "pages", security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"))
)]
pub async fn problem_list() -> impl IntoResponse {
    let entries: Vec<String> = CATALOGUE
        .iter()
        .map(|problem| {
            format!(
                "<tr><td>{}<td><a href=\"{}\">{}</a><td>{}<td>{}\n",
                problem.status.as_u16(),
                problem.uri(),
                problem.slug,
                problem.title,
                problem.title_zh
            )
        })
        .collect();
    html(
        "Problems 错误类型",
        &format!("<table><tr><th>status<th>type<th>title<th>标题\n{}</table>", entries.concat()),
    )
}

/// One problem explained
///
/// A page for people, at the address that `type` of a problem document names.
#[utoipa::path(
    get, path = "/problems/{slug}", tag = "pages", security(()),
    params(("slug" = String, Path, description = "Last part of the type")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "No such problem", body = crate::view::problem::ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn problem_view(Path(slug): Path<String>) -> Result<impl IntoResponse> {
    let problem =
        Problem::named(&slug).ok_or_else(|| ApiError::not_found("problem", format!("{slug:?}")))?;
    let body = format!(
        "<p><code>{}</code> · HTTP {}</p><p>{}</p><h2>{}</h2><p>{}</p><p><a href=\"/problems\">All problems 全部错误类型</a></p>",
        problem.uri(),
        problem.status,
        problem.advice,
        problem.title_zh,
        problem.advice_zh
    );
    Ok(html(problem.title, &body))
}

fn html(title: &str, body: &str) -> impl IntoResponse + use<> {
    let page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem}}\
         td,th{{text-align:left;padding:.2rem 1rem .2rem 0}}</style>\n<h1>{title}</h1>\n{body}\n</html>\n"
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "max-age=3600")], Html(page))
}
