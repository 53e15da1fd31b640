//! The addresses seen lately, each searched and hidden once. [`Sight`] is an address that may be among them.
//!
//! An address is found again by its keyed hash alone, and what is kept of it is what may leave memory. The rule: one in
//! which a card number stands is not remembered, nor is anything that a card number elsewhere in an entry hides further,
//! or that a site's own list shows.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::encodings;
use super::report::CardNumber;
use super::value::Veil;
use crate::generations::Generations;
use crate::normalize::{Address, MAX_ADDRESSES, Subject, Violation};

/// Longest form of an address that is remembered, in bytes.
pub const MAX_REMEMBERED_BYTES: usize = 256;

thread_local! {
    /// Of the thread, because four looks for each report would be as many locks. Redactors have salts of their own, so
    /// what one of them put here no other finds.
    static SEEN: RefCell<Generations<Rc<Forms>>> = RefCell::default();
}

/// The forms in which an address was shown.
type Forms = [OnceCell<Box<str>>; 5];

/// How an address is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Scheme, host, path, names and shapes of the query.
    Url,
    /// Host and path of a script.
    Source,
    /// The path of a page.
    Path,
    /// The host.
    Host,
    /// The registrable domain.
    Domain,
}

/// An address, and what is known of it.
#[derive(Debug)]
pub(super) struct Sight<'v> {
    pub(super) address: &'v Address<'v>,
    /// What it is found by, for one redactor.
    pub(super) hash: u64,
    /// The card number in it.
    pub(super) card: Option<CardNumber>,
    /// If there is none.
    forms: Option<Rc<Forms>>,
}

impl<'v> Sight<'v> {
    /// Looks at an address, or remembers what was seen, for a redactor of this salt.
    pub(super) fn new(address: &'v Address<'v>, salt: u64) -> Self {
        let hash = address.hash() ^ salt;
        let (card, forms) = if address.as_str().is_empty() {
            (None, None)
        } else {
            look(address.as_str(), hash)
        };
        Self {
            address,
            hash,
            card,
            forms,
        }
    }

    /// The address in a form.
    pub(super) fn shown(&self, form: Form, veil: Veil<'_>) -> String {
        // Values that a list lets stay are in this form alone.
        let is_listed = matches!(form, Form::Url) && !veil.harmless.is_empty();
        let forms = self.forms.as_ref().filter(|_| !veil.closed && !is_listed);
        let Some(place) = forms.and_then(|forms| forms.get(form as usize)) else {
            return veil.in_form(form, self.address);
        };
        if let Some(shown) = place.get() {
            return String::from(&**shown);
        }
        let shown = veil.in_form(form, self.address);
        if shown.len() <= MAX_REMEMBERED_BYTES {
            place.get_or_init(|| shown.as_str().into());
        }
        shown
    }
}

fn look(text: &str, hash: u64) -> (Option<CardNumber>, Option<Rc<Forms>>) {
    SEEN.with_borrow_mut(|seen| {
        if let Some(forms) = seen.renew(&hash, MAX_ADDRESSES) {
            return (None, Some(Rc::clone(forms)));
        }
        let card = encodings::find(text);
        let forms = card.is_none().then(Rc::<Forms>::default);
        if let Some(forms) = &forms {
            seen.insert(hash, Rc::clone(forms), MAX_ADDRESSES);
        }
        (card, forms)
    })
}

/// The addresses of an entry.
#[derive(Debug)]
pub(super) struct Sights<'v> {
    pub(super) document: Sight<'v>,
    /// Those of a CSP violation.
    pub(super) sent: Option<Sent<'v>>,
}

/// The addresses that a CSP violation names beside its page.
#[derive(Debug)]
pub(super) struct Sent<'v> {
    pub(super) blocked: Sight<'v>,
    pub(super) referrer: Sight<'v>,
    pub(super) source: Sight<'v>,
}

impl<'v> Sights<'v> {
    /// Those of an entry, for a redactor of this salt.
    pub(super) fn of(violation: &'v Violation<'_>, salt: u64) -> Self {
        let sent = match &violation.subject {
            Subject::CspViolation {
                blocked,
                referrer,
                source,
                ..
            } => Some(Sent {
                blocked: Sight::new(blocked, salt),
                referrer: Sight::new(referrer, salt),
                source: Sight::new(source, salt),
            }),
            Subject::Other { .. } => None,
        };
        Self {
            document: Sight::new(&violation.document, salt),
            sent,
        }
    }
}

impl Veil<'_> {
    fn in_form(&self, form: Form, address: &Address<'_>) -> String {
        match form {
            Form::Url => self.url(address),
            Form::Source => self.source(address),
            Form::Path => self.path_of(address),
            Form::Host => self.host_of(address),
            Form::Domain => self.domain_of(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harmless::Harmless;
    use super::super::key::Key;
    use super::*;

    #[test]
    fn remembered_is_what_is_free_of_numbers_and_as_it_was() {
        let key = Key::new([4; 32]);
        let veil = Veil {
            key: &key,
            harmless: Harmless::none(),
            closed: false,
        };
        for (text, is_kept) in [
            ("https://a.test/x?id=1234567", true),
            ("https://a.test/x?pan=4111111111111111", false),
            ("inline", true),
            ("", false),
        ] {
            let address = Address::from(text);
            let sight = Sight::new(&address, 5);
            for _ in 0..2 {
                assert_eq!(sight.card, encodings::find(text), "{text}");
                for form in [
                    Form::Url,
                    Form::Source,
                    Form::Path,
                    Form::Host,
                    Form::Domain,
                ] {
                    let want = veil.in_form(form, &address);
                    assert_eq!(sight.shown(form, veil), want, "{text} {form:?}");
                }
            }
            let kept = SEEN.with_borrow(|seen| seen.contains(&sight.hash));
            assert_eq!(kept, is_kept, "{text}");
            // Closed by a number elsewhere, and open again.
            let closed = Veil {
                closed: true,
                ..veil
            };
            let want = closed.in_form(Form::Url, &address);
            assert_eq!(sight.shown(Form::Url, closed), want, "{text}");
            assert_eq!(sight.shown(Form::Url, veil), veil.url(&address), "{text}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        for n in 0..MAX_ADDRESSES * 5 {
            let text = format!("https://a.test/{n}");
            let address = Address::from(text.as_str());
            assert_eq!(Sight::new(&address, 5).card, None);
        }
        SEEN.with_borrow(|seen| assert!(seen.len() <= 2 * MAX_ADDRESSES));
    }
}
