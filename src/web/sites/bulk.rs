//! What is done to several merchants at once: a label is put on them or taken from them.

use actix_web::http::header;
use actix_web::web::{self, Data, Form, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::super::error::{self, PageError};
use super::super::reader::{Access, Reader};
use super::super::{Pages, words};
use super::PAGE;
use crate::ids::SiteId;
use crate::registry::{Author, MAX_LABELS, SiteFacts};
use crate::role::Right;
use crate::scope::Scope;

/// Longest label, in characters.
const MAX_LABEL_CHARS: usize = 50;

/// One field of the form; `site` comes as often as merchants were marked.
type Fields = Vec<(String, String)>;

/// What is to be done.
enum Deed {
    Add,
    Remove,
}

/// Somebody has marked merchants and says what to do.
pub(in crate::web) async fn post(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    fields: Form<Fields>,
) -> HttpResponse {
    match act(pages, &access, &fields).await {
        Ok(()) => {
            let query = request.query_string();
            let mark = if query.is_empty() { "" } else { "?" };
            HttpResponse::SeeOther()
                .insert_header((header::LOCATION, format!("/sites{mark}{query}")))
                .finish()
        }
        Err(error) => error::page(&reader, error),
    }
}

async fn act(pages: Data<Pages>, access: &Access, fields: &Fields) -> Result<(), PageError> {
    let field = |name: &str| {
        let found = fields.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    if !access.sent(field("csrf")) {
        return Err(PageError::Foreign);
    }
    let caller = access.caller().clone();
    let author = caller.author(Right::Manage)?;
    let deed = match field("action") {
        "add" => Deed::Add,
        "remove" => Deed::Remove,
        _ => return Err(PageError::Form),
    };
    let label = field("label").trim().to_owned();
    let fits = (1..=MAX_LABEL_CHARS).contains(&label.chars().count());
    if !fits || label.chars().any(char::is_whitespace) {
        return Err(PageError::Label);
    }
    let marked = fields.iter().filter(|(name, _)| name == "site").take(PAGE);
    let marked = marked.map(|(_, id)| SiteId::new(id).map_err(|_cause| PageError::NotFound));
    let marked: Vec<SiteId> = marked.collect::<Result<_, _>>()?;
    web::block(move || {
        for site in &marked {
            relabel(&pages, (&caller.scope, site), (&deed, &label), &author)?;
        }
        Ok(())
    })
    .await?
}

fn relabel(
    pages: &Pages,
    (scope, site): (&Scope, &SiteId),
    (deed, label): (&Deed, &String),
    author: &Author,
) -> Result<(), PageError> {
    let entry = pages.registry.site(scope, site)?;
    let mut labels = entry.ok_or(PageError::NotFound)?.labels;
    labels.retain(|it| it != label);
    if matches!(deed, Deed::Add) {
        labels.push(label.clone());
    }
    if labels.len() > MAX_LABELS {
        return Err(PageError::Label);
    }
    let facts = SiteFacts {
        labels: Some(labels),
        ..SiteFacts::default()
    };
    pages.registry.change_site(scope, (site, facts), author)?;
    Ok(())
}

/// What stands below the table.
pub(super) fn controls(reader: &Reader) -> Markup {
    html! {
        div class="row" {
            label for="new-label" { (reader.t(words::LABEL_SELECTED)) }
            input id="new-label" name="label" required maxlength=(MAX_LABEL_CHARS) pattern="\\S+" autocomplete="off";
            button name="action" value="add" { (reader.t(words::ADD_LABEL)) }
            button name="action" value="remove" { (reader.t(words::REMOVE_LABEL)) }
        }
    }
}
