//! Files and folders that only their owner may read. [`replace`] is the function to know.
//!
//! The rule: what stands in the place of another is whole, or not there, and durable when the call returns.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Mode of files.
const FILE: u32 = 0o600;
/// Mode of folders.
const FOLDER: u32 = 0o700;

/// Makes a folder, with those above it. One that is there keeps its mode.
///
/// # Errors
/// What the system says.
pub fn make_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

/// How a file is made that is not there.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(FILE);
    options
}

/// Opens a file to be locked.
///
/// # Errors
/// What the system says.
pub fn open_lock(path: &Path) -> io::Result<File> {
    options().create(true).truncate(false).open(path)
}

/// Puts a file in the place of the one that stands.
///
/// # Errors
/// What the system says; then the old one stands.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = begin(path)?;
    file.write_all(bytes)?;
    publish(&file, path)
}

/// Begins what is to stand at `path`: an empty file beside it.
///
/// # Errors
/// What the system says.
pub fn begin(path: &Path) -> io::Result<File> {
    let file = options().create(true).truncate(true).open(beside(path))?;
    // One left over from a crash keeps its mode unless told.
    file.set_permissions(Permissions::from_mode(FILE))?;
    Ok(file)
}

/// Puts what [`begin`] began, and is written now, in the place of the one that stands.
///
/// # Errors
/// What the system says; then the old one stands, or the new one, which may not be durable.
pub fn publish(file: &File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(beside(path), path)?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_whole_and_its_owners() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("key.json");
        // What a crash left, open to all.
        fs::write(beside(&path), "half of a longer te").expect("written");
        fs::set_permissions(beside(&path), Permissions::from_mode(0o644)).expect("set");
        for text in ["the first, which is longer", "the second"] {
            replace(&path, text.as_bytes()).expect("replaced");
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, FILE);
            assert!(!beside(&path).exists());
        }
    }

    #[test]
    fn what_is_dropped_before_it_is_published_changes_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("sites.json");
        replace(&path, b"stands").expect("replaced");
        drop(begin(&path).expect("begun"));
        assert_eq!(fs::read(&path).expect("there"), b"stands");
    }
}
