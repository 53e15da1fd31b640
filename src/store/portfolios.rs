//! Long lists of sites, made known to ClickHouse: a query names the list instead of carrying it.
//!
//! A list goes by what is in it, so that an outdated one is never used by mistake: another list has another name.

use bytes::{BufMut as _, BytesMut};

use super::binary::{Column, put_header, put_text};
use super::client::{Store, within};
use super::conditions::{Conditions, INLINE_SITES};
use super::error::StoreError;
use super::queries;
use crate::scope::{Portfolio, Scope};

const COLUMNS: [Column; 2] = [("portfolio", "UInt128"), ("site", "String")];

impl Store {
    /// Conditions that begin with the scope: no query is put together without one.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse cannot be told which sites that are.
    pub(super) async fn within(&self, scope: &Scope) -> Result<Conditions, StoreError> {
        if let Some(portfolio) = scope.portfolio()
            && portfolio.sites().len() > INLINE_SITES
            && !self.knows(portfolio).await?
        {
            self.list(portfolio).await?;
        }
        Ok(Conditions::of_scope(scope))
    }

    /// Whether the list is there, and stays for long enough to be asked about.
    async fn knows(&self, portfolio: &Portfolio) -> Result<bool, StoreError> {
        let query = self
            .reader()
            .query_raw(queries::LISTED)
            .param("portfolio", portfolio.digest().to_string());
        let listed: u64 = within(self.read_timeout, query.fetch_one()).await?;
        Ok(usize::try_from(listed).is_ok_and(|listed| listed >= portfolio.sites().len()))
    }

    /// All of it in one block: it is there as a whole, or not at all.
    async fn list(&self, portfolio: &Portfolio) -> Result<(), StoreError> {
        let mut body = BytesMut::new();
        put_header(&mut body, COLUMNS.iter());
        for site in portfolio.sites() {
            body.put_u128_le(portfolio.digest());
            put_text(&mut body, site.as_str());
        }
        let sql = queries::insert("portfolios", &COLUMNS);
        let insert = self.client.insert_formatted_with(sql);
        self.send(insert, std::iter::once(body.freeze())).await
    }
}
