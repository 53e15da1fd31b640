//! The words of notices, English and Japanese side by side.

use crate::cases::{Cause, Late};
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Severity};
use crate::language::Language;
use crate::registry::NoticeKind;

/// A text in each language.
pub(super) type Text = (&'static str, &'static str);

pub(super) const DESTINATION: Text = ("Destination", "送信先");
pub(super) const ACCOUNT: Text = ("Account there", "送信先のアカウント");
pub(super) const SINCE: Text = ("Since", "最初のレポート");
pub(super) const WHY: Text = ("Why we think so", "検知の理由");
pub(super) const FIRST: Text = ("What to do first", "まず行うこと");
pub(super) const OPEN: Text = ("Open the alert", "アラートを開く");
pub(super) const NEWS: Text = ("In order", "発生順");

/// How soon to look.
pub(super) fn severity(language: Language, severity: Severity) -> &'static str {
    match severity {
        Severity::Low => language.pick("Low", "低"),
        Severity::Medium => language.pick("Medium", "中"),
        Severity::High => language.pick("High", "高"),
        Severity::Critical => language.pick("Critical", "緊急"),
    }
}

/// The first words of a title.
pub(super) fn marked(language: Language, severity_word: &str, title: &str) -> String {
    language.pick(
        format!("[{severity_word}] {title}"),
        format!("【{severity_word}】{title}"),
    )
}

/// What an alert is about.
pub(super) fn about(language: Language, kind: FindingKind, destination: &str) -> String {
    match kind {
        FindingKind::Exfiltration => language.pick(
            format!("Card data may be leaving for {destination}"),
            format!("カード情報が {destination} へ送信されている可能性があります"),
        ),
        FindingKind::ForeignScript => language.pick(
            format!("Unknown code from {destination} may be running on payment pages"),
            format!("{destination} の不審なスクリプトが決済ページで動作している可能性があります"),
        ),
        FindingKind::FakePaymentPage => language.pick(
            format!("Shoppers may be led to a fake payment page at {destination}"),
            format!("購入者が {destination} の偽の決済ページへ誘導されている可能性があります"),
        ),
        FindingKind::SuspectReports => language
            .pick(
                "What is reported of a payment page cannot be believed",
                "決済ページからのレポートが信頼できない状態です",
            )
            .to_owned(),
    }
}

/// What of it is new, before what it is about; empty where that is new itself.
pub(super) fn prefix(language: Language, kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Raised | NoticeKind::Test => "",
        NoticeKind::Worsened => language.pick("More severe: ", "重要度の上昇: "),
        NoticeKind::Reopened => language.pick("Not over: ", "再発: "),
        NoticeKind::SiteJoined => language.pick("One more merchant: ", "加盟店の追加: "),
        NoticeKind::MemberJoined => language.pick("One more destination: ", "送信先の追加: "),
        NoticeKind::Contained => language.pick("Contained: ", "封じ込め済み: "),
        NoticeKind::Closed => language.pick("Closed: ", "対応完了: "),
        NoticeKind::Overdue => language.pick("Overdue: ", "対応期限超過: "),
    }
}

/// What is new, in a sentence. `subject` is empty where it may not be told.
pub(super) fn news(language: Language, kind: NoticeKind, subject: &str) -> String {
    let bare = subject.is_empty();
    match kind {
        NoticeKind::Raised => language.pick("An alert was raised.", "新しいアラートを検知しました。").to_owned(),
        NoticeKind::Worsened => language.pick(
            format!("The severity of this alert rose to {subject}."),
            format!("このアラートの重要度が「{subject}」に上がりました。"),
        ),
        NoticeKind::Reopened if bare => language
            .pick(
                "What was contained or closed goes on. The alert is open again.",
                "封じ込め済みまたは対応完了とされた事象が続いています。アラートは「未対応」に戻りました。",
            )
            .to_owned(),
        NoticeKind::Reopened => language.pick(
            format!("What was contained or closed goes on, at {subject}. The alert is open again."),
            format!("封じ込め済みまたは対応完了とされた事象が、{subject} で確認されました。アラートは「未対応」に戻りました。"),
        ),
        NoticeKind::SiteJoined if bare => language
            .pick("One more merchant was hit.", "影響を受けた加盟店が増えました。")
            .to_owned(),
        NoticeKind::SiteJoined => language.pick(
            format!("One more merchant was hit: {subject}."),
            format!("影響を受けた加盟店が増えました: {subject}"),
        ),
        NoticeKind::MemberJoined if bare => language
            .pick("One more destination belongs to this alert.", "このアラートに関連する送信先が加わりました。")
            .to_owned(),
        NoticeKind::MemberJoined => language.pick(
            format!("One more destination belongs to this alert: {subject}"),
            format!("このアラートに関連する送信先が加わりました: {subject}"),
        ),
        NoticeKind::Contained => language
            .pick("It was marked as contained: it does no more harm.", "「封じ込め済み」に変更されました。")
            .to_owned(),
        NoticeKind::Closed => language.pick(
            format!("It was closed. Cause: {subject}."),
            format!("対応が完了しました。原因: {subject}"),
        ),
        NoticeKind::Overdue => overdue(language, subject).to_owned(),
        NoticeKind::Test => language
            .pick(
                "This is a test. Notices of this channel arrive here; nothing is wrong.",
                "これはテスト通知です。このチャンネルの通知はここに届きます。問題は発生していません。",
            )
            .to_owned(),
    }
}

/// What nobody has done in time. `what` is the word of [`Late`].
fn overdue(language: Language, what: &str) -> &'static str {
    match Late::of_word(what) {
        Some(Late::Look) => language.pick(
            "Nobody has looked at this alert in time. Please look at it now.",
            "期限までに確認されていません。至急、確認をお願いします。",
        ),
        Some(Late::LookTwice) => language.pick(
            "Twice the time has passed, and nobody has looked at this alert. The operator has been told too.",
            "確認期限の2倍の時間が経過しましたが、まだ確認されていません。運営者にも連絡しました。",
        ),
        Some(Late::Close) => language.pick(
            "This alert was not closed in time. What caused it, and what was done about it, is not on record yet.",
            "期限までに対応が完了していません。原因と対応内容がまだ記録されていません。",
        ),
        Some(Late::CloseTwice) => language.pick(
            "Twice the time has passed, and this alert is not closed. The operator has been told too.",
            "完了期限の2倍の時間が経過しましたが、まだ完了していません。運営者にも連絡しました。",
        ),
        None => language.pick(
            "What is to be done about this alert is overdue.",
            "このアラートへの対応が期限を過ぎています。",
        ),
    }
}

/// The title of a test.
pub(super) fn test(language: Language, channel: &str) -> String {
    language.pick(
        format!("Skimwatch: test of channel “{channel}”"),
        format!("Skimwatch: チャンネル「{channel}」のテスト通知"),
    )
}

/// The title of several notices together.
pub(super) fn digest(language: Language, number: usize) -> String {
    language.pick(
        format!("{number} notices from Skimwatch"),
        format!("Skimwatch からの{number}件の通知"),
    )
}

/// Why several come together.
pub(super) fn digest_more(language: Language) -> &'static str {
    language.pick(
        "These came up in quiet hours, or beyond the number of messages an hour of this channel. What was critical was \
         sent at once.",
        "静音時間中、またはこのチャンネルの1時間あたりの上限を超えて発生した通知をまとめてお送りします。重要度「緊急」の通知は、\
         その都度お送りしています。",
    )
}

/// Merchants that were hit, and how many.
pub(super) fn merchants(language: Language, number: usize) -> String {
    language.pick(
        format!("Merchants hit ({number})"),
        format!("影響を受けた加盟店（{number}件）"),
    )
}

/// Several, of which only some are named.
pub(super) fn and_more(language: Language, named: &[String], more: usize) -> String {
    let named = named.join(language.pick(", ", "、"));
    match more {
        0 => named,
        more => language.pick(
            format!("{named} and {more} more"),
            format!("{named}、ほか{more}件"),
        ),
    }
}

/// The first thing to do.
pub(super) fn first_step(language: Language, kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Exfiltration => language.pick(
            "Call the merchants, in this order. Have card payment switched off, or moved to a payment page hosted by you, \
             until the cause is found. Have copies saved before anything is removed.",
            "上記の順に加盟店へ電話し、原因が判明するまでカード決済の停止、または自社（決済代行会社）の決済画面への切り替えを\
             依頼してください。削除や修正の前に、証拠の保全を依頼してください。",
        ),
        FindingKind::ForeignScript => language.pick(
            "Call the merchants, in this order, and ask whether they or a supplier of theirs added this code on purpose. If \
             nobody did, treat it as an attack.",
            "上記の順に加盟店へ電話し、自社または委託先が意図して追加したスクリプトかどうかを確認してください。心当たりがない場合は\
             攻撃とみなしてください。",
        ),
        FindingKind::FakePaymentPage => language.pick(
            "Open the checkout of the first merchant on a clean device and see where the payment step leads. Enter no real \
             card. If it is a page of neither the merchant’s nor yours, have card payment switched off.",
            "最初の加盟店の購入手続きを影響のない端末で開き、支払い画面の遷移先を確認してください。実在のカード番号は入力しないで\
             ください。加盟店のものでも自社のものでもない画面であれば、カード決済の停止を依頼してください。",
        ),
        FindingKind::SuspectReports => language.pick(
            "Ask the merchant whether the shop was changed on that day. If it was not, have the payment page looked at as it \
             is delivered.",
            "その日に店舗サイトを変更したかどうかを加盟店に確認してください。変更していない場合は、配信された決済ページを確認して\
             もらってください。",
        ),
    }
}

/// Why it was raised, as it turned out.
pub(super) fn cause(language: Language, word: &str) -> &'static str {
    match Cause::of_word(word) {
        Some(Cause::Skimmer) => language.pick(
            "a script planted in the page copied card data",
            "ページに仕込まれたスクリプトによるカード情報の窃取",
        ),
        Some(Cause::FakePaymentPage) => language.pick(
            "shoppers were led to a fake payment page",
            "偽の決済ページへの誘導",
        ),
        Some(Cause::SupplierCompromise) => language.pick(
            "a supplier of the merchants was broken into",
            "外部サービス提供元への侵害",
        ),
        Some(Cause::LegitimateChange) => {
            language.pick("a change that the merchant meant", "加盟店による正当な変更")
        }
        Some(Cause::PolicyMistake) => language.pick(
            "a mistake in the merchant’s policy",
            "加盟店のポリシー設定ミス",
        ),
        Some(Cause::VisitorSoftware) => language.pick(
            "software of visitors, such as extensions",
            "閲覧者側のソフトウェア（拡張機能など）",
        ),
        Some(Cause::ForgedReports) => {
            language.pick("reports that no page caused", "偽装されたレポート")
        }
        Some(Cause::Test) => language.pick("a test of our own", "自社によるテスト"),
        None => language.pick("unknown", "不明"),
    }
}

/// Who sends this, and to whom.
pub(super) fn closing(language: Language, organization: &str, channel: &str) -> String {
    language.pick(
        format!("Sent by Skimwatch to {organization}, channel “{channel}”. Nobody reads answers."),
        format!("Skimwatch から {organization} のチャンネル「{channel}」への自動送信です。返信はお受けできません。"),
    )
}

/// A moment, to the minute: in Japanese, as clocks in Japan show it.
pub(super) fn moment(language: Language, at: Timestamp) -> String {
    const JST: i64 = 9 * 3_600_000;
    let (at, zone) = language.pick((at, "UTC"), (Timestamp(at.0.saturating_add(JST)), "JST"));
    let text = at.to_string().replace('T', " ");
    format!("{} {zone}", text.get(..16).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text of each language, with what may stand in it.
    fn all(language: Language) -> Vec<String> {
        let mut found = Vec::new();
        for kind in NoticeKind::ALL {
            let subjects = ["", "X", "look", "look-twice", "close", "close-twice"];
            found.extend(subjects.map(|subject| news(language, kind, subject)));
            found.push(prefix(language, kind).to_owned());
        }
        for kind in FindingKind::ALL {
            found.push(about(language, kind, "X"));
            found.push(first_step(language, kind).to_owned());
        }
        let causes = Cause::ALL.map(|it| cause(language, it.as_str()).to_owned());
        found.extend(causes);
        found.extend(Severity::ALL.map(|it| severity(language, it).to_owned()));
        found.extend([
            test(language, "X"),
            digest(language, 2),
            merchants(language, 2),
        ]);
        found.extend([
            digest_more(language).to_owned(),
            closing(language, "X", "X"),
        ]);
        found
    }

    #[test]
    fn every_text_is_in_its_language() {
        let is_japanese = |text: &String| text.chars().any(|c| ('ぁ'..='鿿').contains(&c));
        for (english, japanese) in all(Language::En).iter().zip(&all(Language::Ja)) {
            assert_eq!(english.is_empty(), japanese.is_empty(), "{english}");
            assert!(!is_japanese(english), "{english}");
            assert!(japanese.is_empty() || is_japanese(japanese), "{japanese}");
            assert!(
                !japanese.contains("  "),
                "a line broken in the source: {japanese}"
            );
        }
    }

    #[test]
    fn several_and_moments() {
        let named = ["A".to_owned(), "B".to_owned()];
        assert_eq!(and_more(Language::En, &named, 0), "A, B");
        assert_eq!(and_more(Language::En, &named, 3), "A, B and 3 more");
        assert_eq!(and_more(Language::Ja, &named, 3), "A、B、ほか3件");
        let at = Timestamp(951_782_400_001);
        assert_eq!(moment(Language::En, at), "2000-02-29 00:00 UTC");
        assert_eq!(moment(Language::Ja, at), "2000-02-29 09:00 JST");
    }
}
