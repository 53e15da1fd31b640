//! Where tenants may lead us: not into the operator's networks, whatever the name resolves to.

use std::net::TcpListener;

use skimwatch::finding::Severity::High;
use skimwatch::registry::ChannelKind::{Slack, Webhook};

use super::world::{World, rules};

#[tokio::test]
async fn private_networks_are_not_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a setting");
    let port = listener.local_addr().expect("an address").port();
    let private = "private network";
    for (kind, url, why) in [
        (Webhook, format!("https://127.0.0.1:{port}/"), private),
        (Slack, format!("https://127.0.0.1:{port}/"), private),
        // A name that leads there, and writings of the address that only the resolver reads.
        (Webhook, format!("https://localhost:{port}/"), private),
        (Webhook, format!("https://127.1:{port}/"), private),
        (Webhook, format!("https://2130706433:{port}/"), private),
        (Webhook, format!("https://0x7f000001:{port}/"), private),
        (Webhook, format!("https://[::1]:{port}/"), private),
        (
            Webhook,
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            private,
        ),
        (Webhook, format!("https://0.0.0.0:{port}/"), private),
        (
            Webhook,
            "https://169.254.169.254/latest/meta-data/".to_owned(),
            private,
        ),
        (Webhook, "https://10.0.0.1/".to_owned(), private),
        (Webhook, format!("http://localhost:{port}/"), "https://"),
    ] {
        let world = World::with(None, false);
        world.channel("en-pay", (kind, &[&url]), rules());
        world.find("evil.example", High, &["shop-a"]);
        assert_eq!(world.turn().await, 1, "{url}");
        let listed = world.listed("en-pay").remove(0);
        assert!(listed.error.contains(why), "{url}: {}", listed.error);
        assert_eq!(listed.waiting, 1, "{url}");
        let reached = listener.accept();
        assert!(reached.is_err(), "{url} was reached");
    }
}

/// The same listener is reached where the operator allows it: the table above proves something.
#[tokio::test]
async fn they_are_where_the_operator_allows_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let world = World::with(None, true);
    let url = format!("http://localhost:{port}/");
    world.channel("en-pay", (Webhook, &[&url]), rules());
    world.find("evil.example", High, &["shop-a"]);
    let hang_up = std::thread::spawn(move || listener.accept().map(drop));
    assert_eq!(world.turn().await, 1);
    hang_up.join().expect("no panic").expect("it was reached");
}
