//! Sightings → findings. [`Detector`] is the type to know.
//!
//! Extensions follow the visitor, skimmers follow the page, and so does most of what merchants add to their pages.
//! So two questions are asked of everything that is new on payment pages, and both are answered in log-odds:
//!
//! 1. *Does the page bring it about?* By the share of networks that report it, of those that report anything on the
//!    same pages since (the first one counted out, as without it there was no question); by the kinds of browsers,
//!    as software that visitors carry lives in one kind; by how few sites have it, as what visitors carry comes to all.
//!    The answer is a strength from 0 to 1 for each site; novelty and honesty scale it. The sum over merchants is
//!    the *reach*.
//! 2. *Is it an attack?* By the pace at which merchants are hit, by what is done with it (data only goes there; forms
//!    go there), by where it stands (payment pages, not those that come after), by its name, by card numbers in its
//!    addresses; and against it by what merchants' policies allow, before or since, by what brought it (a tag
//!    manager, its own script) and by how long other merchants have had it.
//!
//! Each answer is a reason: a value that was measured, times a weight of [`Weights`]. Their sum is the score; whoever
//! reads an alert can add it up again. What looks like a service that merchants chose (its own script and something
//! more, or a tag manager) is *medium* at most for [`Config::patience`], because merchants put such things into their
//! policies; an address to which card numbers go waits for nothing.
//!
//! # What is new
//!
//! Novelty is kept for each destination, site and *way*: "loads" and "sends" are two, so an old vendor's domain that
//! begins to send is new, and neither other merchants' scripts from it nor the policies that allow these excuse it. On
//! services where anybody has an account ([`services::account`](crate::services::account)) each account is a
//! destination of its own: the bot of one merchant does not make that of an attacker known. What a site reports from
//! its first day on is not new there, unless card numbers go to it.
//!
//! # What people decided
//!
//! What somebody approves is silent, but for card numbers and forms. What somebody blocks is told of as *high* at least
//! from its first report on, on whatever page, unless an extension or a rented server sent it: then nobody asks how new
//! it is, whom it follows, or whether it hides in a flood. One forged report is enough for that, as the price of one real
//! one being enough.
//!
//! # Forgery
//!
//! Reports can be made by anybody. Networks are counted, never reports, and the fewer of them are the same at
//! different merchants the more they count. Networks that rent out servers
//! ([`is_hosting`](crate::enrich::is_hosting)) count nowhere: they neither raise a destination nor make it old, nor
//! are they in any share. Where most visitors of a site report something ever again, those who report one destination
//! and nothing else are no visitors; where that cannot be seen, the sites where it can be speak for the others. A
//! policy counts once two networks have sent it. At a site where destinations come up by the dozen, none of those that
//! are like many others counts.
//!
//! Whoever knows what a shop's visitors usually report, and has hundreds of home connections, can still accuse an
//! innocent domain; and at a site whose visitors report nothing at all, everything has to be believed. So reports are
//! no proof.
//!
//! # Memory
//!
//! For each destination, site and way at most 352 bytes, and 8 for each browser and network that is told apart there
//! ([`MAX_CLIENTS`], [`MAX_NETWORKS`]); at most [`MAX_PLACES`] and [`MAX_WITNESSES`] of them in all, which makes 300
//! MB. For each site at most 25 kB ([`MAX_PAGE_NETWORKS`]). At 5,000 merchants over 30 days with a flood of 20,000
//! destinations the whole process of a backtest took 156 MB. What one network
//! alone has seen is forgotten first, after three days, or an hour when memory is short; what somebody was told of
//! last.
//!
//! # Several detectors
//!
//! With [`Config::parts`] destinations are split: every detector sees all sightings, as shares need them, and judges
//! its own part. Campaigns are named by what they are about, so two at once raise nothing twice.
//!
//! # Without client data
//!
//! Where rows say nothing of their sender (`enrich.keep_client` is off), time stands in: what reaches a site
//! within [`WITNESS_WINDOW`] counts as one browser on one network, and no two sites share one. A skimmer that follows
//! the page is then told from an extension by how regularly it is reported. On 51 recorded scenarios (17
//! families, seeds 1 to 3, small shops), against the same with client data:
//!
//! | | with | without |
//! |---|---|---|
//! | campaigns found | 53 of 54 | 53 of 54 |
//! | precision of what is raised | 0.97 | 0.95 |
//! | false alerts per 1,000 merchants a day | 0.04 | 0.09 |
//! | minutes until the alert, median and 90th percentile | 290, 1829 | 297, 2575 |
//! | innocent destinations raised that forged reports accuse | 0 of 3 | 2 of 3 |
//! | how well scores tell campaigns from others (PR-AUC, pooled) | 1.00 | 0.94 |
//!
//! What is lost:
//!
//! * *Whoever sends decides.* One sender who reports to several sites over some minutes is as good as many
//!   shoppers, from rented servers too. With client data a single network is never believed.
//! * Kinds of browsers are no evidence any more: neither one alone, as of an extension, nor many.
//! * Where so many report that an extension is in every window, it looks like the page's doing.
//! * Nobody can say how many browsers reported something: findings say 0.
//!
//! The rules: the core is pure. [`Detector::observe`] takes what was seen in order of receipt,
//! [`Detector::advance`] says what follows from it; neither asks a clock, a disk or a network, and the same
//! sightings give the same findings. A sighting that comes again changes nothing but a count. Every memory
//! has a bound, and no label keeps a sighting out of it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

mod allowed;
mod clients;
mod config;
mod crowd;
mod detector;
mod flood;
mod fresh;
mod habits;
mod judgment;
mod kinship;
mod names;
mod numbers;
mod place;
mod reasons;
mod share;
mod site;
mod spread;
mod subject;
mod summary;
mod witness;

pub use allowed::{MAX_DOMAINS_OF_POLICY, MAX_POLICIES_OF_SITE};
pub use clients::{MAX_CLIENTS, MAX_NETWORKS};
pub use config::{Config, Weights};
pub use detector::{Detector, MAX_PLACES, MAX_SUBJECTS, MAX_WITNESSES};
pub use flood::MAX_TOLD_OF_FLOOD;
pub use kinship::Kinship;
pub use site::MAX_PAGE_NETWORKS;
pub use witness::WITNESS_WINDOW;

/// A memory. Its secret is its own, so nobody outside can make keys that fall together.
type Map<K, V> = HashMap<K, V, RandomState>;
