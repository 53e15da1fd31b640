//! What is done to a submission between the door and the log, without door and log.
//!
//! [`Examiner`] is the pure part: bytes → reports. [`Judge`] adds the limits: bytes → [`Submission`].
//! Whoever takes recorded requests in instead of a socket's goes this way too.

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::clock::SharedClock;
use crate::enrich::{Enricher, Network, PseudonymKey, Visitor};
use crate::limit::{Limiter, Visit};
use crate::normalize::{Profile, normalize};
use crate::outcome::{DiscardReason, Outcome, Tally};
use crate::parse::{self, EntryCount, ParseError};
use crate::redact::{Harmless, Redactor, Report};
use crate::sites::Site;
use crate::spool::Submission;

/// Bytes → reports: parse, enrich, normalize, redact. It knows neither time nor limits.
#[derive(Debug)]
pub struct Examiner {
    enricher: Enricher,
    redactor: Redactor,
}

impl Examiner {
    /// One that knows addresses by this enricher and hides values by this redactor.
    pub fn new(enricher: Enricher, redactor: Redactor) -> Self {
        Self { enricher, redactor }
    }

    /// What is kept of a client.
    pub fn visitor(&self, address: IpAddr, user_agent: &str, key: &PseudonymKey) -> Visitor {
        self.enricher.visitor(address, user_agent, key)
    }

    /// Hands every entry of a body to `each`, in order: redacted, or why it is none. Profile and list are those of
    /// the site that it was sent to. Returns how many lay beyond the caps.
    ///
    /// # Errors
    /// [`ParseError`] if the body is no JSON object or array; then `each` was not called.
    pub fn examine(
        &self,
        (body, cut): (&[u8], Option<EntryCount>),
        visitor: Visitor,
        (profile, harmless): (&Profile, &Harmless),
        mut each: impl FnMut(Result<Report, DiscardReason>),
    ) -> Result<u32, ParseError> {
        parse::read(body, cut, |batch| {
            for entry in batch.entries {
                each(entry.map(|raw| {
                    let violation = normalize(raw, visitor, profile);
                    self.redactor.redact(violation, harmless)
                }));
            }
            batch.truncated
        })
    }
}

/// Whose submission it is.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The site whose key stood in the address.
    pub site: &'a Arc<Site>,
    /// The client's address.
    pub address: IpAddr,
    /// As sent; empty if it was not.
    pub user_agent: &'a str,
}

/// Bytes → submission: everything that is decided about one.
#[derive(Debug)]
pub struct Judge {
    /// Time of receipt.
    pub clock: SharedClock,
    /// Both gates.
    pub limiter: Arc<Limiter>,
    /// The pure part.
    pub examiner: Examiner,
    /// The key of the current period.
    pub pseudonyms: Arc<ArcSwap<PseudonymKey>>,
}

impl Judge {
    /// Looks the sender up. Its gate tells whether the body is to be read at all.
    pub fn visit(&self, sender: Sender<'_>) -> Visit<'_> {
        let site = sender.site;
        let network = Network::of(sender.address);
        self.limiter.visit(&site.id, site.rate, network)
    }

    /// A submission that was not read: one folded entry.
    pub fn fold(&self, sender: Sender<'_>) -> Submission {
        let mut submission = self.empty(sender.site);
        submission.tally.add(Outcome::Folded, 1);
        submission
    }

    /// Decides the fate of every entry of a body.
    ///
    /// # Errors
    /// [`ParseError`] if the body is no JSON object or array. It is charged as one entry.
    pub fn judge(
        &self,
        sender: Sender<'_>,
        visit: &Visit<'_>,
        body: (&[u8], Option<EntryCount>),
    ) -> Result<Submission, ParseError> {
        let site = sender.site;
        let key = self.pseudonyms.load();
        let visitor = self
            .examiner
            .visitor(sender.address, sender.user_agent, &key);
        let mut submission = self.empty(site);
        let mut tally = Tally::default();
        let mut unjudged = 0;
        let judged =
            self.examiner
                .examine(body, visitor, (&site.profile, &site.harmless), |entry| {
                    let fate = tally.open();
                    match entry {
                        Err(reason) => {
                            unjudged += 1;
                            fate.close(Outcome::Discarded(reason));
                        }
                        Ok(report) => match visit.quota(report) {
                            Ok(admitted) => {
                                fate.close(Outcome::Stored);
                                submission.reports.push(admitted);
                            }
                            Err(folded) => {
                                fate.close(Outcome::Folded);
                                submission.folded.push(folded);
                            }
                        },
                    }
                });
        // What never reaches the quota counts against the rates all the same.
        let charged = match &judged {
            Ok(truncated) => unjudged + truncated,
            Err(_) => 1,
        };
        if charged > 0 {
            visit.charge(charged);
        }
        let truncated = judged?;
        tally.add(Outcome::Discarded(DiscardReason::Truncated), truncated);
        submission.tally = tally;
        Ok(submission)
    }

    fn empty(&self, site: &Site) -> Submission {
        Submission {
            site: site.id.clone(),
            received_at: self.clock.now(),
            retention_days: site.retention_days,
            tally: Tally::default(),
            reports: Vec::new(),
            folded: Vec::new(),
        }
    }
}
