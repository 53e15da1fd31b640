//! The page of a merchant's site.

use super::{Text, texts};
use crate::language::Language;

texts! {
    WAITING: "Waiting for the first report" / "最初のレポートを待っています";
    WAITING_MORE: "Put the header below on the checkout pages and open one of them. This line changes by itself as soon as a browser reports." / "下記のヘッダーを決済ページに設定し、そのページを開いてください。ブラウザーからレポートが届くと、この表示が自動で切り替わります。";
    ARRIVING: "Reports are arriving" / "レポートを受信しています";
    SITE_SILENT: "No report for more than 24 hours" / "24時間以上レポートがありません";
    SITE_SILENT_MORE: "Either nothing broke the policy, or the header is gone. Open a checkout page and look whether the header is still there." / "違反が起きていないか、ヘッダーが外れている可能性があります。決済ページを開き、ヘッダーが設定されているか確認してください。";
    NO_STATUS: "Whether reports arrive cannot be read now" / "レポートの受信状況を現在読み出せません";
    DOMAINS: "Domains" / "ドメイン";
    SETUP: "The header to paste" / "設定するヘッダー";
    SETUP_MORE: "Send these two headers with every checkout page. Begin with the variant that only reports." / "すべての決済ページの応答に、次の2つのヘッダーを付けてください。まず「レポートのみ」から始めます。";
    REPORT_ONLY: "Report only: nothing is blocked" / "レポートのみ（何もブロックしません）";
    ENFORCE: "Enforce: blocks what the policy does not name" / "強制（ポリシーにないものをブロックします）";
    ENFORCE_MORE: "Use this one when the reports name nothing any more that your shop needs: whatever is not in the policy stops working." / "ショップに必要なものがレポートに現れなくなってから使用してください。ポリシーに記載のないものは動作しなくなります。";
    NEEDS_HTTPS: "Both the pages and the address in the header must be HTTPS: Reporting-Endpoints is ignored without it, and browsers on HTTPS pages do not post to plain HTTP." / "ページとヘッダー内のアドレスはどちらも HTTPS である必要があります。HTTPS でない場合 Reporting-Endpoints は無視され、HTTPS のページから HTTP のアドレスへは送信されません。";
    BOTH_WAYS: "Browsers that know report-to use it, with Reporting-Endpoints; all others use report-uri. Leave both in." / "report-to に対応したブラウザーは Reporting-Endpoints の送信先を、それ以外のブラウザーは report-uri を使用します。両方とも残してください。";
    FROM_YOURS: "The policy is the one that was last told for this merchant, with the reports sent here." / "この加盟店について登録済みのポリシーをもとに、レポートの送信先をこちらへ変更しています。";
    FROM_STRICT: "No policy was told for this merchant, so this is a strict one to begin with. In report-only it shows what the pages really use." / "この加盟店のポリシーは未登録のため、厳しめの初期設定を示しています。「レポートのみ」で使うと、実際に使われている送信先が分かります。";
    COPY: "Copy" / "コピー";
    COPIED: "Copied" / "コピーしました";
    NO_KEY: "This merchant has no active key, so there is no address to report to. Add one with: skimwatch site add-key" / "有効なキーがないため、レポートの送信先がありません。skimwatch site add-key コマンドで追加してください。";
    SITE_DESTINATIONS: "New destinations here, last 30 days" / "この加盟店の新しい送信先（直近30日間）";
    SITE_REPORTS: "Newest reports" / "最新のレポート";
    SITE_ALERTS: "Alerts about this merchant" / "この加盟店に関するアラート";
    NO_SITES: "No merchants yet. Import them with: skimwatch import merchants.json" / "加盟店はまだ登録されていません。skimwatch import コマンドで登録してください。";
}

/// How many reports a site has sent.
pub(in crate::web) fn reports(language: Language, count: &str) -> String {
    let noun = if count == "1" { "report" } else { "reports" };
    language.pick(format!("{count} {noun}"), format!("レポート{count}件"))
}
