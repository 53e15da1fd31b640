//! What is on a [`Faulty`](super::faulty::Faulty) disk, and what becomes of it.
//!
//! What is written stands in a volatile cache until it is synced, in blocks of a sector; names stand in one
//! until their directory is. A failed sync leaves each block on the disk or not, and in the cache or not, and
//! believes from then on that all is well: that is what Linux does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

const SECTOR: usize = 512;

/// What is asked of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Op {
    Read,
    /// Of the one file that a start cannot do without.
    ReadIdentity,
    List,
    Create,
    Open,
    Write,
    Sync,
    Rename,
    Remove,
    SyncDir,
}

impl Op {
    pub(super) const ALL: [Self; 10] = [
        Self::Read,
        Self::ReadIdentity,
        Self::List,
        Self::Create,
        Self::Open,
        Self::Write,
        Self::Sync,
        Self::Rename,
        Self::Remove,
        Self::SyncDir,
    ];
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) random: u64,
    pub(super) files: BTreeMap<u64, Inode>,
    pub(super) next: u64,
    pub(super) names: BTreeMap<PathBuf, u64>,
    /// Changes of names that are not durable, in order; each is made as a whole.
    pub(super) unsynced: Vec<Vec<(PathBuf, Option<u64>)>>,
    pub(super) durable: BTreeMap<PathBuf, u64>,
    /// Fail once, after so many that do not.
    pub(super) faults: Vec<(Op, usize, Errno)>,
    /// Fail always.
    pub(super) broken: BTreeSet<Op>,
    pub(super) capacity: Option<usize>,
    /// So many operations until the power goes.
    pub(super) left: Option<u64>,
    pub(super) off: bool,
    /// How often the power came back: files opened before that are gone.
    pub(super) starts: u64,
    /// A sector may be written in part, by a write that fails and when the power goes.
    pub(super) tears_sectors: bool,
    pub(super) slow: bool,
}

#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) cache: Vec<u8>,
    pub(super) disk: Vec<u8>,
    /// Sectors that the cache knows to be newer.
    pub(super) dirty: BTreeSet<usize>,
}

impl State {
    /// A number below `n`.
    fn chance(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("it is below n")
    }

    pub(super) fn begin(&mut self, op: Op) -> Result<(), Errno> {
        match self.left {
            Some(0) => self.off = true,
            Some(left) => self.left = Some(left - 1),
            None => {}
        }
        if self.off || self.broken.contains(&op) {
            return Err(Errno::IO);
        }
        let due = self.faults.iter().position(|(fault, ..)| *fault == op);
        match due.map(|at| (at, &mut self.faults[at].1)) {
            Some((at, 0)) => Err(self.faults.remove(at).2),
            Some((_, before)) => {
                *before -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn used(&self) -> usize {
        self.names
            .values()
            .map(|id| self.files[id].cache.len())
            .sum()
    }

    pub(super) fn find(&self, path: &Path) -> io::Result<u64> {
        let id = self.names.get(path).copied();
        id.ok_or_else(|| Errno::NOENT.into())
    }

    pub(super) fn add(&mut self, path: &Path) -> u64 {
        self.next += 1;
        self.files.insert(self.next, Inode::default());
        self.name(vec![(path.to_owned(), Some(self.next))]);
        self.next
    }

    pub(super) fn name(&mut self, change: Vec<(PathBuf, Option<u64>)>) {
        apply(&mut self.names, &change);
        self.unsynced.push(change);
    }

    pub(super) fn sync_names(&mut self) {
        self.durable = self.names.clone();
        self.unsynced.clear();
    }

    pub(super) fn write(&mut self, id: u64, bytes: &[u8], offset: usize) -> Result<(), Errno> {
        let mut fate = self.begin(Op::Write);
        let mut most = match fate {
            Ok(()) => bytes.len(),
            Err(_) if self.off => 0,
            Err(_) => self.chance(bytes.len() + 1),
        };
        let room = self.capacity.map(|all| all.saturating_sub(self.used()));
        let inode = self.files.get_mut(&id).expect("an open file is there");
        if let Some(room) = room
            && offset + most > inode.cache.len() + room
        {
            most = (inode.cache.len() + room).saturating_sub(offset);
            fate = Err(Errno::NOSPC);
        }
        let mut end = offset + most;
        if fate.is_err() && !self.tears_sectors {
            end = (end - end % SECTOR).max(offset);
        }
        if end > offset {
            inode.cache.resize(inode.cache.len().max(end), 0);
            inode.cache[offset..end].copy_from_slice(&bytes[..end - offset]);
            inode.dirty.extend(offset / SECTOR..=(end - 1) / SECTOR);
        }
        fate
    }

    pub(super) fn sync(&mut self, id: u64) -> Result<(), Errno> {
        let fate = self.begin(Op::Sync);
        if self.off {
            return fate;
        }
        let mut inode = self.files.remove(&id).expect("an open file is there");
        match fate {
            Ok(()) => {
                inode.disk.resize(inode.cache.len(), 0);
                for sector in std::mem::take(&mut inode.dirty) {
                    inode.write_back(sector, SECTOR);
                }
            }
            Err(_) => {
                let dirty = std::mem::take(&mut inode.dirty);
                self.write_some(&mut inode, &dirty);
                for sector in dirty {
                    if self.chance(2) == 0 {
                        inode.drop_cached(sector);
                    }
                }
            }
        }
        self.files.insert(id, inode);
        fate
    }

    /// Some of these sectors reach the disk, and perhaps the length.
    fn write_some(&mut self, inode: &mut Inode, dirty: &BTreeSet<usize>) {
        if inode.cache.len() > inode.disk.len() {
            let more = self.chance(inode.cache.len() - inode.disk.len() + 1);
            inode.disk.resize(inode.disk.len() + more, 0);
        }
        for &sector in dirty {
            let much = match self.chance(if self.tears_sectors { 3 } else { 2 }) {
                0 => 0,
                1 => SECTOR,
                _ => self.chance(SECTOR),
            };
            inode.write_back(sector, much);
        }
    }

    pub(super) fn crash(&mut self) {
        let mut files = std::mem::take(&mut self.files);
        for inode in files.values_mut() {
            let dirty = std::mem::take(&mut inode.dirty);
            self.write_some(inode, &dirty);
            inode.cache = inode.disk.clone();
        }
        self.files = files;
        let survive = self.chance(self.unsynced.len() + 1);
        for change in std::mem::take(&mut self.unsynced).drain(..survive) {
            apply(&mut self.durable, &change);
        }
        self.names = self.durable.clone();
        self.starts += 1;
        self.left = None;
        self.off = false;
    }
}

fn apply(names: &mut BTreeMap<PathBuf, u64>, change: &[(PathBuf, Option<u64>)]) {
    for (path, id) in change {
        match id {
            Some(id) => names.insert(path.clone(), *id),
            None => names.remove(path),
        };
    }
}

impl Inode {
    /// The first bytes of a sector reach the disk, as far as the file has a length there.
    fn write_back(&mut self, sector: usize, much: usize) {
        let from = sector * SECTOR;
        let to = (from + much).min(self.disk.len()).min(self.cache.len());
        if from < to {
            self.disk[from..to].copy_from_slice(&self.cache[from..to]);
        }
    }

    /// The cache forgets a sector, and reads it from the disk again.
    fn drop_cached(&mut self, sector: usize) {
        let from = (sector * SECTOR).min(self.cache.len());
        let to = (from + SECTOR).min(self.cache.len());
        let known = to.min(self.disk.len()).max(from);
        self.cache[from..to].fill(0);
        if from < known {
            self.cache[from..known].copy_from_slice(&self.disk[from..known]);
        }
    }
}
