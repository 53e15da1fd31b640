//! The demo shop's pages: the checkout with the control beside it, and the thanks.
//!
//! The rule: no style and no script in the markup. The policy forbids them, as it should.

use maud::{DOCTYPE, Markup, html};

use super::words::{Language, Words};

/// The checkout page.
pub(super) fn checkout(language: Language, pages: &str) -> String {
    let words = language.words();
    let main = html! {
        div.stage {
            (control(words, pages))
            section.shop aria-label=(words.shop) {
                (header(language, "/checkout"))
                (steps(words))
                div.columns {
                    (form(language))
                    (order(words))
                }
                footer { (words.fine_print) }
            }
        }
        script src="/control.js" {}
    };
    page(language, words.checkout, &main)
}

/// The page after paying.
pub(super) fn thanks(language: Language) -> String {
    let words = language.words();
    let main = html! {
        section.shop.narrow {
            (header(language, "/checkout"))
            div.thanks {
                h1 { (words.thanks) }
                p { (words.thanks_detail) }
                p { a.button href={ "/checkout?lang=" (language.tag()) } { (words.back) } }
            }
        }
    };
    page(language, words.thanks, &main)
}

fn page(language: Language, title: &str, main: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (language.words().shop) }
                link rel="icon" type="image/svg+xml" href="/tea.svg";
                link rel="stylesheet" href="/shop.css";
            }
            body { main { (main) } }
        }
    };
    whole.into_string()
}

fn header(language: Language, path: &str) -> Markup {
    html! {
        header {
            p.brand { span.seal lang="ja" aria-hidden="true" { "茶" } (language.words().shop) }
            nav aria-label="Language / 言語" {
                @for (other, name) in [(Language::Ja, "日本語"), (Language::En, "English")] {
                    @if other == language {
                        span aria-current="true" { (name) }
                    } @else {
                        a href={ (path) "?lang=" (other.tag()) } lang=(other.tag()) { (name) }
                    }
                }
            }
        }
    }
}

fn steps(words: &Words) -> Markup {
    let [cart, delivery] = words.steps;
    html! {
        ol.steps {
            li { (cart) }
            li { (delivery) }
            li aria-current="step" { (words.payment) }
        }
    }
}

/// The fields have no names: what is in them is not sent, not even to this shop.
fn form(language: Language) -> Markup {
    let words = language.words();
    html! {
        form method="post" action={ "/pay?lang=" (language.tag()) } autocomplete="off" {
            h1 { (words.payment) }
            p.hint #card-hint { (words.test_card) }
            (field("card-number", words.number, "4111 1111 1111 1111", true))
            div.pair {
                (field("card-expiry", words.expiry, "12/28", true))
                (field("card-code", words.code, "123", true))
            }
            (field("card-holder", words.holder, "HANAKO YAMADA", false))
            button type="submit" { (words.pay) }
        }
    }
}

fn field(id: &str, label: &str, value: &str, digits: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input #(id) type="text" value=(value) autocomplete="off" spellcheck="false"
                inputmode=[digits.then_some("numeric")] maxlength="40" aria-describedby="card-hint";
        }
    }
}

fn order(words: &Words) -> Markup {
    html! {
        section.order {
            h2 { (words.order) }
            div.item {
                img src="/tea.svg" width="96" height="96" alt=(words.product_alt);
                div {
                    p.name { (words.product) }
                    p { (words.product_detail) }
                }
            }
            dl {
                div { dt { (words.subtotal) } dd { (words.price) } }
                div { dt { (words.shipping) } dd { (words.free) } }
                div.total { dt { (words.total) } dd { (words.price) } }
            }
            address { b { (words.deliver_to) } (words.address) }
        }
    }
}

/// What is not the shop: it explains, plants, and tells what the browser did.
fn control(words: &Words, pages: &str) -> Markup {
    let alert = format!("{}/", pages.trim_end_matches('/'));
    html! {
        aside aria-labelledby="demo-title" {
            p.tag { (words.demo) }
            h2 #demo-title { (words.demo_title) }
            @for sentence in words.explain { p { (sentence) } }
            button #plant type="button" { (words.plant) }
            div #status role="status" aria-live="polite" {
                ol {
                    li data-step="planted" hidden { (words.planted) }
                    li data-step="copied" hidden { (words.copied) " " code data-fill="host" {} }
                    li data-step="blocked" hidden { (words.blocked) " " code data-fill="blocked" {} }
                    li data-step="reported" hidden { (words.reported) }
                }
                p data-step="nothing" hidden { (words.nothing_blocked) }
            }
            p data-step="reported" hidden {
                a.button href=(alert) target="_blank" rel="noopener" { (words.see_alert) }
                " "
                a href="" { (words.again) }
            }
            p.safe { (words.safe) }
        }
    }
}
