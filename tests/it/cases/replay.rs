//! A detector that starts over tells everything again.

use std::collections::BTreeSet;

use proptest::prelude::*;
use skimwatch::cases::{Cause, Recorded, Triage};
use skimwatch::finding::Severity;

use super::{Bench, START, alert_of, close, finding};

/// What happens in one second.
#[derive(Clone, Debug)]
enum Step {
    Found(usize, Severity, u8, BTreeSet<usize>),
    Done(usize, Triage),
}

const DESTINATIONS: [&str; 2] = ["evil.example", "other.example"];
const SITES: [&str; 4] = ["a", "b", "c", "d"];

fn step() -> impl Strategy<Value = Step> {
    let which = 0..DESTINATIONS.len();
    let severity = prop::sample::select(&Severity::ALL[..]);
    let sites = prop::collection::btree_set(0..SITES.len(), 1..SITES.len());
    let triage = prop::sample::select(vec![
        Triage::Acknowledge,
        Triage::Contain,
        close(Cause::Skimmer),
        close(Cause::Test),
        Triage::Reopen,
    ]);
    prop_oneof![
        3 => (which.clone(), severity, 0..9_u8, sites)
            .prop_map(|(which, severity, score, sites)| Step::Found(which, severity, score, sites)),
        1 => (which, triage).prop_map(|(which, triage)| Step::Done(which, triage)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_detector_that_starts_over_changes_nothing(steps in prop::collection::vec(step(), 1..24)) {
        let bench = Bench::new();
        let mut findings = Vec::new();
        for (second, step) in (0..).zip(steps) {
            match step {
                Step::Found(which, severity, score, sites) => {
                    let sites: Vec<&str> = sites.into_iter().map(|i| SITES[i]).collect();
                    let mut found =
                        finding(DESTINATIONS[which], severity, (START, second), &sites);
                    found.score = f64::from(score);
                    findings.push(found.clone());
                    bench.cases.record(&[found]).expect("taken down");
                }
                // Most cannot follow from where the alert is, or there is none: then nothing changes.
                Step::Done(which, triage) => drop(bench.triage(&alert_of(DESTINATIONS[which]), &triage)),
            }
        }
        let before = bench.rows();
        let recorded = bench.cases.record(&findings).expect("taken down");
        prop_assert_eq!(recorded, Recorded::default());
        prop_assert_eq!(bench.rows(), before);
    }
}
