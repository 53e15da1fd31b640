//! Style, scripts, icon. [`Asset`] knows its address, which holds a hash of what it is: a browser may keep
//! it for ever, and a new program brings a new address.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Path;

/// A file of ours.
pub(super) struct Asset {
    name: &'static str,
    media: &'static str,
    text: &'static str,
    path: LazyLock<String>,
}

macro_rules! assets {
    ($($asset:ident: $name:literal, $media:literal;)+) => {
        $(pub(super) static $asset: Asset = Asset {
            name: $name,
            media: $media,
            text: include_str!(concat!("assets/", $name)),
            path: LazyLock::new(|| address($name, include_str!(concat!("assets/", $name)))),
        };)+

        static ALL: &[&Asset] = &[$(&$asset),+];
    };
}

assets! {
    STYLE: "style.css", "text/css; charset=utf-8";
    LIVE: "live.js", "text/javascript; charset=utf-8";
    LOGIN: "login.js", "text/javascript; charset=utf-8";
    ICON: "icon.svg", "image/svg+xml";
}

impl Asset {
    /// Where browsers find it.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

fn address(name: &str, text: &str) -> String {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    format!("/assets/{}/{name}", &hash[..16])
}

pub(super) async fn get(asked: Path<(String, String)>) -> HttpResponse {
    let (hash, name) = asked.into_inner();
    let path = format!("/assets/{hash}/{name}");
    match ALL
        .iter()
        .find(|asset| asset.name == name && asset.path() == path)
    {
        Some(asset) => HttpResponse::Ok()
            .content_type(asset.media)
            .insert_header(("Cache-Control", "public, max-age=31536000, immutable"))
            .body(asset.text),
        None => HttpResponse::NotFound().finish(),
    }
}
