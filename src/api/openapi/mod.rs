//! `/openapi.json`, and the interactive page over it, served from the binary.

mod accounts;
mod charts;
mod collections;
mod document;
mod english;
mod examples;
mod names;
mod operation;
mod organisation;
mod problems;
mod records;
mod service;
mod shapes;

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use utoipa_swagger_ui::Config;

use super::language::Language;
use super::problem::ApiError;

use document::document;

/// What the interactive page may load: its own files. It styles elements
/// inline, and shows pictures that it carries as `data:`.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The page. Its addresses are absolute, so that it works with and without the slash at the
/// end of `/docs/`.
const PAGE: &str = include_str!("page/page.html");

/// Files of the page beside those of Swagger UI, with their content types.
const FILES: [(&str, &str, &str); 2] = [
    ("wathiqa.js", "text/javascript; charset=utf-8", include_str!("page/wathiqa.js")),
    ("wathiqa.css", "text/css; charset=utf-8", include_str!("page/wathiqa.css")),
];

/// The description as it is published: with examples, in French unless in English.
pub fn published(in_english: bool) -> Value {
    published_in(if in_english { Language::English } else { Language::French })
}

fn published_in(language: Language) -> Value {
    let mut document = serde_json::to_value(document()).unwrap_or_default();
    examples::add(&mut document, language);
    if language == Language::English {
        english::translate(&mut document);
    }
    document
}

/// `GET /openapi.json`, in French or, to whoever prefers it, in English; `?lang=en` asks for
/// it too, for pages that cannot set a header.
pub(crate) async fn json(request: HttpRequest) -> HttpResponse {
    static FRENCH: LazyLock<String> = LazyLock::new(|| published(false).to_string());
    static ENGLISH: LazyLock<String> = LazyLock::new(|| published(true).to_string());
    let (tag, body) = match language(&request) {
        Language::English => ("en", &*ENGLISH),
        _ => ("fr", &*FRENCH),
    };
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_LANGUAGE, tag))
        .insert_header((header::VARY, "Accept-Language"))
        .body(body.as_str())
}

/// The language that the query names, else the one that the headers prefer.
fn language(request: &HttpRequest) -> Language {
    match url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .map(|(_, tag)| tag)
        .as_deref()
    {
        Some("en") => Language::English,
        Some(_) => Language::French,
        None => Language::of(request.headers()),
    }
}

/// `GET /docs` and `GET /docs/`, in the language of [`json`].
pub(crate) async fn page(request: HttpRequest) -> HttpResponse {
    let tag = if language(&request) == Language::English { "en" } else { "fr" };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header((header::CONTENT_LANGUAGE, tag))
        .insert_header((header::VARY, "Accept-Language"))
        .body(PAGE.replace("{lang}", tag))
}

/// `GET /docs/{asset}`: a file of the page.
pub(crate) async fn asset(
    asset: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    if asset.is_empty() || *asset == "index.html" {
        return Ok(page(request).await);
    }
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if let Some((_, content_type, text)) = FILES.iter().find(|(name, _, _)| *name == *asset) {
        return Ok(answer.content_type(*content_type).body(*text));
    }
    let file = utoipa_swagger_ui::serve(&asset, Arc::new(Config::from("/openapi.json")))
        .map_err(|error| ApiError::Internal(error.to_string().into()))?
        .ok_or(ApiError::NotFound)?;
    answer.content_type(file.content_type);
    if file.gzpipped {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(file.bytes.into_owned()))
}
