//! The sites as they stand now, shared by all who take reports in.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use super::site::{MAX_SITES, Sites};
use super::snapshot::{self, SitesError};
use crate::metrics;

/// The current [`Sites`], read from one file. Looking at them takes no lock.
#[derive(Debug)]
pub struct SharedSites {
    path: PathBuf,
    current: ArcSwap<Sites>,
    /// Which file the current sites come from; held while reading, so two reloads never cross.
    seen: Mutex<Option<Identity>>,
}

/// Tells one file from another that took its place. Each publication makes a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

impl SharedSites {
    /// Reads the snapshot. If there is none yet, there are no sites until
    /// [`reload_if_changed`](Self::reload_if_changed) finds one.
    ///
    /// # Errors
    /// [`SitesError`] if there is one that cannot be read.
    pub fn open(path: &Path) -> Result<Self, SitesError> {
        let shared = Self {
            path: path.to_owned(),
            current: ArcSwap::from_pointee(Sites::default()),
            seen: Mutex::new(None),
        };
        shared.reload_if_changed()?;
        Ok(shared)
    }

    /// The sites as they stand now.
    pub fn current(&self) -> Guard<Arc<Sites>> {
        self.current.load()
    }

    /// Reads the snapshot again if another file stands there, and says whether it did. Blocks on the
    /// disk; asking costs one `stat`.
    ///
    /// # Errors
    /// [`SitesError`] if the new one cannot be read. The sites that stand remain, and the same file is
    /// tried again at the next call.
    pub fn reload_if_changed(&self) -> Result<bool, SitesError> {
        // A panic while reading leaves the old sites in place, which are whole.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let there = match std::fs::metadata(&self.path) {
            Ok(meta) => Identity::of(&meta),
            // A snapshot that went away is no reason to turn browsers away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if *seen == Some(there) {
            return Ok(false);
        }
        let file = File::open(&self.path)?;
        let opened = Identity::of(&file.metadata()?);
        let sites = snapshot::read(file, &self.current.load())?;
        let metrics = metrics::get();
        metrics
            .sites
            .set(i64::try_from(sites.len()).unwrap_or(i64::MAX));
        let version = i64::try_from(sites.version()).unwrap_or(i64::MAX);
        metrics.sites_limit.set(metrics::gauged(MAX_SITES));
        metrics.sites_version.set(version);
        self.current.store(Arc::new(sites));
        *seen = Some(opened);
        Ok(true)
    }
}

impl Identity {
    fn of(meta: &std::fs::Metadata) -> Self {
        Self {
            inode: meta.ino(),
            length: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{SiteId, SiteKey};
    use crate::sites::{Draft, KeyRecord, KeyState, Lookup, SiteRecord};

    fn record(id: &str, keys: &[(&str, KeyState)]) -> SiteRecord {
        let key = |(key, state): &(&str, KeyState)| KeyRecord {
            key: SiteKey::new(key).expect("a plain key"),
            state: *state,
        };
        SiteRecord {
            id: SiteId::new(id).expect("a plain id"),
            name: format!("Shop {id}"),
            keys: keys.iter().map(key).collect(),
            domains: vec![format!("{id}.example")],
            checkout_paths: vec!["/cart".to_owned()],
            admin_paths: Vec::new(),
            harmless_parameters: Vec::new(),
            rate: None,
            retention_days: 30,
        }
    }

    fn write(path: &Path, version: u64, sites: &[&SiteRecord]) -> Result<(), SitesError> {
        let mut draft = Draft::begin(path, version)?;
        sites.iter().try_for_each(|site| draft.add(site))?;
        draft.publish()
    }

    fn id_of(sites: &Sites, key: &str) -> Option<String> {
        match sites.find(key) {
            Lookup::Active(site) => Some(site.id.to_string()),
            Lookup::Retired => Some("retired".to_owned()),
            Lookup::Unknown => None,
        }
    }

    #[test]
    fn follows_the_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("sites.json");
        let shared = SharedSites::open(&path).expect("no file is no error");
        assert_eq!(shared.current().version(), 0);

        let a = record("a", &[("k1", KeyState::Active), ("k0", KeyState::Retired)]);
        let b = record("b", &[("k2", KeyState::Active)]);
        write(&path, 7, &[&a, &b]).expect("written");
        assert!(shared.reload_if_changed().expect("a good file"));
        assert!(!shared.reload_if_changed().expect("the same file"));
        let first = shared.current.load_full();
        assert_eq!((first.version(), first.len()), (7, 2));
        assert_eq!(id_of(&first, "k1").as_deref(), Some("a"));
        assert_eq!(id_of(&first, "k0").as_deref(), Some("retired"));
        assert_eq!(id_of(&first, "nobody"), None);

        let b = SiteRecord { rate: Some(5), ..b };
        write(&path, 8, &[&a, &b]).expect("written");
        assert!(shared.reload_if_changed().expect("a good file"));
        let second = shared.current.load_full();
        let site = |sites: &Sites, key: &str| match sites.find(key) {
            Lookup::Active(site) => Arc::clone(site),
            other => panic!("{other:?}"),
        };
        assert!(Arc::ptr_eq(&site(&first, "k1"), &site(&second, "k1")));
        assert_eq!(site(&second, "k2").rate, Some(5));
    }

    #[test]
    fn a_broken_file_changes_nothing() {
        let a = record("a", &[("k1", KeyState::Active)]);
        let thief = record("b", &[("k1", KeyState::Active)]);
        let whole = serde_json::to_string(&a).expect("JSON");
        let cases = [
            ("empty", String::new()),
            (
                "cut",
                format!("{{\"format\":1,\"version\":9,\"sites\":[{whole},"),
            ),
            ("newer", r#"{"format":2,"version":9,"sites":[]}"#.to_owned()),
            ("no version", r#"{"format":1,"sites":[]}"#.to_owned()),
            ("no sites", r#"{"format":1,"version":9}"#.to_owned()),
            (
                "trailing",
                r#"{"format":1,"version":9,"sites":[]} x"#.to_owned(),
            ),
            (
                "bad key",
                r#"{"format":1,"version":9,"sites":[{"id":"/"}]}"#.to_owned(),
            ),
        ];
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("sites.json");
        write(&path, 1, &[&a]).expect("written");
        let shared = SharedSites::open(&path).expect("a good file");
        for (name, text) in cases {
            std::fs::write(&path, text).expect("written");
            assert!(shared.reload_if_changed().is_err(), "{name}");
            assert!(shared.reload_if_changed().is_err(), "{name}: tried again");
            assert_eq!(shared.current().version(), 1, "{name}");
        }
        write(&path, 2, &[&a, &thief]).expect("written");
        let error = shared.reload_if_changed().expect_err("two owners");
        assert!(matches!(error, SitesError::SharedKey(_)), "{error}");
    }

    #[test]
    fn only_the_owner_reads_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("sites.json");
        write(&path, 1, &[&record("a", &[])]).expect("written");
        let meta = std::fs::metadata(&path).expect("it is there");
        assert_eq!(meta.mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(dir.path()).expect("readable").count(), 1);
    }
}
