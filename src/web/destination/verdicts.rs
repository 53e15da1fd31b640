//! What people decided about a destination: what holds, what was decided before, and the forms to decide.
//!
//! The rule: an organization reads reasons of its own and of the operator's about single sites that it sees. A reason for
//! all merchants may speak of others, so only the operator reads it.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Form, Path, ReqData};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::access::encoded;
use super::super::error::{self, PageError};
use super::super::foreign::{foreign, visible};
use super::super::frame;
use super::super::reader::{Access, Reader};
use super::super::words::{self, Text};
use super::super::{Pages, destinations, when};
use super::{MERCHANTS, View};
use crate::ids::{OPERATOR, SiteId};
use crate::registry::{Author, Caller, MAX_WHY_CHARS, RegistryError, Trust, TrustsOf};
use crate::role::Right;
use crate::trust::Verdict;

/// Decisions that are shown, the newest.
const DECIDED: usize = 50;

/// What stands for all merchants in a form. No site has such an id.
const ALL: &str = "*";

/// Where the reader may decide, and what they tried to.
#[derive(Default)]
pub(super) struct Forms {
    places: Vec<TrustsOf>,
    /// Where what holds may be withdrawn.
    own: BTreeSet<TrustsOf>,
    tried: Option<(Deed, Text)>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::web) struct Deed {
    #[serde(default)]
    csrf: String,
    action: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    why: String,
}

impl Forms {
    /// What the reader may decide.
    pub(super) async fn of(
        pages: &Data<Pages>,
        access: &Access,
        view: &View,
    ) -> Result<Self, PageError> {
        let Ok(author) = access.caller().author(Right::Triage) else {
            return Ok(Self::default());
        };
        if !view.is_domain {
            return Ok(Self::default());
        }
        let (pages, standing) = (Data::clone(pages), view.control.trusts.clone());
        let wanted = places(view);
        web::block(move || {
            let may = |of: &TrustsOf| pages.registry.may_judge(of, &author);
            let mut forms = Self::default();
            for of in wanted {
                if may(&of)? {
                    forms.places.push(of);
                }
            }
            for trust in standing {
                if author.manages(&trust.organization) && may(&trust.of)? {
                    forms.own.insert(trust.of);
                }
            }
            Ok(forms)
        })
        .await?
    }
}

/// Where the destination is, and everywhere.
fn places(view: &View) -> Vec<TrustsOf> {
    let seen = view.spread.iter().flatten().take(MERCHANTS);
    let seen = seen.filter_map(|row| SiteId::new(&row.site).ok());
    let standing = view.control.trusts.iter().map(|trust| trust.of.clone());
    let places: BTreeSet<TrustsOf> = seen
        .map(TrustsOf::Site)
        .chain(standing)
        .chain([TrustsOf::All])
        .collect();
    places.into_iter().collect()
}

/// Somebody decides.
pub(in crate::web) async fn post(
    name: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    deed: Form<Deed>,
) -> HttpResponse {
    let (name, deed) = (name.into_inner(), deed.into_inner());
    if !access.sent(&deed.csrf) {
        return error::page(&reader, PageError::Foreign);
    }
    let author = match access.caller().author(Right::Triage) {
        Ok(author) => author,
        Err(refused) => return error::page(&reader, refused.into()),
    };
    match decide(&pages, (&name, &deed), author, access.caller()).await {
        Ok(None) => HttpResponse::SeeOther()
            .insert_header((
                header::LOCATION,
                format!("/destinations/{}", encoded(&name)),
            ))
            .finish(),
        Ok(Some((status, problem))) => {
            match super::tried(name, &pages, (&reader, &access), (deed, problem)).await {
                Ok(content) => frame::answer(&reader, status, &content),
                Err(error) => error::page(&reader, error),
            }
        }
        Err(error) => error::page(&reader, error),
    }
}

/// None if it was decided; else what is wrong with it.
async fn decide(
    pages: &Data<Pages>,
    (name, deed): (&str, &Deed),
    author: Author,
    caller: &Caller,
) -> Result<Option<(StatusCode, Text)>, PageError> {
    let of = match deed.of.trim() {
        ALL => TrustsOf::All,
        "" => return Ok(Some((StatusCode::BAD_REQUEST, words::NO_PLACE))),
        id => match SiteId::new(id) {
            Ok(site) if caller.scope.sees(site.as_str()) => TrustsOf::Site(site),
            _ => return Ok(Some((StatusCode::BAD_REQUEST, words::NO_SUCH_MERCHANT))),
        },
    };
    let verdict = match deed.action.as_str() {
        "approve" => Some(Verdict::Approved),
        "block" => Some(Verdict::Blocked),
        "withdraw" => None,
        _ => return Err(PageError::Form),
    };
    let (pages, name, why) = (Data::clone(pages), name.to_owned(), deed.why.clone());
    let decided = web::block(move || match verdict {
        Some(verdict) => pages.registry.judge(&name, (&of, verdict), (&author, &why)),
        None => pages.registry.withdraw(&name, &of, (&author, Some(&why))),
    });
    match decided.await? {
        Ok(_) => Ok(None),
        Err(error) => refusal(error).map(Some),
    }
}

fn refusal(error: RegistryError) -> Result<(StatusCode, Text), PageError> {
    Ok(match error {
        RegistryError::NoWhy => (StatusCode::BAD_REQUEST, words::WHY_WRONG),
        RegistryError::NotYourVerdict { .. } => (StatusCode::FORBIDDEN, words::NOT_YOUR_VERDICT),
        RegistryError::NotTrusted { .. } => (StatusCode::CONFLICT, words::NO_VERDICT_THERE),
        RegistryError::TooManyTrusts { .. } => (StatusCode::CONFLICT, words::TOO_MANY_VERDICTS),
        RegistryError::NoSite(_) => (StatusCode::BAD_REQUEST, words::NO_SUCH_MERCHANT),
        RegistryError::NotRegistrable(_) => return Err(PageError::NotFound),
        error => return Err(error.into()),
    })
}

impl Forms {
    /// The same after something was tried in vain.
    pub(super) fn after(mut self, tried: (Deed, Text)) -> Self {
        self.tried = Some(tried);
        self
    }

    fn typed(&self, action: &str) -> Option<&Deed> {
        let tried = self.tried.as_ref().map(|(deed, _)| deed);
        tried.filter(|deed| (deed.action == "withdraw") == (action == "withdraw"))
    }
}

pub(super) fn section((reader, access): (&Reader, &Access), view: &View, forms: &Forms) -> Markup {
    let caller = access.caller();
    html! {
        section id="decide" {
            h2 { (reader.t(words::VERDICTS)) }
            @if let Some((_, problem)) = &forms.tried { p class="problem" role="alert" { (reader.t(*problem)) } }
            p class="quiet" { (reader.t(words::VERDICTS_MORE)) }
            @if view.control.trusts.is_empty() { p { (reader.t(words::NO_VERDICT)) } }
            @for trust in &view.control.trusts { (standing((reader, access), view, (trust, forms))) }
            @if !view.is_domain { p class="quiet" { (reader.t(words::NO_VERDICT_POSSIBLE)) } }
            @else if forms.places.is_empty() { p class="quiet" { (reader.t(words::NOT_YOURS_TO_DECIDE)) } }
            @else { (decision((reader, access), view, forms)) }
        }
        section id="decided" data-live { (history(reader, caller, view)) }
    }
}

/// A verdict that holds.
fn standing(
    (reader, access): (&Reader, &Access),
    view: &View,
    (trust, forms): (&Trust, &Forms),
) -> Markup {
    let said = Said {
        of: &trust.of,
        organization: trust.organization.as_str(),
        actor: &trust.actor,
        why: &trust.why,
    };
    let is_tried = |deed: &&Deed| deed.of == value(&trust.of);
    let typed = forms.typed("withdraw").filter(is_tried);
    html! {
        div class={ "verdict " (trust.verdict.as_str()) } {
            p {
                (destinations::tag(reader, trust.verdict)) " " strong { (place(reader, view, &trust.of)) }
                " · " (when::moment_ago(reader, trust.at)) " · " (said.who(reader, access.caller()))
            }
            p { (said.why(reader, access.caller())) }
            @if forms.own.contains(&trust.of) {
                details open[typed.is_some()] {
                    summary { (reader.t(words::WITHDRAW)) }
                    form method="post" action=(address(view)) class="row" {
                        input type="hidden" name="csrf" value=(access.csrf());
                        input type="hidden" name="of" value=(value(&trust.of));
                        input name="why" required maxlength=(MAX_WHY_CHARS) value=[typed.map(|it| &it.why)]
                            aria-label=(reader.t(words::WHY_WITHDRAWN)) placeholder=(reader.t(words::WHY_WITHDRAWN));
                        button name="action" value="withdraw" { (reader.t(words::WITHDRAW)) }
                    }
                }
            }
        }
    }
}

/// The form to decide.
fn decision((reader, access): (&Reader, &Access), view: &View, forms: &Forms) -> Markup {
    let typed = forms.typed("approve");
    let of = typed.map(|it| it.of.as_str()).unwrap_or_default();
    let runs_all = access.caller().role.may(Right::Operate);
    html! {
        form method="post" action=(address(view)) class="stack card" {
            h3 { (reader.t(words::DECIDE)) }
            input type="hidden" name="csrf" value=(access.csrf());
            label for="of" { (reader.t(words::FOR_WHICH)) }
            select id="of" name="of" required {
                option value="" { (reader.t(words::CHOOSE)) }
                @for it in &forms.places { option value=(value(it)) selected[value(it) == of] { (place(reader, view, it)) } }
            }
            label for="why" { (reader.t(words::WHY_DECIDED)) }
            input id="why" name="why" required maxlength=(MAX_WHY_CHARS) value=[typed.map(|it| &it.why)]
                aria-describedby="why-more";
            p class="quiet" id="why-more" { (reader.t(if runs_all { words::WHY_MORE_OPERATOR } else { words::WHY_MORE })) }
            div class="acts" {
                button name="action" value="approve" { (reader.t(words::APPROVE)) }
                button name="action" value="block" { (reader.t(words::BLOCK)) }
            }
        }
    }
}

/// What was decided so far.
fn history(reader: &Reader, caller: &Caller, view: &View) -> Markup {
    let decided = &view.control.decided;
    html! {
        @if !decided.is_empty() {
            h3 { (reader.t(words::DECIDED)) }
            ol class="history" {
                @for it in decided.iter().take(DECIDED) {
                    @let said = Said { of: &it.of, organization: &it.organization, actor: &it.actor, why: &it.why };
                    li {
                        (when::moment(it.at))
                        span {
                            (reader.t(words::decided(it.verdict, it.is_withdrawn))) " · " (place(reader, view, &it.of))
                            ": " (said.why(reader, caller))
                        }
                        span class="quiet" { (said.who(reader, caller)) }
                    }
                }
            }
            @if decided.len() > DECIDED { p class="quiet" { (words::more(reader.language, decided.len() - DECIDED)) } }
        }
    }
}

/// What somebody said about it.
struct Said<'a> {
    of: &'a TrustsOf,
    organization: &'a str,
    actor: &'a str,
    why: &'a str,
}

impl Said<'_> {
    fn who(&self, reader: &Reader, caller: &Caller) -> Markup {
        if self.of.is_told_by(self.organization, caller) {
            foreign(self.actor)
        } else if self.organization == OPERATOR {
            html! { (reader.t(words::OPERATOR)) }
        } else {
            html! { (reader.t(words::ANOTHER_ORGANIZATION)) }
        }
    }

    fn why(&self, reader: &Reader, caller: &Caller) -> Markup {
        if !self.of.is_explained_by(self.organization, caller) {
            html! { span class="quiet" { (reader.t(words::WHY_NOT_SHOWN)) } }
        } else if self.why.is_empty() {
            html! { "–" }
        } else {
            foreign(self.why)
        }
    }
}

fn value(of: &TrustsOf) -> &str {
    match of {
        TrustsOf::All => ALL,
        TrustsOf::Site(site) => site.as_str(),
    }
}

fn place(reader: &Reader, view: &View, of: &TrustsOf) -> String {
    match of {
        TrustsOf::All => reader.t(words::ALL_MERCHANTS).to_owned(),
        TrustsOf::Site(site) => match view.names.get(site.as_str()) {
            name if name == site.as_str() => visible(name),
            name => format!("{} ({site})", visible(name)),
        },
    }
}

fn address(view: &View) -> String {
    format!("/destinations/{}", encoded(&view.name))
}
