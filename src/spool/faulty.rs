//! A disk in memory that does to the spool what disks do: it writes half, runs full, fails to sync and lies
//! about it afterwards, and loses power. Every chance comes from a seed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;

use super::disk::{Disk, DiskFile, Lock};
pub(super) use super::volatile::Op;
use super::volatile::State;

/// The disk. Clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Faulty(Arc<Mutex<State>>);

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
        self.fail_after(op, 0, errno);
    }

    /// So many are done, and the one behind them fails.
    pub(super) fn fail_after(&self, op: Op, done: usize, errno: Errno) {
        self.lock().faults.push((op, done, errno));
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

    /// The process ends and another one begins: the cache stays.
    pub(super) fn kill(&self) {
        let mut state = self.lock();
        state.starts += 1;
        state.left = None;
        state.off = false;
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
        let named = path.file_name().is_some_and(|name| name == "identity");
        let state = self.begin(if named { Op::ReadIdentity } else { Op::Read })?;
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
