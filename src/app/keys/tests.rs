//! Keys of several collectors, over the boundary of a period and against the clock.

use std::net::IpAddr;

use super::*;
use crate::enrich::{Enricher, MAX_PERIODS_APART, PSEUDONYM_PERIOD};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn later(periods: i64) -> Timestamp {
    Timestamp(NOW.0 + periods * millis(PSEUDONYM_PERIOD))
}

/// What a visitor is called under a key.
fn client(key: &PseudonymKey) -> u64 {
    let address: IpAddr = [192, 0, 2, 1].into();
    Enricher::none().visitor(address, "browser", key).client
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// One with the keys of another, as they stand there now.
    fn copy_of(other: &Self) -> Self {
        let copy = Self::new();
        copy.write(&other.text());
        copy
    }

    /// One in which `text` is the file of pseudonyms.
    fn holding(text: &str) -> Self {
        let folder = Self::new();
        folder.write(text);
        folder
    }

    fn open(&self, now: Timestamp) -> Pseudonyms {
        self.try_open(now).expect("a key")
    }

    fn try_open(&self, now: Timestamp) -> anyhow::Result<Pseudonyms> {
        Pseudonyms::open(self.0.path(), now)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("pseudonym.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).expect("readable")
    }

    fn write(&self, text: &str) {
        fs::write(self.path(), text).expect("writable");
    }

    fn stored(&self) -> Ratchet {
        serde_json::from_str(&self.text()).expect("a key")
    }

    /// Nothing can be written any more, not even by root: no lock can be taken.
    fn close(&self) {
        let lock = self.0.path().join("lock");
        fs::remove_file(&lock).unwrap_or_default();
        fs::create_dir(lock).expect("a folder in its place");
    }
}

#[test]
fn collectors_with_one_file_agree_before_and_after_the_boundary() {
    let first = Folder::new();
    let mut keys = first.open(NOW);
    let mut copied = Folder::copy_of(&first).open(NOW);
    let mut shared = first.open(NOW);
    let stale = Folder::copy_of(&first);
    let before = client(&keys.key());
    assert_eq!(client(&copied.key()), before);
    assert_eq!(client(&shared.key()), before);

    let last = Timestamp(keys.held.end().0 - 1);
    assert!(keys.turn(last).is_none(), "the period is not over");
    let after = client(&keys.turn(keys.held.end()).expect("it is now"));
    assert_ne!(after, before);
    for (name, collector) in [("copied", &mut copied), ("shared", &mut shared)] {
        let turned = collector.turn(collector.held.end()).expect("it is over");
        assert_eq!(client(&turned), after, "{name}");
    }
    assert_eq!(client(&stale.open(later(1)).key()), after, "an old copy");
    assert_ne!(
        client(&Folder::new().open(later(1)).key()),
        after,
        "a stranger"
    );
}

#[test]
fn nothing_on_the_disk_leads_back_to_an_earlier_key() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW);
    let before = folder.text();
    let old = client(&keys.key());
    keys.turn(later(1)).expect("another period");
    for entry in fs::read_dir(folder.0.path()).expect("readable") {
        let path = entry.expect("an entry").path();
        assert_ne!(
            fs::read_to_string(&path).expect("readable"),
            before,
            "{path:?}"
        );
    }
    let again = folder.open(NOW);
    assert_eq!(again.held, keys.held);
    assert_ne!(client(&again.key()), old);
}

#[test]
fn a_clock_that_goes_back_takes_no_key_back() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW);
    let ahead = client(&keys.turn(later(3)).expect("three periods on"));
    assert_eq!(keys.turn(NOW).as_ref().map(client), None);
    assert_eq!(client(&keys.key()), ahead);
    assert_eq!(client(&folder.open(NOW).key()), ahead, "after a start, too");
    assert!(keys.turn(later(3)).is_none());
    assert!(keys.turn(later(4)).is_some(), "and it goes on from there");
}

#[test]
fn a_clock_gone_mad_changes_nothing() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW);
    let (before, text) = (client(&keys.key()), folder.text());
    for mad in [
        later(MAX_PERIODS_APART + 1),
        Timestamp(0),
        Timestamp(i64::MAX),
    ] {
        assert!(keys.turn(mad).is_none());
        assert_eq!((client(&keys.key()), folder.text()), (before, text.clone()));
    }
    assert!(keys.turn(later(1)).is_some(), "once it is set");
}

#[test]
fn a_folder_that_cannot_be_written_turns_in_memory() {
    let folder = Folder::new();
    let (before, text) = (folder.open(NOW), folder.text());
    let twin = Folder::copy_of(&folder);
    folder.close();
    let mut keys = folder.open(NOW);
    assert_eq!(keys.held, before.held);
    assert!(!keys.said, "nothing had to be written");
    for periods in 1..4 {
        let turned = keys.turn(later(periods)).expect("another period");
        assert_eq!(client(&turned), client(&twin.open(later(periods)).key()));
        assert!(keys.said && keys.turn(later(periods)).is_none());
    }
    assert_eq!(folder.text(), text);
    assert_eq!(folder.open(later(3)).held, keys.held, "after a start, too");

    let empty = Folder::new();
    empty.close();
    let error = format!(
        "{:#}",
        empty.try_open(NOW).expect_err("no key, no place for one")
    );
    assert!(error.contains("put one there"), "{error}");
}

#[test]
fn a_file_that_vanished_is_written_again() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW);
    fs::remove_file(folder.path()).expect("it was there");
    keys.turn(later(1)).expect("another period");
    assert_eq!(folder.stored(), keys.held);
}

#[test]
fn a_file_of_an_earlier_program_is_taken_over() {
    let key: [u8; 32] = std::array::from_fn(|n| u8::try_from(n).expect("small"));
    let dated = |since: Timestamp| {
        let text = serde_json::json!({ "since": since.0, "key": key }).to_string();
        Folder::holding(&text)
    };
    let day = Duration::from_secs(24 * 3600);
    let period = Ratchet::period_at(NOW);
    for (name, since) in [("new", NOW), ("a month old", NOW.minus(31 * day))] {
        let folder = dated(since);
        let mut keys = folder.open(NOW);
        assert_eq!(
            keys.held,
            Ratchet::new(period, key),
            "{name}: pseudonyms stay"
        );
        assert_eq!(folder.stored(), keys.held, "{name}");
        assert!(keys.turn(keys.held.end()).is_some(), "{name}");
    }
    let due = dated(NOW.minus(40 * day)).open(NOW).held;
    assert_eq!(due.period(), period);
    assert_ne!(due, Ratchet::new(period, key), "that one was over");

    let sealed = dated(NOW);
    sealed.close();
    let error = format!(
        "{:#}",
        sealed.try_open(NOW).expect_err("it must be rewritten")
    );
    assert!(error.contains("must be written once"), "{error}");
}

#[test]
fn a_damaged_file_stops_the_start_and_not_the_program() {
    let key = [7; 32];
    let far = Ratchet::period_at(later(MAX_PERIODS_APART + 1));
    let json = |value: serde_json::Value| value.to_string();
    for (name, text, want) in [
        ("empty", String::new(), "is damaged"),
        (
            "cut",
            "{\"period\":645,\"key\":[1,2".to_owned(),
            "is damaged",
        ),
        (
            "a short key",
            json(serde_json::json!({"period": 645, "key": [1, 2]})),
            "is damaged",
        ),
        (
            "far ahead",
            json(serde_json::json!({"period": far, "key": key})),
            "restore the key",
        ),
        (
            "far behind",
            json(serde_json::json!({"period": 1, "key": key})),
            "restore the key",
        ),
        (
            "the end of time",
            json(serde_json::json!({"period": i64::MAX, "key": key})),
            "restore the key",
        ),
        (
            "dated far ahead",
            json(serde_json::json!({"since": i64::MAX, "key": key})),
            "restore the key",
        ),
    ] {
        let folder = Folder::holding(&text);
        let error = format!("{:#}", folder.try_open(NOW).expect_err(name));
        let file = error.contains("pseudonym.json");
        assert!(file && error.contains(want), "{name}: {error}");
        assert_eq!(folder.text(), text, "{name}: it stays as evidence");
    }
    let folder = Folder::new();
    let mut keys = folder.open(NOW);
    let twin = Folder::copy_of(&folder);
    folder.write("{");
    let turned = keys.turn(later(1)).expect("it goes on from memory");
    assert_eq!(client(&turned), client(&twin.open(later(1)).key()));
    assert_eq!(folder.text(), "{");
}

#[test]
fn a_redaction_key_is_made_once_and_shared() {
    let folder = Folder::new();
    let path = folder.0.path().join("redaction.json");
    redaction(folder.0.path()).expect("made");
    let made = fs::read_to_string(&path).expect("readable");
    redaction(folder.0.path()).expect("read");
    assert_eq!(fs::read_to_string(&path).expect("readable"), made);
    let dated = serde_json::json!({ "since": 0, "key": vec![7; 32] }).to_string();
    fs::write(&path, &dated).expect("writable");
    folder.close();
    redaction(folder.0.path()).expect("of an earlier program, in a folder that cannot be written");
}
