//! `GET /api/v1/openapi.json`: what this API offers, for programs that read such descriptions.

use actix_web::HttpResponse;

/// The description, kept by hand; `tests/it/api.rs` holds it against the answers.
const DESCRIPTION: &str = include_str!("openapi.json");

pub(super) async fn get() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(DESCRIPTION)
}
