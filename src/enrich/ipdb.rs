//! Databases of addresses in MaxMind's format.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use maxminddb::{MaxMindDbError, Reader};
use serde::Deserialize;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EnrichError {
    /// There is no such file.
    #[error(
        "the setting `{setting}` names {}, which does not exist; run deploy/fetch-ipdb.sh to fetch it, or unset the setting", path.display()
    )]
    Missing {
        /// Name of the setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read {}, which the setting `{setting}` names; check its permissions", path.display())]
    Unreadable {
        /// Name of the setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not in MaxMind's format.
    #[error("{} is no database in MaxMind's format (setting `{setting}`); run deploy/fetch-ipdb.sh to fetch it again", path.display())]
    Damaged {
        /// Name of the setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: MaxMindDbError,
    },
}

/// Address → country.
#[derive(Debug)]
pub(super) struct CountryDb(Reader<Vec<u8>>);

/// Address → autonomous system.
#[derive(Debug)]
pub(super) struct AsnDb(Reader<Vec<u8>>);

#[derive(Deserialize)]
struct CountryRecord<'a> {
    country_code: Option<&'a str>,
    #[serde(borrow)]
    country: Option<Country<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct AsnRecord {
    autonomous_system_number: Option<u32>,
}

impl CountryDb {
    pub(super) fn open(path: &Path) -> Result<Self, EnrichError> {
        open("enrich.country_db", path).map(Self)
    }

    /// Two capital letters; `None` if the database does not know.
    pub(super) fn country(&self, addr: IpAddr) -> Option<[u8; 2]> {
        let record: CountryRecord<'_> = find(&self.0, addr)?;
        let code = record.country_code.or_else(|| record.country?.iso_code)?;
        let code: [u8; 2] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(code)
    }
}

impl AsnDb {
    pub(super) fn open(path: &Path) -> Result<Self, EnrichError> {
        open("enrich.asn_db", path).map(Self)
    }

    /// The number; `None` if the database does not know.
    pub(super) fn number(&self, addr: IpAddr) -> Option<u32> {
        find::<AsnRecord>(&self.0, addr)?.autonomous_system_number
    }
}

fn open(setting: &'static str, path: &Path) -> Result<Reader<Vec<u8>>, EnrichError> {
    let path = path.to_owned();
    match Reader::open_readfile(&path) {
        Ok(reader) => Ok(reader),
        Err(MaxMindDbError::Io(e)) if e.kind() == io::ErrorKind::NotFound => {
            Err(EnrichError::Missing { setting, path })
        }
        Err(MaxMindDbError::Io(source)) => Err(EnrichError::Unreadable {
            setting,
            path,
            source,
        }),
        Err(source) => Err(EnrichError::Damaged {
            setting,
            path,
            source,
        }),
    }
}

/// A record that cannot be read is one that is not there: it must not cost the report.
fn find<'r, R: Deserialize<'r>>(reader: &'r Reader<Vec<u8>>, addr: IpAddr) -> Option<R> {
    reader.lookup(addr).ok()?.decode().ok()?
}
