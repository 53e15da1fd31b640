//! The ceiling: a server that reads a body and answers 204, and does nothing else.
//!
//! `limit read|raw PORT`. `read` finds the site by a route pattern, as the framework is used by most; `raw` cuts
//! the path by hand, as the product does. One worker, loopback only.

use actix_web::http::Method;
use actix_web::web::{Bytes, Path, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

async fn read(site: Path<String>, body: Bytes) -> HttpResponse {
    std::hint::black_box((site, body));
    HttpResponse::NoContent().finish()
}

async fn raw(request: HttpRequest, body: Bytes) -> HttpResponse {
    let site = request.path().strip_prefix("/r/");
    match site.filter(|site| !site.contains('/') && request.method() == Method::POST) {
        Some(site) => {
            std::hint::black_box((site, body));
            HttpResponse::NoContent().finish()
        }
        None => HttpResponse::NotFound().finish(),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (mode, port) = match arguments.as_slice() {
        [mode, port] if mode == "read" || mode == "raw" => (mode.clone(), port.parse::<u16>()),
        _ => return Err(std::io::Error::other("usage: limit read|raw PORT")),
    };
    let port = port.map_err(std::io::Error::other)?;
    HttpServer::new(move || match mode.as_str() {
        "raw" => App::new().default_service(post().to(raw)),
        _ => App::new().route("/r/{site}", post().to(read)),
    })
    .workers(1)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}
