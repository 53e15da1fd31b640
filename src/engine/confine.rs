//! The cage around the engine's process. [`confine`] is the function to know: the engine writes its own directory, reads
//! what it needs to run, and opens no connection.
//!
//! The rule: call it while the process has one thread. The kernel confines the calling thread and what comes from it, so
//! threads that the library starts later are inside; threads that exist already would stay outside.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

/// What the library and libc read on their way up and while they run.
const READABLE: &[&str] = &[
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/nsswitch.conf",
    "/etc/hosts",
    "/etc/hostname",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/sys",
    "/proc/pressure",
    "/proc/mounts",
    "/proc/cgroups",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/sys/kernel/mm",
    "/sys/block",
    "/dev/urandom",
    "/dev/random",
    "/dev/null",
    "/dev/zero",
];

/// How much of the cage the kernel holds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cage {
    /// All of it: files, TCP, and signals to other processes.
    Full,
    /// Files; an older kernel does not know the rest.
    Partial,
    /// Nothing: the kernel has no Landlock, or it is switched off.
    None,
}

/// No core dumps: they would hold rows and the secret. Best effort: each of the two also works alone.
pub(super) fn forbid_core_dumps() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A core pattern that starts with a pipe ignores the limit, and "not dumpable" stops that one.
    let limited = rustix::process::setrlimit(Resource::Core, none);
    let hidden = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    if let (Err(error), _) | (_, Err(error)) = (limited, hidden) {
        tracing::warn!(%error, "core dumps of the engine could not be forbidden");
    }
}

/// Confines this process: `directory` may be written, `library` and the system's files read, and no TCP port bound or
/// connected to. Ports that are listened on already keep working.
pub(super) fn confine(directory: &Path, library: &Path) -> Result<Cage, RulesetError> {
    let abi = ABI::V6;
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp)?
        .scope(Scope::AbstractUnixSocket | Scope::Signal)?
        .create()?;
    let mut ruleset = allow(
        ruleset,
        directory,
        AccessFs::from_all(abi) & !AccessFs::Execute,
    )?;
    for path in READABLE.iter().map(Path::new).chain([library]) {
        ruleset = allow(ruleset, path, AccessFs::ReadFile | AccessFs::ReadDir)?;
    }
    let status = ruleset.restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Cage::Full,
        RulesetStatus::PartiallyEnforced => Cage::Partial,
        RulesetStatus::NotEnforced => Cage::None,
    })
}

/// A path that is not there needs no rule.
fn allow(
    ruleset: RulesetCreated,
    path: &Path,
    access: landlock::BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    let Ok(fd) = PathFd::new(path) else {
        return Ok(ruleset);
    };
    let access = if path.is_dir() {
        access
    } else {
        access & AccessFs::from_file(ABI::V6)
    };
    ruleset.add_rule(PathBeneath::new(fd, access))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    /// The kernel confines threads, so a thread of the test's own goes into the cage.
    #[test]
    fn the_cage_holds() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = outside.path().join("secret");
        fs::write(&secret, "canary").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let caged = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let cage = confine(inside.path(), Path::new("/nonexistent/library.so")).unwrap();
                assert_ne!(cage, Cage::None, "this test needs a kernel with Landlock");
                fs::write(inside.path().join("data"), "rows").unwrap();
                assert_eq!(
                    fs::read_to_string(inside.path().join("data")).unwrap(),
                    "rows"
                );
                assert!(
                    fs::read_to_string("/proc/self/statm").is_ok(),
                    "its own statistics"
                );
                assert!(fs::read(&secret).is_err(), "reads outside");
                assert!(fs::read("/etc/passwd").is_err(), "reads the system's users");
                assert!(fs::read_dir("/proc").is_err(), "sees other processes");
                assert!(fs::write(&secret, "changed").is_err(), "writes outside");
                assert!(
                    fs::create_dir(outside.path().join("new")).is_err(),
                    "makes directories outside"
                );
                assert!(
                    std::process::Command::new("/bin/true").status().is_err(),
                    "runs programs"
                );
                if cage == Cage::Full {
                    assert!(TcpStream::connect(address).is_err(), "calls");
                    assert!(TcpListener::bind("127.0.0.1:0").is_err(), "listens");
                }
            });
            thread.join()
        });
        assert!(caged.is_ok());
        assert_eq!(fs::read_to_string(&secret).unwrap(), "canary");
        assert!(TcpStream::connect(address).is_ok(), "this thread is free");
    }
}
