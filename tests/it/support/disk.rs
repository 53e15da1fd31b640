//! A disk of a few megabytes that really runs full, in a mount namespace of its own.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A file system in memory, mounted where only those see it who come through [`entrance`](Self::entrance). It
/// lives as long as the value, whatever happens to them.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    /// Keeps the namespace; ends at the end of its standard input.
    keeper: Child,
    path: PathBuf,
}

/// Says when it is mounted, and then waits.
const MOUNT: &str =
    r#"mount -t tmpfs -o "size=$2,mode=0700" small "$1" && echo mounted && exec cat"#;

impl SmallDisk {
    /// Mounts one over a directory, which is made if need be.
    pub(crate) fn over(path: &Path, bytes: u64) -> Self {
        fs::create_dir_all(path).expect("a directory can be made");
        let mut keeper = Command::new("unshare");
        keeper
            .args(["-m", "-Ur"].into_iter().take(namespaces()))
            .args(["sh", "-c", MOUNT, "sh"]);
        keeper.arg(path).arg(bytes.to_string());
        keeper.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = keeper.spawn().expect("unshare (util-linux) is installed");
        let mut said = String::new();
        let out = keeper.stdout.take().expect("it is piped");
        let read = BufReader::new(out).read_line(&mut said);
        assert!(
            read.is_ok() && said == "mounted\n",
            "no disk of its own for this test: it needs root, or user namespaces for everybody \
             (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0)"
        );
        Self {
            keeper,
            path: path.to_owned(),
        }
    }

    /// What a command is put behind to see the disk.
    pub(crate) fn entrance(&self) -> Vec<String> {
        let keeper = self.keeper.id().to_string();
        // Apart, because an argument of theirs may follow at once.
        let entered = ["-m", "-U"].into_iter().take(namespaces());
        let words = ["nsenter", "--preserve-credentials", "-t", &keeper];
        let words = words.into_iter().chain(entered);
        words.map(str::to_owned).collect()
    }

    /// Where the disk is seen from outside.
    pub(crate) fn seen(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        root.join(self.path.strip_prefix("/").expect("an absolute path"))
    }

    /// Takes all the room that is left.
    pub(crate) fn fill(&self) {
        let file = File::options()
            .create(true)
            .append(true)
            .open(self.filler());
        let mut file = file.expect("the disk is there");
        let full = (0..).find_map(|_| file.write_all(&[1; 4096]).err());
        let full = full.expect("it runs full");
        assert_eq!(full.kind(), io::ErrorKind::StorageFull, "{full}");
    }

    /// Gives it back.
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }

    fn filler(&self) -> PathBuf {
        self.seen().join("filler")
    }
}

/// One of mounts, and one of users beside it: root needs none, and may not have any.
fn namespaces() -> usize {
    1 + usize::from(!rustix::process::geteuid().is_root())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().map(drop).unwrap_or_default();
    }
}
