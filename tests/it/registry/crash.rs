//! Killed for real in the middle of changes: the control state holds all of a change or nothing of it, and so does the
//! audit log.

use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;

use serde_json::json;
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::registry::Registry;
use skimwatch::scope::Scope;
use skimwatch::sites::SharedSites;

use crate::support::skimwatch::Skimwatch;

/// Sites in each file: enough for a change to take a while.
const SITES: usize = 3000;

/// The command is killed as soon as the file beside the database has grown by so many bytes; the last ones are never
/// reached, so that some commands end by themselves.
const MOMENTS: [u64; 12] = [
    0,
    1,
    40_000,
    100_000,
    200_000,
    400_000,
    600_000,
    800_000,
    1_000_000,
    1_400_000,
    2_000_000,
    u64::MAX,
];

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

/// Kills it when its log has grown so far, unless it ends before.
fn kill_at(mut command: Child, wal: &Path, grown: u64) -> bool {
    let before = length(wal);
    loop {
        if let Some(status) = command.try_wait().expect("its state is known") {
            return status.success();
        }
        if length(wal).saturating_sub(before) >= grown {
            command.kill().expect("it can be killed");
            command.wait().expect("it has ended");
            return false;
        }
        std::thread::yield_now();
    }
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let program = Skimwatch::prepare(&[]);
    let data = program.data();
    program.import(&json!([{"key": "first"}]));
    let (file, wal) = (data.join("control.sqlite"), data.join("control.sqlite-wal"));
    let (mut sites, mut ended) = (1, 0);
    for (round, grown) in MOMENTS.into_iter().enumerate() {
        let merchants = (0..SITES).map(|i| json!({"key": format!("shop-{round}-{i}")}));
        let list = json!({"merchants": merchants.collect::<Vec<_>>()});
        let path = program.folder().join("many.json");
        std::fs::write(&path, list.to_string()).expect("written");
        let mut command = program.command(&["import", &path.display().to_string()]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let done = kill_at(command.spawn().expect("it starts"), &wal, grown);
        ended += usize::from(done);

        let registry = Registry::open(&file, ManualClock::at(Timestamp(1)));
        let registry = Arc::new(registry.expect("the file opens"));
        let count = registry.site_count(&Scope::Operator).expect("readable");
        let there = usize::try_from(count).expect("few") - sites;
        assert!(
            there == 0 || there == SITES,
            "killed at {grown}: {there} sites"
        );
        assert!(!done || there == SITES, "what was acknowledged is there");
        sites += there;
        let head = registry.audit_verify().expect("whole");
        assert_eq!(
            head.entries, sites as u64,
            "killed at {grown}: an entry for each site"
        );
        // The snapshot that stands is one that was published, never half of one.
        let snapshot = SharedSites::open(&data.join("sites.json")).expect("whole");
        let published = snapshot.current().len();
        assert!(
            published <= sites && (published - 1).is_multiple_of(SITES),
            "{published}"
        );
    }
    assert!(
        (1..MOMENTS.len()).contains(&ended),
        "{ended} ended by themselves"
    );
}
