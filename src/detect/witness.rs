//! Who stands in where a row says nothing of its sender: the time at which the site was told.

use std::borrow::Cow;
use std::time::Duration;

use crate::enrich::Family;
use crate::sighting::Sighting;

/// Reports without client data that reach one site within this time count as one witness. Shorter, and one
/// visitor with an extension counts as several, and whoever forges reports need not wait; longer, and every alert
/// waits. The sentences of [`finding`](crate::finding) name it. Of one minute and five, five found more campaigns
/// of the recorded scenarios, with fewer false alerts, no later.
pub const WITNESS_WINDOW: Duration = Duration::from_secs(5 * 60);

/// The sighting itself if it tells its sender. If not, one whose browser and network are the site and the
/// window of time: two windows are two witnesses, and no two sites share one. One sender can be any number of
/// them by waiting: without client data nothing tells senders apart.
///
/// `site` is the detector's number of the site.
pub(super) fn named<'s, 'a>(sighting: &'s Sighting<'a>, site: u32) -> Cow<'s, Sighting<'a>> {
    if sighting.client != 0 || sighting.network != 0 {
        return Cow::Borrowed(sighting);
    }
    let length = i64::try_from(WITNESS_WINDOW.as_millis()).unwrap_or(i64::MAX);
    let window = sighting.at.0.div_euclid(length).cast_unsigned() & u64::from(u32::MAX);
    // Never 0.
    let witness = ((u64::from(site) + 1) << 32) | window;
    Cow::Owned(Sighting {
        client: witness,
        network: witness,
        family: Family::Unknown,
        mobile: false,
        ..*sighting
    })
}
