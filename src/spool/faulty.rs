//! A disk in memory that does to the spool what disks do: it writes half, runs full, fails to sync and lies
//! about it afterwards, and loses power. Every chance comes from a seed.
//!
//! What is written stands in a volatile cache until it is synced, in blocks of a sector; names stand in one
//! until their directory is. A failed sync leaves each block on the disk or not, and in the cache or not, and
//! believes from then on that all is well: that is what Linux does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;

use super::disk::{Disk, DiskFile, Lock};

const SECTOR: usize = 512;

/// What is asked of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Op {
    Read,
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
    pub(super) const ALL: [Self; 9] = [
        Self::Read,
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

/// The disk. Clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Faulty(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    random: u64,
    files: BTreeMap<u64, Inode>,
    next: u64,
    names: BTreeMap<PathBuf, u64>,
    /// Changes of names that are not durable, in order; each is made as a whole.
    unsynced: Vec<Vec<(PathBuf, Option<u64>)>>,
    durable: BTreeMap<PathBuf, u64>,
    /// Fail once.
    faults: Vec<(Op, Errno)>,
    /// Fail always.
    broken: BTreeSet<Op>,
    capacity: Option<usize>,
    /// So many operations until the power goes.
    left: Option<u64>,
    off: bool,
    /// How often the power came back: files opened before that are gone.
    starts: u64,
    /// A sector may be written in part, by a write that fails and when the power goes.
    tears_sectors: bool,
    slow: bool,
}

#[derive(Debug, Default)]
struct Inode {
    cache: Vec<u8>,
    disk: Vec<u8>,
    /// Sectors that the cache knows to be newer.
    dirty: BTreeSet<usize>,
}

impl Faulty {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            random: seed,
            ..State::default()
        })))
    }

    /// From now on a sector may be half written.
    pub(super) fn tear_sectors(&self) {
        self.lock().tears_sectors = true;
    }

    /// Whether it may.
    pub(super) fn tears(&self) -> bool {
        self.lock().tears_sectors
    }

    /// Making a file takes time: one is made ahead.
    pub(super) fn be_slow(&self) {
        self.lock().slow = true;
    }

    /// The next such operation fails.
    pub(super) fn fail_once(&self, op: Op, errno: Errno) {
        self.lock().faults.push((op, errno));
    }

    /// All such operations fail.
    pub(super) fn break_all(&self, op: Op) {
        self.lock().broken.insert(op);
    }

    /// No more room than is used now, and this much.
    pub(super) fn fill_up(&self, room: usize) {
        let mut state = self.lock();
        state.capacity = Some(state.used() + room);
    }

    /// From now on nothing fails.
    pub(super) fn repair(&self) {
        let mut state = self.lock();
        state.faults.clear();
        state.broken.clear();
        state.capacity = None;
        state.left = None;
    }

    /// The power goes after so many operations.
    pub(super) fn cut_power_in(&self, operations: u64) {
        self.lock().left = Some(operations);
    }

    pub(super) fn is_off(&self) -> bool {
        self.lock().off
    }

    /// The power goes and comes back: what is there now?
    pub(super) fn crash(&self) {
        self.lock().crash();
    }

    /// The files there, and what they hold.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.lock();
        let content = |(path, id): (&PathBuf, &u64)| (path.clone(), state.files[id].cache.clone());
        state.names.iter().map(content).collect()
    }

    /// Changes what a file holds, durably: damage.
    pub(super) fn put(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.lock();
        let id = state.names[path];
        let inode = state.files.get_mut(&id).expect("it has a name");
        (inode.cache, inode.disk) = (bytes.to_vec(), bytes.to_vec());
        inode.dirty.clear();
    }

    /// Brings a file, durably.
    pub(super) fn bring(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.lock();
        state.add(path);
        state.sync_names();
        drop(state);
        self.put(path, bytes);
    }

    /// Another disk with the same on it, all of it durable.
    pub(super) fn copy(&self) -> Self {
        let copy = Self::new(1);
        for (path, bytes) in self.files() {
            copy.bring(&path, &bytes);
        }
        copy
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, op: Op) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.lock();
        state.begin(op)?;
        Ok(state)
    }
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

    fn begin(&mut self, op: Op) -> Result<(), Errno> {
        match self.left {
            Some(0) => self.off = true,
            Some(left) => self.left = Some(left - 1),
            None => {}
        }
        if self.off || self.broken.contains(&op) {
            return Err(Errno::IO);
        }
        match self.faults.iter().position(|(fault, _)| *fault == op) {
            Some(at) => Err(self.faults.remove(at).1),
            None => Ok(()),
        }
    }

    fn used(&self) -> usize {
        self.names
            .values()
            .map(|id| self.files[id].cache.len())
            .sum()
    }

    fn find(&self, path: &Path) -> io::Result<u64> {
        let id = self.names.get(path).copied();
        id.ok_or_else(|| Errno::NOENT.into())
    }

    fn add(&mut self, path: &Path) -> u64 {
        self.next += 1;
        self.files.insert(self.next, Inode::default());
        self.name(vec![(path.to_owned(), Some(self.next))]);
        self.next
    }

    fn name(&mut self, change: Vec<(PathBuf, Option<u64>)>) {
        apply(&mut self.names, &change);
        self.unsynced.push(change);
    }

    fn sync_names(&mut self) {
        self.durable = self.names.clone();
        self.unsynced.clear();
    }

    fn write(&mut self, id: u64, bytes: &[u8], offset: usize) -> Result<(), Errno> {
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

    fn sync(&mut self, id: u64) -> Result<(), Errno> {
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

    fn crash(&mut self) {
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

impl Disk for Faulty {
    fn make_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, _: &Path) -> io::Result<Lock> {
        Ok(Box::new(()))
    }

    fn is_swift(&self) -> bool {
        !self.lock().slow
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.begin(Op::List)?.names.keys().cloned().collect())
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        let state = self.lock();
        Ok(state.files[&state.find(path)?].cache.len() as u64)
    }

    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let state = self.begin(Op::Read)?;
        let bytes = &state.files[&state.find(path)?].cache;
        let most = usize::try_from(most).map_or(bytes.len(), |most| most.min(bytes.len()));
        Ok(bytes[..most].to_vec())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.begin(Op::Create)?;
        if state.find(path).is_ok() {
            return Err(Errno::EXIST.into());
        }
        let id = state.add(path);
        Ok(self.handle(&state, id))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.begin(Op::Open)?;
        let id = state.find(path)?;
        Ok(self.handle(&state, id))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.begin(Op::Rename)?;
        let id = state.find(from)?;
        state.name(vec![(from.to_owned(), None), (to.to_owned(), Some(id))]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.begin(Op::Remove)?;
        state.find(path)?;
        state.name(vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        self.begin(Op::SyncDir)?.sync_names();
        Ok(())
    }
}

impl Faulty {
    fn handle(&self, state: &State, id: u64) -> Box<dyn DiskFile> {
        Box::new(Handle {
            disk: self.clone(),
            id,
            starts: state.starts,
        })
    }
}

/// An open file.
#[derive(Debug)]
struct Handle {
    disk: Faulty,
    id: u64,
    starts: u64,
}

impl DiskFile for Handle {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.disk.lock();
        assert_eq!(state.starts, self.starts, "no file is open over a crash");
        let offset = usize::try_from(offset).expect("it fits into memory");
        Ok(state.write(self.id, bytes, offset)?)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(self.disk.lock().sync(self.id)?)
    }
}
