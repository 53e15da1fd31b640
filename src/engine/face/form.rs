//! A multipart body: the statement and its parameters as parts of a form. [`read`] is the function to know.

use std::convert::Infallible;

use actix_web::web::{Bytes, Payload};
use futures_util::stream;
use multer::{Constraints, Multipart, SizeLimit};

use super::request::Request;
use crate::engine::result::{Code, Exception};

/// Bytes of a multipart body: a statement and its parameters.
pub(super) const MAX_FORM_BYTES: usize = 8 << 20;

/// Takes the parts of a form as if they stood in the URL.
pub(super) async fn read(
    payload: Payload,
    boundary: String,
    request: &mut Request,
) -> Result<(), Exception> {
    let bytes = payload
        .to_bytes_limited(MAX_FORM_BYTES)
        .await
        .map_err(|_limit| bad("it is too large"))?
        .map_err(bad)?;
    take(bytes, boundary, request).await
}

/// Takes the parts of a form that is there as a whole.
pub(super) async fn take(
    bytes: Bytes,
    boundary: String,
    request: &mut Request,
) -> Result<(), Exception> {
    let whole = stream::iter([Ok::<_, Infallible>(bytes)]);
    let limit = SizeLimit::new().whole_stream(MAX_FORM_BYTES as u64);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(whole, boundary, constraints);
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name != "query" && !name.starts_with("param_") {
            return Err(bad(format_args!(
                "the part {name:?} is neither query nor param_NAME; external tables are not supported"
            )));
        }
        let value = part.text().await.map_err(bad)?;
        request.take(name, value)?;
    }
    Ok(())
}

fn bad(error: impl std::fmt::Display) -> Exception {
    Exception::new(
        Code::BadArguments,
        format_args!("The form cannot be read: {error}"),
    )
}
