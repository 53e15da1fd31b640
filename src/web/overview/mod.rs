//! `/`: what is going on right now; for a merchant, in one plain sentence whether all is well.

mod ages;
mod coverage;
mod matrix;
mod merchant;
mod provider;

use actix_web::HttpResponse;
use actix_web::web::{Data, ReqData};

use super::Pages;
use super::error;
use super::reader::{Access, Reader};
use super::recall::Recall;
use crate::role::Role;

pub(super) async fn get(
    pages: Data<Pages>,
    recall: Data<Recall>,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
) -> HttpResponse {
    let caller = access.caller();
    let scope = caller.scope.clone();
    let content = match caller.role {
        Role::Merchant | Role::MerchantReader => {
            merchant::page(&pages, &recall, &reader, scope).await
        }
        _ => provider::page(&pages, &recall, &reader, scope).await,
    };
    error::or_page(&reader, content)
}
