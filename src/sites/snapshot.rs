//! The snapshot file: one JSON object, a site per line, replaced whole.
//!
//! `{"format":1,"version":7,"sites":[…]}` with [`SiteRecord`]s in it. It is read as a stream, so that a
//! large one costs no more memory than what is kept of it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::record::SiteRecord;
use super::site::{Builder, MAX_SITES, Sites};
use crate::ids::SiteKey;
use crate::private;

/// Largest snapshot that is read.
pub const MAX_SNAPSHOT_BYTES: u64 = 1 << 30;

/// The format that this program writes and reads.
const FORMAT: u32 = 1;

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SitesError {
    /// The file system refuses.
    #[error("cannot read or write the snapshot of sites: {0}; look after the data directory")]
    File(#[from] io::Error),
    /// It is larger than any that this program writes.
    #[error("the snapshot of sites has {0} bytes, more than {MAX_SNAPSHOT_BYTES}")]
    TooLarge(u64),
    /// Its text is not a snapshot.
    #[error("the snapshot of sites is broken: {0}; publish it again")]
    Broken(#[source] serde_json::Error),
    /// It holds more sites than are possible.
    #[error("the snapshot of sites holds more than {MAX_SITES} sites")]
    TooManySites,
    /// Two sites claim one key.
    #[error("the key {0} belongs to two sites in the snapshot")]
    SharedKey(SiteKey),
    /// A record cannot be written as JSON, which would be a defect.
    #[error("a site cannot be written as JSON: {0}")]
    Encode(#[source] serde_json::Error),
}

/// A snapshot in the making, beside the one that stands. Only the owner may read it. Dropped
/// unfinished, it changes nothing.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    out: BufWriter<File>,
    num_sites: usize,
}

impl Draft {
    /// Begins a snapshot that will stand at `path`. One at a time: the caller sees to that.
    ///
    /// # Errors
    /// [`SitesError::File`] if the file system refuses.
    pub fn begin(path: &Path, version: u64) -> Result<Self, SitesError> {
        let mut out = BufWriter::new(private::begin(path)?);
        write!(
            out,
            "{{\"format\":{FORMAT},\"version\":{version},\"sites\":["
        )?;
        Ok(Self {
            path: path.to_owned(),
            out,
            num_sites: 0,
        })
    }

    /// Adds a site.
    ///
    /// # Errors
    /// [`SitesError::File`] if the file system refuses.
    pub fn add(&mut self, site: &SiteRecord) -> Result<(), SitesError> {
        let separator: &[u8] = if self.num_sites == 0 { b"\n" } else { b",\n" };
        self.out.write_all(separator)?;
        serde_json::to_writer(&mut self.out, site).map_err(SitesError::Encode)?;
        self.num_sites += 1;
        Ok(())
    }

    /// Puts it in the place of the one that stands: readers see the old one or the new one. When it
    /// returns, the new one is durable.
    ///
    /// # Errors
    /// [`SitesError::File`] if the file system refuses; the old snapshot stands.
    pub fn publish(mut self) -> Result<(), SitesError> {
        self.out.write_all(b"\n]}\n")?;
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        Ok(private::publish(&file, &self.path)?)
    }
}

/// Reads a snapshot. Sites that did not change are shared with `before`.
pub(super) fn read(file: File, before: &Sites) -> Result<Sites, SitesError> {
    let size = file.metadata()?.len();
    if size > MAX_SNAPSHOT_BYTES {
        return Err(SitesError::TooLarge(size));
    }
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, file));
    let mut whole = Whole {
        builder: Builder::after(before),
        version: None,
        trouble: None,
    };
    let read = (&mut whole)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    if let Some(trouble) = whole.trouble {
        return Err(trouble);
    }
    read.map_err(SitesError::Broken)?;
    let version = whole.version.unwrap_or(0);
    Ok(whole.builder.end(version))
}

/// Reads the object, handing site after site to the builder.
struct Whole<'a> {
    builder: Builder<'a>,
    version: Option<u64>,
    /// What the builder said: it does not fit into serde's errors.
    trouble: Option<SitesError>,
}

impl<'de> DeserializeSeed<'de> for &mut Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a snapshot of sites")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut complete = false;
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "format" => {
                    let format: u32 = map.next_value()?;
                    if format != FORMAT {
                        return Err(A::Error::custom(format_args!(
                            "format {format} is not {FORMAT}"
                        )));
                    }
                }
                "version" => self.version = Some(map.next_value()?),
                "sites" => {
                    map.next_value_seed(List(&mut *self))?;
                    complete = true;
                }
                _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
            }
        }
        match (self.version, complete) {
            (Some(_), true) => Ok(()),
            _ => Err(A::Error::custom("version or sites are missing")),
        }
    }
}

/// Reads the list of sites.
struct List<'a, 'b>(&'a mut Whole<'b>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of sites")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(record) = seq.next_element::<SiteRecord>()? {
            if let Err(trouble) = self.0.builder.add(record) {
                let error = A::Error::custom(&trouble);
                self.0.trouble = Some(trouble);
                return Err(error);
            }
        }
        Ok(())
    }
}
