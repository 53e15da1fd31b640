//! The work of the pure part, repeated a number of times, for a tool that counts instructions: see `instructions.sh`.
//!
//! `instructions parse|redact|cold ROUNDS` prints how many reports one round has. `parse` is bytes → raw reports,
//! `redact` all of parse, enrich, normalize and redact, with what a running collector remembers of policies and
//! addresses; `cold` is the same in a process that has seen nothing.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::net::IpAddr;

use flate2::read::GzDecoder;
use serde::Deserialize;
use skimwatch::enrich::{Enricher, PseudonymKey};
use skimwatch::intake::Examiner;
use skimwatch::normalize::Profile;
use skimwatch::parse;
use skimwatch::redact::{Harmless, Key, Redactor};

#[derive(Deserialize)]
struct Request {
    user_agent: String,
    body: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let work = args.next().unwrap_or_else(|| "redact".to_owned());
    let rounds: u32 = args.next().map_or(Ok(1), |rounds| rounds.parse())?;
    let requests = requests()?;
    let bench = Bench::new();
    let mut reports = 0;
    for _ in 0..rounds {
        reports = match work.as_str() {
            "parse" => each(&requests, Bench::parse)?,
            "redact" => each(&requests, |request| bench.redact(request))?,
            // What is remembered is remembered by a thread or by a redactor.
            "cold" => std::thread::scope(|scope| {
                let work = || {
                    let bench = Bench::new();
                    each(&requests, |request| bench.redact(request))
                };
                scope.spawn(work).join()
            })
            .map_err(|_panic| "the work ended by a defect")??,
            other => return Err(format!("{other} is none of: parse, redact, cold").into()),
        };
    }
    #[expect(clippy::print_stdout, reason = "the answer of this program")]
    {
        println!("{reports}");
    }
    Ok(())
}

fn each(
    requests: &[Request],
    work: impl Fn(&Request) -> Result<usize, parse::ParseError>,
) -> Result<usize, parse::ParseError> {
    requests.iter().map(work).sum()
}

fn requests() -> Result<Vec<Request>, Box<dyn Error>> {
    let file = File::open(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/bench/bodies.ndjson.gz"
    ))?;
    BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect()
}

struct Bench {
    examiner: Examiner,
    pseudonyms: PseudonymKey,
    profile: Profile,
}

impl Bench {
    fn new() -> Self {
        let own = |text: &str| vec![text.to_owned()];
        Self {
            examiner: Examiner::new(Enricher::none(), Redactor::new(Key::new([7; 32]))),
            pseudonyms: PseudonymKey::new([8; 32]),
            profile: Profile::new(&own("shop.example"), &own("/checkout"), &[]),
        }
    }

    fn parse(request: &Request) -> Result<usize, parse::ParseError> {
        parse::read(request.body.as_bytes(), None, |batch| {
            black_box(&batch).entries.len()
        })
    }

    fn redact(&self, request: &Request) -> Result<usize, parse::ParseError> {
        let mut reports = 0;
        let address = IpAddr::from([192, 0, 2, 7]);
        let visitor = self
            .examiner
            .visitor(address, &request.user_agent, &self.pseudonyms);
        let site = (&self.profile, Harmless::none());
        self.examiner
            .examine((request.body.as_bytes(), None), visitor, site, |entry| {
                reports += 1;
                black_box(&entry);
            })?;
        Ok(reports)
    }
}
