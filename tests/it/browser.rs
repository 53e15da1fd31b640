//! A real browser on a checkout page with a skimmer in it, both ways that browsers send what they see.

use std::time::Duration;

use serde_json::json;

use crate::journey::counted;
use crate::support::ca::TestCa;
use crate::support::chromium::Chromium;
use crate::support::deadline::within;
use crate::support::shop::Shop;
use crate::support::skimwatch::Skimwatch;

const SHOP: &str = "shop.example.test";
const COLLECTOR: &str = "collector.report.test";
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'";
/// What stands on the page. It reaches the collector's memory and nothing behind it.
const CARD: &[u8] = b"4111111111111111";
/// A browser's start, a page, and the first report.
const REPORT: Duration = Duration::from_secs(60);

fn merchants() -> serde_json::Value {
    json!([{
        "key": "demo-shop", "name": "Demo shop", "domains": [SHOP], "country": "JP",
        "checkout_paths": ["/checkout"],
    }])
}

/// Entries of answered submissions.
fn received(program: &Skimwatch) -> u64 {
    program.stats()["total"]["received"]
        .as_u64()
        .expect("a number")
}

/// Both violations are rows, and the card number is on no disk.
fn both_leaks_are_kept_and_the_card_is_not(program: &mut Skimwatch, port: u16) {
    let rows = "SELECT destination, host, directive, disposition, page_kind, document_host, document_path, \
                card_brand, card_length FROM skimwatch.reports ORDER BY destination, directive";
    let expected = [
        "skimmer.test\tevil.skimmer.test\tconnect-src\tenforce\tcheckout\tshop.example.test\t/checkout\tvisa\t16",
        "skimmer.test\tpixel.skimmer.test\timg-src\tenforce\tcheckout\tshop.example.test\t/checkout\tvisa\t16",
    ];
    let seen = within(REPORT, "two rows", || {
        let seen = program.sql(rows);
        (seen.lines().count() >= 2).then_some(seen)
    });
    let host = format!("{SHOP}:{port}");
    assert_eq!(
        seen.replace(&host, SHOP).lines().collect::<Vec<_>>(),
        expected
    );
    // Rows are in before their counts are.
    let stats = counted(program, 2);
    assert_eq!(stats["total"]["stored"], 2, "{stats}");
    assert!(program.stop(), "serve ends well");
    let found = files_with(&program.data(), CARD);
    assert!(found.is_empty(), "the card number stands in {found:?}");
}

fn files_with(folder: &std::path::Path, needle: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the data directory is readable") {
        let path = entry.expect("the data directory is readable").path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file of it is readable");
            if memchr::memmem::find(&bytes, needle).is_some() {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn report_uri_over_http() {
    let mut program = Skimwatch::start(&[]);
    program.import(&merchants());
    let endpoint = format!("http://{COLLECTOR}:{}/r/demo-shop", program.intake.port());
    let policy = format!("{POLICY}; report-uri {endpoint}");
    let shop = Shop::open(vec![("Content-Security-Policy", policy)], None);

    let browser = Chromium::open(
        &format!("http://{SHOP}:{}/checkout", shop.address.port()),
        None,
    );
    within(REPORT, "two reports", || {
        (received(&program) >= 2).then_some(())
    });
    browser.close_page();

    both_leaks_are_kept_and_the_card_is_not(&mut program, shop.address.port());
}

/// Reporting-Endpoints needs HTTPS on both sides and a preflight, as the collector is another origin.
#[test]
fn report_to_over_https() {
    let ca = TestCa::new();
    let identity = ca.issue(COLLECTOR);
    let mut program = Skimwatch::start(&[
        (
            "SKIMWATCH__INTAKE__TLS_CERT",
            &identity.cert.display().to_string(),
        ),
        (
            "SKIMWATCH__INTAKE__TLS_KEY",
            &identity.key.display().to_string(),
        ),
    ]);
    program.import(&merchants());
    let endpoint = format!("https://{COLLECTOR}:{}/r/demo-shop", program.intake.port());
    let headers = vec![
        ("Reporting-Endpoints", format!("csp=\"{endpoint}\"")),
        (
            "Content-Security-Policy",
            format!("{POLICY}; report-to csp"),
        ),
    ];
    let shop = Shop::open(headers, Some(&ca.issue(SHOP)));

    let page = format!("https://{SHOP}:{}/checkout", shop.address.port());
    let browser = Chromium::open(&page, Some(&ca));
    // The first report leaves at once; those behind it wait for a minute, or for the browser to close.
    within(REPORT, "the first report", || {
        (received(&program) >= 1).then_some(())
    });
    browser.close_page();

    both_leaks_are_kept_and_the_card_is_not(&mut program, shop.address.port());
}
