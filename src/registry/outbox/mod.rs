//! The outbox: what organizations are to be told, and where. [`Announcement`] is the type to know.
//!
//! A notice is written in the change that it tells of, together with its way to each channel that wants it: whoever
//! sees the change sees the notice, and a crash takes both or none. The rules: an organization's notices go to its own
//! channels and no others; what a receiver knows a delivery by never changes; secrets are shown once.

mod announce;
mod channel;
mod channels;
mod deliveries;
mod queries;
mod quiet;
mod read;
mod target;
mod told;

pub use announce::{Announcement, NoticeKind};
pub(crate) use announce::{forget_alerts, forget_site};
pub use channel::{
    Channel, ChannelKind, ChannelRequest, ChannelRules, MAX_CHANNELS, MAX_PER_HOUR, SECRET_PREFIX,
};
pub use deliveries::{Addressee, Message, Next, Sending, Waiting, WaitingNotices};
pub use quiet::Quiet;
pub use target::{MAX_ADDRESSES, MAX_TARGET_BYTES, Target};
pub use told::{MAX_TOLD, Told};
