//! Lists of what is noise more often than not: schemes and hosts that follow the visitor, not the page.
//!
//! Gathered from the lists that collectors share. Left out on purpose: whatever a skimmer could rent or
//! resemble (shared clouds and CDNs, tag managers, link shorteners, adware named like analytics).
//! A scheme is compared whole; a host with its end, label by label.

use super::violation::Label;
use super::words::Words;

/// What the scheme of a destination or a source tells, without its colon and in lower case.
pub(super) fn scheme_label(scheme: &str) -> Option<Label> {
    Some(match scheme {
        "chrome-extension"
        | "moz-extension"
        | "safari-extension"
        | "safari-web-extension"
        | "ms-browser-extension"
        | "se-extension"
        | "mxaddon-pkg"
        | "webkit-masked-url"
        | "jar" => Label::Extension,
        "resource"
        | "chrome"
        | "chromenull"
        | "chromeinvoke"
        | "chromeinvokeimmediate"
        | "crwebnull"
        | "crwebinvoke"
        | "crwebimmediate"
        | "safari-resource"
        | "opera"
        | "mx"
        | "mxjscall"
        | "res"
        | "view-source"
        | "mbinit"
        | "ms-appx"
        | "ms-appx-web"
        | "tmtbff"
        | "sraf" => Label::BrowserInternal,
        "webviewprogress"
        | "webviewprogressproxy"
        | "android-webview"
        | "gsa"
        | "wvjbscheme"
        | "nativebaiduhd"
        | "bdvideo"
        | "sinaweibo"
        | "weixin"
        | "weixinping"
        | "com.lge.browser" => Label::Webview,
        // Norton; Trusteer Rapport.
        "symres" | "nikkomsgchannel" => Label::Antivirus,
        _ => return None,
    })
}

/// What a host in lower case tells.
pub(super) fn host_label(host: &str) -> Option<Label> {
    // Each end of the host that begins a label, itself first. Of two entries the longer one counts.
    let mut end = host;
    loop {
        if let Some(label) = label_of(end) {
            return Some(label);
        }
        end = end.split_once('.')?.1;
    }
}

fn label_of(domain: &str) -> Option<Label> {
    let place = NAMES.position(domain.as_bytes())?;
    HOSTS.get(place).map(|&(_, label)| label)
}

static NAMES: Words<{ HOSTS.len() }> = {
    let mut names = [""; HOSTS.len()];
    let mut at = 0;
    while at < HOSTS.len() {
        names[at] = HOSTS[at].0;
        at += 1;
    }
    Words::new(names)
};

const HOSTS: [(&str, Label); 61] = [
    ("gateway.zscaler.net", Label::Proxy),
    ("gateway.zscalertwo.net", Label::Proxy),
    ("login.zscalertwo.net", Label::Proxy),
    ("scansafe.net", Label::Proxy),
    ("block.opendns.com", Label::Proxy),
    ("blackspider.com", Label::Proxy),
    ("ibosscloud.com", Label::Proxy),
    ("kaspersky-labs.com", Label::Antivirus),
    ("injections.adguard.com", Label::Antivirus),
    ("injections.adguard.org", Label::Antivirus),
    ("toolbar.avg.com", Label::Antivirus),
    ("adblockers.opera-mini.net", Label::Antivirus),
    ("www.passpack.com", Label::UserTool),
    ("superfish.com", Label::Adware),
    ("tlscdn.com", Label::Adware),
    ("metrext.com", Label::Adware),
    ("static.image2play.com", Label::Adware),
    ("savingsslider-a.akamaihd.net", Label::Adware),
    ("middlerush-a.akamaihd.net", Label::Adware),
    ("cdncache-a.akamaihd.net", Label::Adware),
    ("resultshub-a.akamaihd.net", Label::Adware),
    ("v.zilionfast.in", Label::Adware),
    ("xls.searchfun.in", Label::Adware),
    ("pulseadnetwork.com", Label::Adware),
    ("x.rafomedia.com", Label::Adware),
    ("a.linkluster.com", Label::Adware),
    ("icontent.us", Label::Adware),
    ("saveyoutime.ru", Label::Adware),
    ("davebestdeals.com", Label::Adware),
    ("jollywallet.com", Label::Adware),
    ("visadd.com", Label::Adware),
    ("cmptch.com", Label::Adware),
    ("dnsqa.me", Label::Adware),
    ("lnkr.us", Label::Adware),
    ("urlvalidation.com", Label::Adware),
    ("adnotbad.com", Label::Adware),
    ("loadingpages.me", Label::Adware),
    ("loadingpages.info", Label::Adware),
    ("partner-net.men", Label::Adware),
    ("adsstrike.pro", Label::Adware),
    ("getpocket.com", Label::UserTool),
    ("www.instapaper.com", Label::UserTool),
    ("feedly.com", Label::UserTool),
    ("grammarly.io", Label::UserTool),
    ("assets.grammarly.com", Label::UserTool),
    ("getpingu.com", Label::UserTool),
    ("goodblock.gladly.io", Label::UserTool),
    ("api.longurl.org", Label::UserTool),
    ("audiocdn.lingualeo.com", Label::UserTool),
    ("mozbar.moz.com", Label::UserTool),
    ("builtwith.com", Label::UserTool),
    ("buffer.com", Label::UserTool),
    ("translate.google.com", Label::Translation),
    ("translate.googleapis.com", Label::Translation),
    ("translate.goog", Label::Translation),
    ("labs.microsofttranslator.com", Label::Translation),
    ("fanyi.baidu.com", Label::Translation),
    ("youdao.com", Label::Translation),
    ("webcache.googleusercontent.com", Label::Translation),
    ("web.archive.org", Label::Translation),
    ("archive.today", Label::Translation),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_labels_are_compared() {
        assert_eq!(
            host_label("gc.kis.v2.scr.kaspersky-labs.com"),
            Some(Label::Antivirus)
        );
        assert_eq!(host_label("notkaspersky-labs.com"), None);
        assert_eq!(
            host_label("shop-example.translate.goog"),
            Some(Label::Translation)
        );
        assert_eq!(scheme_label("chrome"), Some(Label::BrowserInternal));
        assert_eq!(scheme_label("chrome-extension"), Some(Label::Extension));
        assert_eq!(scheme_label("chrome-ext"), None);
    }

    #[test]
    fn shared_places_are_no_noise() {
        for host in [
            "www.googletagmanager.com",
            "stats.g.doubleclick.net",
            "connect.facebook.net",
            "s3.amazonaws.com",
            "d111111abcdef8.cloudfront.net",
            "x.akamaihd.net",
            "cdnanalytics.xyz",
            "netanalitics.space",
            "bit.ly",
        ] {
            assert_eq!(host_label(host), None, "{host}");
        }
    }
}
