//! What stands on every page, in tables, and where there is nothing to show.

use super::{Text, texts};
use crate::language::Language;

texts! {
    OVERVIEW: "Overview" / "概要";
    ALERTS: "Alerts" / "アラート";
    MERCHANTS: "Merchants" / "加盟店";
    NAVIGATION: "Main navigation" / "メインナビゲーション";
    SKIP: "Skip to the content" / "本文へ移動";
    LOG_OUT: "Log out" / "ログアウト";
    LOG_IN: "Log in" / "ログイン";
    LOG_IN_MORE: "Enter the access token that was set for this installation. It counts until the first operator can log in." / "この環境に設定されたアクセストークンを入力してください。最初の運営者がログインできるようになるまで有効です。";
    TOKEN: "Access token" / "アクセストークン";
    WRONG_TOKEN: "That token is not valid here." / "トークンが正しくありません。";
    FOOTER: "Skimwatch reads the reports that browsers send when a page breaks its Content-Security-Policy. Silence is no proof of safety." / "Skimwatch は、ページがコンテンツセキュリティポリシー（CSP）に違反した際にブラウザーが送るレポートを収集・分析します。レポートがないことは、安全であることの証明ではありません。";
    AWAY: "Reports cannot be read now: the database does not answer. What you see comes from the control state; nothing that browsers send is lost." / "現在、データベースが応答しないためレポートを読み出せません。管理情報のみを表示しています。ブラウザーから届くレポートは失われません。";
    UNKNOWN_NOW: "cannot be read now" / "現在読み出せません";

    NOT_FOUND: "There is nothing here" / "ページが見つかりません";
    NOT_FOUND_MORE: "The address is wrong, or what it named is not yours to see." / "アドレスが誤っているか、閲覧権限がありません。";
    FORBIDDEN: "You may look, but not do this" / "この操作の権限がありません";
    FORBIDDEN_MORE: "Your role does not include it. Ask an administrator of your organization." / "お使いの権限では行えません。組織の管理者にお問い合わせください。";
    FOREIGN: "This form was not accepted" / "フォームを受け付けられませんでした";
    FOREIGN_MORE: "It did not come from a page of your present session. Go back, reload the page and try again." / "現在のセッションのページから送信されたものではありません。戻って再読み込みしてから、もう一度お試しください。";
    TOO_MANY: "Too many wrong attempts" / "ログインの誤りが続きました";
    TOO_MANY_MORE: "Wait a minute, then try again." / "1 分ほど待ってから、もう一度お試しください。";
    BAD_FORM: "Something is missing in the form" / "入力内容に不足があります";
    BAD_FORM_MORE: "To close an alert, choose its cause." / "対応を完了するには、原因を選択してください。";
    LONG_NOTE: "The note is too long" / "メモが長すぎます";
    LONG_NOTE_MORE: "It may have 2,000 characters. Nothing was changed." / "2,000文字以内で入力してください。変更は保存されていません。";
    STATE_CHANGED: "The alert is not where it was" / "アラートの状態が変わっています";
    STATE_CHANGED_MORE: "Somebody changed its state in the meantime, so nothing was done. Look at it again." / "他の担当者が状態を変更したため、操作は行われませんでした。最新の内容をご確認ください。";
    INTERNAL: "Something went wrong on this side" / "システム側で問題が発生しました";
    INTERNAL_MORE: "The log says what. Try again, and if it stays, tell whoever runs this installation." / "詳細はログに記録されています。再度お試しいただき、解消しない場合は管理者にご連絡ください。";
    BACK: "Go back" / "戻る";

    MERCHANT: "Merchant" / "加盟店";
    MERCHANT_ID: "ID" / "加盟店ID";
    DESTINATION: "Destination" / "送信先";
    FIRST_REPORT: "First report" / "最初のレポート";
    LAST_REPORT: "Last report" / "最新のレポート";
    REPORTS: "Reports" / "レポート数";
    BROWSERS: "Browsers" / "ブラウザー数";
    NETWORKS: "Networks" / "ネットワーク数";
    DIRECTIVE: "Directive" / "ディレクティブ";
    DIRECTIVES: "Directives" / "ディレクティブ";
    PAGE: "Page" / "ページ";
    PAGE_KINDS: "Pages" / "ページの種類";
    BLOCKED: "Sent to" / "送信先の URL";
    SOURCE: "Script named as source" / "発生元スクリプト";
    BROWSER: "Browser" / "ブラウザー";
    COUNTRY: "Country" / "国";
    NOW: "now" / "現在";
    TIMES: "Times are UTC." / "日時は UTC で表示しています。";
    LOCAL_TIMES: "Times are in your time zone:" / "日時はお使いの端末のタイムゾーンで表示しています:";
    TIME: "Time" / "日時";
    CHECKOUT: "payment" / "決済";
    ADMIN: "admin" / "管理画面";
    OTHER_PAGES: "other" / "その他";
    MOBILE: "phone" / "モバイル";
    MASKED: "* stands for a value that was masked." / "「*」は伏せられた値を表します。";
    NO_REPORTS: "No reports." / "レポートはありません。";
    OLDER: "Older →" / "以前のアラート →";
    NEXT_PAGE: "Next page →" / "次のページ →";
    FIRST_PAGE: "← First page" / "← 最初のページ";
    NEVER: "never" / "なし";
}

/// What kind of page a word of the rows means.
pub(in crate::web) fn page_kind(word: &str) -> Text {
    match word {
        "checkout" => CHECKOUT,
        "admin" => ADMIN,
        _ => OTHER_PAGES,
    }
}

/// A family of browsers, as people call it.
pub(in crate::web) fn browser(language: Language, word: &str) -> &str {
    match word {
        "chromium" => language.pick("Chromium", "Chromium 系"),
        "firefox" => "Firefox",
        "webkit" => "Safari",
        word => word,
    }
}
