//! Address and user agent → [`Visitor`]. The address ends here: nothing after this stage can name it.

mod visitor;

pub use visitor::{Browser, Family, Visitor};
