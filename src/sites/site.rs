//! Sites in memory. [`Sites`] finds one by the key that a browser posts to.

use std::collections::HashMap;
use std::sync::Arc;

use super::record::{KeyState, MAX_RETENTION_DAYS, SiteRecord};
use super::snapshot::SitesError;
use crate::ids::{SiteId, SiteKey};
use crate::normalize::Profile;
use crate::redact::Harmless;

/// Most sites of one installation.
pub const MAX_SITES: usize = 200_000;

/// What taking a report in needs to know about its site. Small, because there may be 100,000.
#[derive(Debug)]
pub struct Site {
    /// Its stable id.
    pub id: SiteId,
    /// What its pages look like.
    pub profile: Arc<Profile>,
    /// Which of its values stay readable.
    pub harmless: Harmless,
    /// Its own limit, in entries per second; without one the default holds.
    pub rate: Option<u32>,
    /// Days that its reports are kept, 1 to [`MAX_RETENTION_DAYS`].
    pub retention_days: u16,
    digest: Digest,
}

/// What a key leads to.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// A site that takes reports.
    Active(&'a Arc<Site>),
    /// A key that was taken out of use.
    Retired,
    /// No site.
    Unknown,
}

/// All sites of one version of the snapshot.
#[derive(Debug, Default)]
pub struct Sites {
    version: u64,
    num_sites: usize,
    // Browsers choose what is looked up here, so the standard library's keyed hash is right.
    by_key: HashMap<SiteKey, (Arc<Site>, KeyState)>,
}

type Digest = [u8; 16];

impl Sites {
    /// Sites that come from no snapshot.
    ///
    /// # Errors
    /// [`SitesError::SharedKey`] if two sites claim one key, [`SitesError::TooManySites`].
    pub fn of(records: impl IntoIterator<Item = SiteRecord>) -> Result<Self, SitesError> {
        let nothing = Self::default();
        let mut builder = Builder::after(&nothing);
        for record in records {
            builder.add(record)?;
        }
        Ok(builder.end(0))
    }

    /// Every site, once for each of its keys that counts.
    pub fn active(&self) -> impl Iterator<Item = &Arc<Site>> {
        let entries = self.by_key.values();
        entries
            .filter(|(_, state)| *state == KeyState::Active)
            .map(|(site, _)| site)
    }

    /// What this key leads to.
    pub fn find(&self, key: &str) -> Lookup<'_> {
        match self.by_key.get(key) {
            Some((site, KeyState::Active)) => Lookup::Active(site),
            Some((_, KeyState::Retired)) => Lookup::Retired,
            None => Lookup::Unknown,
        }
    }

    /// Version of the snapshot; 0 if none was read yet.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Number of sites.
    pub fn len(&self) -> usize {
        self.num_sites
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.num_sites == 0
    }
}

/// Puts [`Sites`] together, one record after the other. What did not change since the version before
/// is shared with it, so two versions in memory cost little more than one.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    before: &'a Sites,
    sites: Sites,
    profiles: HashMap<Digest, Arc<Profile>>,
}

impl<'a> Builder<'a> {
    pub(super) fn after(before: &'a Sites) -> Self {
        Self {
            before,
            sites: Sites::default(),
            profiles: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, record: SiteRecord) -> Result<(), SitesError> {
        if self.sites.num_sites == MAX_SITES {
            return Err(SitesError::TooManySites);
        }
        self.sites.num_sites += 1;
        let site = self.site(&record)?;
        for entry in record.keys {
            let value = (Arc::clone(&site), entry.state);
            if self.sites.by_key.insert(entry.key.clone(), value).is_some() {
                return Err(SitesError::SharedKey(entry.key));
            }
        }
        Ok(())
    }

    pub(super) fn end(mut self, version: u64) -> Sites {
        self.sites.version = version;
        self.sites.by_key.shrink_to_fit();
        self.sites
    }

    fn site(&mut self, record: &SiteRecord) -> Result<Arc<Site>, SitesError> {
        let digest = digest(record)?;
        let known = record
            .keys
            .iter()
            .find_map(|k| self.before.by_key.get(&k.key));
        if let Some((site, _)) = known
            && site.digest == digest
        {
            return Ok(Arc::clone(site));
        }
        let pages = (&record.domains, &record.checkout_paths, &record.admin_paths);
        let profile = self
            .profiles
            .entry(self::digest(&pages)?)
            .or_insert_with(|| {
                let (domains, checkout, admin) = pages;
                Arc::new(Profile::new(domains, checkout, admin))
            });
        Ok(Arc::new(Site {
            id: record.id.clone(),
            profile: Arc::clone(profile),
            harmless: Harmless::of(&record.harmless_parameters),
            rate: record.rate,
            retention_days: record.retention_days.clamp(1, MAX_RETENTION_DAYS),
            digest,
        }))
    }
}

fn digest(value: &impl serde::Serialize) -> Result<Digest, SitesError> {
    let mut hasher = blake3::Hasher::new();
    serde_json::to_writer(&mut hasher, value).map_err(SitesError::Encode)?;
    let mut digest = Digest::default();
    hasher.finalize_xof().fill(&mut digest);
    Ok(digest)
}
