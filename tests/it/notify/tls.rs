//! TLS to receivers and to the mail server: an authority that the operator has set is believed, no other is.

use std::sync::Arc;

use skimwatch::finding::Severity::High;
use skimwatch::notify::{Mailer, Notifier, Settings, Smtp, SmtpTls, authorities};
use skimwatch::registry::ChannelKind::{Mail, Slack};

use super::receiver::Receiver;
use super::world::{World, rules};
use crate::support::ca::TestCa;

/// Sends a notice to a webhook and by mail, over TLS to `localhost`, and says what either failed by.
async fn send(ca: &TestCa, name: &str, (trusts, tls): (bool, SmtpTls)) -> (Vec<String>, usize) {
    let mut hook = Receiver::absent("webhook");
    let mut mail = Receiver::absent("mail");
    let identity = ca.issue(name);
    for receiver in [&mut hook, &mut mail] {
        receiver.identity(&identity);
    }
    if tls == SmtpTls::Starttls {
        mail.write("starttls", "");
    }
    hook.start();
    mail.start();
    let mut world = World::new();
    let believed = if trusts {
        authorities(&ca.path()).expect("a file of them")
    } else {
        Vec::new()
    };
    let mailer = Mailer::new(&Smtp {
        host: "localhost".to_owned(),
        port: Some(mail.address.port()),
        tls,
        login: None,
        authorities: believed.clone(),
        from: "alerts@psp.example".to_owned(),
    });
    let settings = Settings {
        allow_private: true,
        authorities: believed,
        ..Settings::default()
    };
    world.notifier = Notifier::new(
        Arc::clone(&world.registry),
        Arc::clone(&world.clock) as _,
        settings,
        Some(mailer.expect("a server")),
    );
    let url = format!("https://localhost:{}/", hook.address.port());
    world.channel("en-pay", (Slack, &[&url]), rules());
    world.channel("en-pay", (Mail, &["security@psp.example"]), rules());
    world.find("evil.example", High, &["shop-a"]);
    world.turn().await;
    let errors = world.listed("en-pay").into_iter().map(|it| it.error);
    let received = hook.received().len() + mail.received().len();
    (errors.collect(), received)
}

#[tokio::test]
async fn only_authorities_that_are_set_are_believed() {
    let ca = TestCa::new();
    for tls in [SmtpTls::Implicit, SmtpTls::Starttls] {
        let (errors, received) = send(&ca, "localhost", (true, tls)).await;
        assert_eq!((errors, received), (vec![String::new(); 2], 2), "{tls:?}");
        for (name, host, trusts) in [
            ("an authority of nobody's", "localhost", false),
            ("another name", "other.example", true),
        ] {
            let (errors, received) = send(&ca, host, (trusts, tls)).await;
            assert_eq!(received, 0, "{tls:?}: {name}");
            assert_eq!(errors.len(), 2, "{tls:?}: {name}");
            for error in errors {
                assert!(error.contains("certificate"), "{tls:?}: {name}: {error}");
            }
        }
    }
}

#[test]
fn a_file_without_authorities_is_refused() {
    let ca = TestCa::new();
    let folder = tempfile::tempdir().expect("a directory");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a file");
    assert!(authorities(&ca.path()).is_ok());
    for file in [empty, folder.path().join("none.pem")] {
        let error = authorities(&file).expect_err("it holds none").to_string();
        assert!(error.contains("notify.tls_ca"), "{error}");
    }
}
