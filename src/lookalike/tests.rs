//! What is an imitation, and the many names that are none.

use std::collections::BTreeSet;

use super::*;

fn way(domain: &str, own: &[&str]) -> Option<(String, &'static str)> {
    likeness(domain, own.iter().copied()).map(|found| (found.of, found.way.as_str()))
}

#[test]
fn imitations_of_services() {
    for (domain, of, how) in [
        ("google-anaiytics.com", "google-analytics.com", "confusable"),
        ("googie-analytics.com", "google-analytics.com", "confusable"),
        (
            "googletagrnanager.net",
            "googletagmanager.com",
            "confusable",
        ),
        ("paypa1.com", "paypal.com", "confusable"),
        ("xn--strpe-p2e.com", "stripe.com", "confusable"),
        ("paypa1-secure.com", "paypal.com", "confusable"),
        ("jqeury.com", "jquery.com", "misspelled"),
        ("hotjr.com", "hotjar.com", "misspelled"),
        ("mulpay.net", "mul-pay.jp", "misspelled"),
        ("bootstrrap.com", "getbootstrap.com", "misspelled"),
        ("stripe.top", "stripe.com", "suffix"),
        ("mul-pay.icu", "mul-pay.jp", "suffix"),
        ("googletagmanager.net", "googletagmanager.com", "suffix"),
        ("jquery-cdn.com", "jquery.com", "joined"),
        ("secure-paypal.net", "paypal.com", "joined"),
        ("magento-analytics.com", "magento.com", "joined"),
        (
            "www-google-analytics-cdn.com",
            "google-analytics.com",
            "joined",
        ),
        ("cdn2-jquery.xyz", "jquery.com", "joined"),
        ("stripeapi.net", "stripe.com", "joined"),
        ("securepaypal.com", "paypal.com", "joined"),
        ("square-checkout.com", "squareup.com", "joined"),
        ("ec-cube-cdn.com", "ec-cube.net", "joined"),
    ] {
        assert_eq!(way(domain, &[]), Some((of.to_owned(), how)), "{domain}");
    }
}

#[test]
fn imitations_of_a_merchant() {
    let own = [
        "www.claires.com",
        "icing.com",
        "sakura-tea.co.jp",
        "xn--08j3a5b.com",
    ];
    for (domain, of, how) in [
        ("claires-assets.com", "claires.com", "joined"),
        ("pay-claires.net", "claires.com", "joined"),
        ("clairescdn.com", "claires.com", "joined"),
        ("claires.top", "claires.com", "suffix"),
        ("c1aires.com", "claires.com", "confusable"),
        ("clairess.com", "claires.com", "misspelled"),
        ("claire.net", "claires.com", "misspelled"),
        ("sakura-tea-pay.com", "sakura-tea.co.jp", "joined"),
        ("sakura-teaz.com", "sakura-tea.co.jp", "misspelled"),
    ] {
        assert_eq!(way(domain, &own), Some((of.to_owned(), how)), "{domain}");
    }
    for (name, domain) in [
        ("own", "claires.com"),
        ("own, second", "icing.com"),
        ("own, under two labels", "sakura-tea.co.jp"),
        ("own in another country", "claires.co.uk"),
        ("own, unlisted", "claires.net"),
        ("its other shop", "claires-shop.com"),
        ("one word or two", "sakuratea.jp"),
        ("in other words", "sakura-teahouse.jp"),
        ("a short name in a longer one", "icingcake.com"),
        ("a stranger", "matsu-coffee.jp"),
    ] {
        assert_eq!(way(domain, &own), None, "{name}");
    }
    for own in [
        "cdn.com",
        "pay-shop.jp",
        "sora.jp",
        "192.0.2.7",
        "localhost",
        "",
    ] {
        assert_eq!(way("sora-cdn-pay-shop.com", &[own]), None, "{own}");
    }
}

#[test]
fn what_services_own_imitates_nothing() {
    for domain in services::domains() {
        assert_eq!(way(domain, &[]), None, "{domain}");
    }
    for domain in [
        "getbootstrap.com",
        "amazon.de",
        "paypal.me",
        "google.cn",
        "jsdelivr.com",
        "stripe.dev",
        "stripe.github.io",
        "stripe-webhook.herokuapp.com",
        "square.site",
        "apple.top",
        "shopify.com",
    ] {
        assert_eq!(way(domain, &[]), None, "{domain}");
    }
}

/// The lists of services hold thousands of names that other people chose. Without the lists, the names that imitate are
/// those of the imitated themselves.
#[test]
fn names_alone_are_enough() {
    let names = services::domains().filter_map(Name::of);
    let found: BTreeSet<_> = names
        .filter(|name| brands::likeness(name).is_some())
        .map(|name| name.domain)
        .collect();
    let of_the_imitated = [
        "braintree-api.com",
        "braintreepayments.com",
        "cdn-apple.com",
        "cloudfront.ne",
        "images-amazon.com",
        "klarnacdn.net",
        "payments-amazon.com",
        "rakuten-static.com",
        "shopifycdn.com",
        "ssl-images-amazon.com",
        "stripecdn.com",
    ];
    assert_eq!(found, BTreeSet::from(of_the_imitated));
}

#[test]
fn ordinary_names() {
    for domain in [
        "push-cloud.io",
        "cross-desk.jp",
        "metric-flow.com",
        "smartpay-hub.com",
        "cloudflow.net",
        "cart-api.com",
        "query.io",
        "static.com",
        "papal.org",
        "magneto.com",
        "squarespot.com",
        "square-shop.com",
        "apple-farm.jp",
        "applecart.com",
        "klara.ch",
        "payease.jp",
        "cloudfactory.co.jp",
        "striper.com",
        "cdn-pay.com",
        "bootstore.com",
        "jqcompany.com",
        "rakuen.jp",
        "amazing.com",
        "shopily.com",
        "yahagi.jp",
        "google",
        "stripe",
        "192.0.2.1",
        "[::1]",
        "localhost",
        "",
        "xn--.com",
        "xn--a.com",
        "-.com",
    ] {
        assert_eq!(way(domain, &["matsu-coffee.jp"]), None, "{domain}");
    }
}

/// What small companies call themselves: a word, another word, with or without a hyphen.
#[test]
fn names_of_two_words() {
    let first = "
        ad best bright buy cart cash chat click cloud cross data deal edge fast flow form fresh global good insight lead
        link live loop mail market meta metric mobile multi my net next one open order page pay pixel point price prime
        pulse push quick reach real review rocket sale search sell shop signal site smart social spark speed
        stat stream super swift tag tap team tech track trend trust user video visual voice web wise zen";
    let second = "
        able api apple base bee board bot box bridge bridges caster cdn club craft cube deck desk factory flow forge
        front front-end gate grid hub jar kit lab labs lens link list loop lytics mate metrics mind nest page pal pals
        path pay pilot pixel point port press query radar room scope script sense shop shopper space spark square stack
        stat station stripes systems tag tools track unit up wave way works yard";
    for first in first.split_ascii_whitespace() {
        for second in second.split_ascii_whitespace() {
            for domain in [
                format!("{first}{second}.com"),
                format!("{first}-{second}.io"),
                format!("{second}-{first}.top"),
            ] {
                let own = ["matsu-coffee.jp", "greenflow.com"];
                assert_eq!(way(&domain, &own), None, "{domain}");
            }
        }
    }
}
