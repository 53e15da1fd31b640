//! Text → [`Directive`], [`Disposition`], [`Tampering`].

use super::violation::{Directive, Disposition, Tampering};

/// The directive of a report. The effective one, else the first word of the violated one: old browsers
/// give the whole text of the directive there.
pub(super) fn directive(effective: &str, violated: &str) -> Directive {
    [effective, violated]
        .into_iter()
        .filter_map(|text| text.split_ascii_whitespace().next())
        .map(named)
        .next()
        .unwrap_or(Directive::Unknown)
}

fn named(word: &str) -> Directive {
    // As nearly every browser writes it.
    if let Some(directive) = Directive::of_word(word).filter(|&known| known != Directive::None) {
        return directive;
    }
    Directive::ALL
        .iter()
        .copied()
        .filter(|&known| known != Directive::None)
        .find(|known| known.as_str().eq_ignore_ascii_case(word))
        .unwrap_or(Directive::Unknown)
}

/// Whether the browser blocked it. One page of MDN calls a report-only policy's `reporting`.
pub(super) fn disposition(word: &str) -> Disposition {
    match word.trim_ascii() {
        "enforce" => Disposition::Enforce,
        "report" | "reporting" => Disposition::Report,
        _ => Disposition::Unknown,
    }
}

/// Which shape of tampering a violation of this directive would belong to.
pub(super) fn tampering(directive: Directive) -> Tampering {
    match directive {
        Directive::FormAction
        | Directive::FrameSrc
        | Directive::ChildSrc
        | Directive::FencedFrameSrc
        | Directive::ObjectSrc
        | Directive::NavigateTo => Tampering::Link,
        Directive::ConnectSrc
        | Directive::ImgSrc
        | Directive::MediaSrc
        | Directive::FontSrc
        | Directive::ScriptSrc
        | Directive::ScriptSrcElem
        | Directive::ScriptSrcAttr
        | Directive::StyleSrc
        | Directive::StyleSrcElem
        | Directive::StyleSrcAttr
        | Directive::WorkerSrc
        | Directive::ManifestSrc
        | Directive::PrefetchSrc
        | Directive::DefaultSrc
        | Directive::BaseUri
        | Directive::Webrtc
        | Directive::TrustedTypes
        | Directive::RequireTrustedTypesFor => Tampering::Js,
        Directive::BlockAllMixedContent
        | Directive::FrameAncestors
        | Directive::PluginTypes
        | Directive::Sandbox
        | Directive::UpgradeInsecureRequests
        | Directive::Unknown
        | Directive::None => Tampering::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives() {
        for (effective, violated, want) in [
            ("connect-src", "connect-src", Directive::ConnectSrc),
            (
                "",
                "connect-src 'self' https://a.test",
                Directive::ConnectSrc,
            ),
            (" Script-Src-Elem ", "", Directive::ScriptSrcElem),
            ("", "", Directive::Unknown),
            ("none", "", Directive::Unknown),
            ("4111111111111111", "img-src", Directive::Unknown),
        ] {
            assert_eq!(
                directive(effective, violated),
                want,
                "{effective} {violated}"
            );
        }
    }

    #[test]
    fn dispositions() {
        assert_eq!(disposition("enforce"), Disposition::Enforce);
        assert_eq!(disposition("reporting"), Disposition::Report);
        assert_eq!(disposition(""), Disposition::Unknown);
    }
}
