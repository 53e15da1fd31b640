//! Questions to the server's own API, as any program asks them.

use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most of an answer that is read.
const MOST_BYTES: usize = 1 << 20;

/// A caller with a token.
#[derive(Debug)]
pub(super) struct Caller {
    client: Client<HttpConnector, Full<Bytes>>,
    pages: String,
    token: String,
}

impl Caller {
    pub(super) fn new(pages: String, token: String) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            pages,
            token,
        }
    }

    /// Whether the server is ready.
    pub(super) async fn is_ready(&self) -> bool {
        let answer = self.ask(Method::GET, "/readyz", None).await;
        answer.is_ok_and(|(status, _)| status == StatusCode::OK)
    }

    /// Asks, and reads the answer as JSON.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.pages))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body))?;
        let answer = async {
            let response = self.client.request(request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MOST_BYTES)
                .collect()
                .await;
            let body = body.map_err(|error| anyhow::anyhow!(error))?.to_bytes();
            anyhow::Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
        };
        tokio::time::timeout(PATIENCE, answer)
            .await
            .context("no answer in time")?
    }
}
