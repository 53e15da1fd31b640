//! `/sites/{id}/scripts`: what payment pages were seen to run or to load, and what was named as the source of something.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ReqData};
use maud::{Markup, html};

use super::super::away::told;
use super::super::error::{self, PageError};
use super::super::foreign::code;
use super::super::frame::Content;
use super::super::reader::{Access, Reader};
use super::super::{Pages, when, words};
use super::{Tab, about, entry, seen};
use crate::clock::Timestamp;
use crate::normalize::PageKind;
use crate::store::SeenScript;

/// How far back is looked, and most scripts that are shown.
const SPAN: Duration = Duration::from_secs(7 * 86_400);
const SHOWN: u32 = 100;

pub(in crate::web) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    error::or_page(&reader, page(&id, &pages, (&reader, &access)).await)
}

async fn page(
    id: &str,
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
) -> Result<Content, PageError> {
    let entry = entry(pages, access, id).await?;
    let filter = seen(reader, &entry, SPAN);
    let scope = &access.caller().scope;
    let wanted = (&filter, PageKind::Checkout);
    let found = told(pages.store.scripts(scope, wanted, None, SHOWN).await);
    let scripts = found.map(|page| table(reader, &page.scripts));
    let seen = (words::SCRIPTS_MORE, scripts);
    Ok(about(reader, &entry, Tab::Scripts, seen))
}

fn table(reader: &Reader, scripts: &[SeenScript]) -> Markup {
    if scripts.is_empty() {
        return html! { p class="quiet" { (reader.t(words::NO_SCRIPTS)) } };
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(reader.t(words::SCRIPTS)) {
            table class="dense" {
                thead { tr {
                    th scope="col" { (reader.t(words::SCRIPT)) }
                    th scope="col" { (reader.t(words::SCRIPT_ROLE)) }
                    th scope="col" { (reader.t(words::FIRST_REPORT)) }
                    th scope="col" { (reader.t(words::LAST_REPORT)) }
                    th scope="col" class="figure" { (reader.t(words::BROWSERS)) }
                    th scope="col" class="figure" { (reader.t(words::REPORTS)) }
                } }
                tbody { @for script in scripts { (line(reader, script)) } }
            }
        }
    }
}

fn line(reader: &Reader, script: &SeenScript) -> Markup {
    let role = match script.role.as_str() {
        "source" => words::ROLE_SOURCE,
        _ if script.blocked => words::ROLE_BLOCKED,
        _ => words::ROLE_RAN,
    };
    html! {
        tr {
            td class="url" { (code(&script.script)) @if !script.sample.is_empty() { " " (code(&script.sample)) } }
            td { (reader.t(role)) }
            td class="when" { (when::moment(Timestamp(script.first))) }
            td class="when" { (when::moment_ago(reader, Timestamp(script.last))) }
            td class="figure" { (when::number(script.clients)) }
            td class="figure" { (when::number(script.reports)) }
        }
    }
}
