//! `/openapi.json`, and the interactive page over it, served from the binary.

mod accounts;
mod charts;
mod collections;
mod document;
mod names;
mod operation;
mod organisation;
mod problems;
mod records;
mod service;
mod shapes;

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use super::problem::ApiError;

pub use document::document;

/// What the interactive page may load: its own files. It styles elements
/// inline, and shows pictures that it carries as `data:`.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The page. Its addresses are absolute, so that it works with and without
/// the slash at the end of `/docs/`.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<title>Wathiqa</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script>
<script src="/docs/swagger-initializer.js"></script>
</body>
</html>
"#;

/// `GET /openapi.json`.
pub(crate) async fn json() -> Result<HttpResponse, ApiError> {
    static BODY: LazyLock<Result<String, serde_json::Error>> =
        LazyLock::new(|| document().to_json());
    match &*BODY {
        Ok(body) => Ok(HttpResponse::Ok().content_type("application/json").body(body.as_str())),
        Err(error) => Err(ApiError::Internal(error.to_string().into())),
    }
}

/// `GET /docs` and `GET /docs/`.
pub(crate) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(PAGE)
}

/// `GET /docs/{asset}`: a file of the page.
pub(crate) async fn asset(asset: web::Path<String>) -> Result<HttpResponse, ApiError> {
    if asset.is_empty() || *asset == "index.html" {
        return Ok(page().await);
    }
    let file = utoipa_swagger_ui::serve(&asset, Arc::new(Config::from("/openapi.json")))
        .map_err(|error| ApiError::Internal(error.to_string().into()))?
        .ok_or(ApiError::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if file.gzpipped {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(file.bytes.into_owned()))
}
