//! The sentences of the reasons, out of the message files. [`sentence`] is the one to know.

use super::evidence::Evidence;
use crate::language::{Language, Text};

/// What the message files hold.
#[deny(dead_code, reason = "nobody translates what nobody reads")]
mod messages {
    use crate::language::{Language, Messages, Number, Text};

    include!(concat!(env!("OUT_DIR"), "/src_finding_messages.rs"));
}
use messages::*;

/// One sentence, for a merchant to read.
pub(super) fn sentence(evidence: &Evidence, language: Language) -> String {
    match *evidence {
        Evidence::NewOnPaymentPages {
            merchants,
            clients: 0,
            networks,
            share,
        } => new_on_payment_pages_in_stretches(language, merchants, networks, share),
        Evidence::NewOnPaymentPages {
            merchants,
            clients,
            networks,
            share,
        } => new_on_payment_pages(language, merchants, clients, networks, share),
        Evidence::FollowsPages { networks, of } => follows_pages(language, networks, of),
        Evidence::AfterPayment { share } => after_payment(language, share),
        Evidence::LooksForged { networks } => looks_forged(language, networks),
        Evidence::OneBrowserFamily { clients } => one_browser_family(language, clients),
        Evidence::ManyBrowserFamilies { families } => many_browser_families(language, families),
        Evidence::CardNumbers { clients, hidden } => match hidden {
            true => disguised_card_numbers(language, clients),
            false => card_numbers(language, clients),
        },
        Evidence::HiddenInFlood {
            merchants,
            networks,
        } => hidden_in_flood(language, merchants, networks),
        Evidence::OneOfMany { destinations } => one_of_many(language, destinations),
        Evidence::OtherPagesToo { share } => other_pages_too(language, share),
        Evidence::Flooded { destinations } => flooded(language, destinations),
        Evidence::Blocked { merchants } => blocked(language, merchants),
        Evidence::FollowsVisitors { merchants } => follows_visitors(language, merchants),
        Evidence::SharedScript { merchants } => shared_script(language, merchants),
        Evidence::KnownForLong { merchants } => known_for_long(language, merchants),
        Evidence::AllowedByPolicies { merchants } => allowed_by_policies(language, merchants),
        Evidence::SpreadsFast { merchants } => spreads_fast(language, merchants),
        Evidence::SpreadsSlowly { merchants } => spreads_slowly(language, merchants),
        Evidence::AllowedSince { merchants } => allowed_since(language, merchants),
        Evidence::PaymentPagesOnly
        | Evidence::SendsOnly
        | Evidence::FormsGoThere
        | Evidence::LooksLikeWidget
        | Evidence::LooksLikeTag
        | Evidence::ByTagManager
        | Evidence::ByItself
        | Evidence::ImitatesService
        | Evidence::ImitatesShop
        | Evidence::WellKnown
        | Evidence::AccountOfService
        | Evidence::CheapName
        | Evidence::ByExtension => fixed(*evidence).of(language).to_owned(),
    }
}

fn fixed(evidence: Evidence) -> Text {
    match evidence {
        Evidence::PaymentPagesOnly => PAYMENT_PAGES_ONLY,
        Evidence::SendsOnly => SENDS_ONLY,
        Evidence::FormsGoThere => FORMS_GO_THERE,
        Evidence::LooksLikeWidget => LOOKS_LIKE_WIDGET,
        Evidence::LooksLikeTag => LOOKS_LIKE_TAG,
        Evidence::ByItself => BY_ITSELF,
        Evidence::ImitatesService => IMITATES_SERVICE,
        Evidence::ImitatesShop => IMITATES_SHOP,
        Evidence::WellKnown => WELL_KNOWN,
        Evidence::AccountOfService => ACCOUNT_OF_SERVICE,
        Evidence::CheapName => CHEAP_NAME,
        Evidence::ByTagManager => BY_TAG_MANAGER,
        _ => BY_EXTENSION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Evidence; 38] = [
        Evidence::NewOnPaymentPages {
            merchants: 4,
            clients: 23,
            networks: 21,
            share: 87,
        },
        Evidence::NewOnPaymentPages {
            merchants: 1,
            clients: 3,
            networks: 3,
            share: 60,
        },
        Evidence::NewOnPaymentPages {
            merchants: 1,
            clients: 1,
            networks: 1,
            share: 100,
        },
        Evidence::NewOnPaymentPages {
            merchants: 2,
            clients: 0,
            networks: 9,
            share: 75,
        },
        Evidence::FollowsVisitors { merchants: 30 },
        Evidence::OneBrowserFamily { clients: 9 },
        Evidence::ManyBrowserFamilies { families: 3 },
        Evidence::PaymentPagesOnly,
        Evidence::OtherPagesToo { share: 40 },
        Evidence::SendsOnly,
        Evidence::FormsGoThere,
        Evidence::LooksLikeWidget,
        Evidence::ByTagManager,
        Evidence::ByExtension,
        Evidence::SharedScript { merchants: 3 },
        Evidence::CardNumbers {
            clients: 1,
            hidden: true,
        },
        Evidence::CardNumbers {
            clients: 5,
            hidden: false,
        },
        Evidence::CardNumbers {
            clients: 0,
            hidden: false,
        },
        Evidence::HiddenInFlood {
            merchants: 1,
            networks: 3,
        },
        Evidence::HiddenInFlood {
            merchants: 2,
            networks: 0,
        },
        Evidence::OneOfMany { destinations: 101 },
        Evidence::KnownForLong { merchants: 1 },
        Evidence::AllowedByPolicies { merchants: 2 },
        Evidence::FollowsPages {
            networks: 21,
            of: 24,
        },
        Evidence::SpreadsFast { merchants: 4 },
        Evidence::SpreadsSlowly { merchants: 4 },
        Evidence::AfterPayment { share: 65 },
        Evidence::ByItself,
        Evidence::AllowedSince { merchants: 1 },
        Evidence::AllowedSince { merchants: 2 },
        Evidence::LooksLikeTag,
        Evidence::ImitatesService,
        Evidence::ImitatesShop,
        Evidence::WellKnown,
        Evidence::AccountOfService,
        Evidence::CheapName,
        Evidence::LooksForged { networks: 1 },
        Evidence::Blocked { merchants: 1 },
    ];

    #[test]
    fn every_reason_in_both_languages() {
        let lines: Vec<String> = ALL
            .iter()
            .flat_map(|it| {
                Language::ALL.map(|language| format!("{}: {}", it.code(), sentence(it, language)))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn the_code_is_what_is_stored() {
        for evidence in ALL {
            let json = serde_json::to_value(evidence).expect("plain figures");
            assert_eq!(json["code"], evidence.code());
            assert_eq!(
                serde_json::from_value::<Evidence>(json).ok(),
                Some(evidence)
            );
        }
    }
}
