//! Destinations, reports and the status. Interim: made from message files.

use super::{Text, texts};
use crate::language::Language;

texts! {
    DESTINATIONS_TAB: "Destinations" / "送信先";
    REPORTS_TAB: "Reports" / "レポート";
    STATUS_TAB: "Status" / "稼働状況";
    NO_BARS: "No reports in this time." / "この期間のレポートはありません。";
    AS_TABLE: "Figures as a table" / "数値を表で見る";
    FROM_THEN: "From" / "開始日時";
    FILTER: "Filter" / "絞り込み";
    FILTER_WRONG: "Nothing was looked for yet: correct what is marked below." / "入力内容に誤りがあるため、まだ検索していません。印の付いた項目を修正してください。";
    MORE_FILTERS: "More filters" / "詳細な条件";
    SHOW_REPORTS: "Show reports" / "レポートを表示";
    RESET_FILTER: "Reset" / "条件をクリア";
    SHARED_BY_ADDRESS: "The address of this page holds the filter: pass it on to share it." / "このページのアドレスには検索条件が含まれています。共有するときはアドレスをそのままお送りください。";
    ANY: "any" / "指定なし";
    SEARCH: "Search" / "検索";
    TIME_RANGE: "Time" / "期間";
    LAST_WEEK: "last 7 days" / "直近7日間";
    LAST_MONTH: "last 30 days" / "直近30日間";
    LAST_QUARTER: "last 90 days" / "直近90日間";
    FROM_UTC: "From (UTC)" / "開始（UTC）";
    TO_UTC: "Until (UTC)" / "終了（UTC）";
    MERCHANT_WITH_ID: "Merchant (ID)" / "加盟店（ID）";
    HOST: "Host" / "ホスト";
    PAGE_KIND: "Kind of page" / "ページの種類";
    DISPOSITION: "What the browser did" / "ブラウザーの動作";
    ENFORCED: "blocked it" / "ブロックした";
    REPORTED_ONLY: "let it through" / "ブロックしなかった";
    NOT_SAID: "does not say" / "不明";
    CARD_IN_REPORT: "Card number" / "カード番号";
    WITH_CARD: "with a card number" / "含む";
    WITHOUT_CARD: "without one" / "含まない";
    COUNTRY_CODE: "Country (two letters)" / "国（2文字）";
    NETWORK: "Network (pseudonym)" / "ネットワーク（仮名）";
    LABEL: "Label" / "ラベル";
    REPORT_TYPE: "Report type" / "レポートの種類";
    POLICY_HASH: "Policy (hash)" / "ポリシー（ハッシュ）";
    TAKE_OUT: "Take this filter out" / "この条件を外す";
    TOO_LONG: "This is longer than anything it could match." / "入力が長すぎます。";
    NO_WORD: "This is none of the choices." / "選択肢から選んでください。";
    NO_COUNTRY: "Write two letters, such as JP." / "JP のように2文字で入力してください。";
    NO_MOMENT: "Write a date and a time, such as 2026-01-31T09:30." / "2026-01-31T09:30 のように日付と時刻を入力してください。";
    ENDS_BEFORE: "The end is not after the beginning." / "終了は開始より後の日時にしてください。";
    TOO_FAR_BACK: "At most 400 days can be looked at in one go." / "一度に表示できる期間は400日までです。";
    NOT_HEXADECIMAL: "Write the 16 digits as a report shows them." / "レポートに表示されている16桁の値を入力してください。";
    NO_ID: "No merchant can have this ID: it has letters, digits, “-”, “_”, “.”." / "加盟店IDの形式ではありません。英数字と「-」「_」「.」が使えます。";
    OVER_TIME: "Reports over time" / "レポート数の推移";
    BARS_LEAD: "A bar leads to its reports." / "棒を選ぶと、その時間帯のレポートに絞り込めます。";
    WHOLE_TIME: "Back to the last 30 days" / "直近30日間に戻す";
    OLDER_REPORTS: "Older reports →" / "以前のレポート →";
    AS_FILE: "As a file" / "ファイルに出力";
    AS_FILE_MORE: "All reports of this filter, newest first, not only those of this page. Merchants can have up to 200,000 in a file, organizations 2,000,000." / "このページだけでなく、条件に合うすべてのレポートを新しい順に出力します。1ファイルの上限は、加盟店では20万件、組織では200万件です。";
    NO_FILE: "There is no file" / "ファイルを作成できませんでした";
    FILES_BUSY: "A file is being made for your organization already. Wait until it has arrived, then try again." / "お客様の組織のファイルを作成中です。ダウンロードが終わってから、もう一度お試しください。";
    FILE_TOO_LONG: "There are more reports than one file may hold. Choose a shorter time or one merchant." / "件数が1ファイルの上限を超えています。期間を短くするか、加盟店を1つに絞ってください。";
    REPORTS_AWAY: "The reports cannot be read now" / "現在、レポートを読み出せません";
    ONE_REPORT: "One report" / "レポートの詳細";
    WHAT_IT_SAYS: "What it says" / "レポートの内容";
    WHERE_FROM: "Where it comes from" / "発生元";
    BODY: "Body" / "本文";
    POLICY: "Policy of the page" / "ページのポリシー";
    NO_POLICY_TEXT: "The text of this policy is not at hand." / "このポリシーの本文は保存されていません。";
    RELATED: "Related reports" / "関連するレポート";
    OCCURRED: "Happened" / "発生日時";
    SAMPLE: "Beginning of the code" / "コードの先頭部分";
    STATUS_CODE: "Status of the page" / "ページのステータス";
    REFERRER: "Page before" / "直前のページ";
    NETWORK_OPERATOR: "Network operator" / "ネットワーク事業者";
    CLIENT: "Browser (pseudonym)" / "ブラウザー（仮名）";
    SAME_DESTINATION: "All to the same destination" / "同じ送信先のレポート";
    SAME_MOMENT: "All of this merchant within five minutes" / "この加盟店の前後5分間のレポート";
    SAME_NETWORK: "All from the same network" / "同じネットワークからのレポート";
    SAME_POLICY: "All of pages with the same policy" / "同じポリシーのページのレポート";
    DESTINATIONS_MORE: "Every place that browsers reported, newest first. Open one to see where it came first and what was decided about it." / "ブラウザーから報告されたすべての送信先です（新しい順）。選択すると、最初に現れた加盟店やこれまでの判断を確認できます。";
    NO_DESTINATIONS: "No destination fits. Ask for less, or for a longer time." / "該当する送信先はありません。条件を減らすか、期間を延ばしてください。";
    NAME_HOLDS: "Name, or part of it" / "名前（一部でも可）";
    NEW_SINCE: "New in the last" / "新しく現れた時期";
    ANY_TIME: "any time" / "すべての期間";
    VERDICT: "Verdict" / "判断";
    ANY_VERDICT: "with a verdict" / "判断あり";
    APPROVED: "Approved" / "承認済み";
    BLOCKED_TAG: "Blocked" / "ブロック中";
    PAYMENT_ONLY: "only payment pages" / "決済ページのみ";
    WITH_ALERT: "only with an alert" / "アラートがあるもののみ";
    ALERTS_ABOUT: "Alerts about it" / "この送信先のアラート";
    BY_DAY: "By day, last 60 days" / "日ごと（直近60日間）";
    NEWEST_REPORTS: "Newest reports" / "最新のレポート";
    ALL_REPORTS: "All reports of it →" / "この送信先のレポートをすべて見る →";
    NEVER_SEEN: "No report of it has been stored from the merchants that you see." / "閲覧できる加盟店からは、まだ報告されていません。";
    WHERE_SEEN: "Where it came, in the order in which it began" / "報告した加盟店（最初に現れた順）";
    BLOCKED_COUNT: "Blocked" / "ブロック数";
    WHAT_STANDS_THERE: "What its reports say" / "レポートの内訳";
    IN_LAST_MONTH: "In the last 30 days" / "直近30日間";
    MOST_FREQUENT: "The most frequent ones." / "件数の多いものだけを表示しています。";
    VERDICTS: "Verdicts" / "判断";
    VERDICTS_MORE: "What is approved raises no alert, unless card numbers go there or it poses as a payment page. What is blocked raises an alert with its first report. Blocked counts more than approved." / "承認した送信先は、カード番号が送られている場合や決済ページを装っている場合を除き、アラートになりません。ブロックした送信先は、最初の1件の報告でアラートになります。承認よりもブロックが優先されます。";
    NO_VERDICT: "Nothing has been decided about it." / "この送信先については、まだ判断されていません。";
    NO_VERDICT_POSSIBLE: "Verdicts are for whole domains, such as vendor.example. This is none." / "判断できるのは vendor.example のようなドメイン単位の送信先のみです。";
    NOT_YOURS_TO_DECIDE: "You cannot decide about it: a verdict counts for everybody who sees the merchant, so one that several organizations share is the operator’s to decide about." / "この送信先について判断する権限がありません。判断は、その加盟店を閲覧するすべての組織に適用されるため、複数の組織が共有する加盟店については運営者が判断します。";
    DECIDE: "Decide" / "判断する";
    FOR_WHICH: "For which merchant" / "対象の加盟店";
    ALL_MERCHANTS: "All merchants" / "すべての加盟店";
    WHY_DECIDED: "Reason" / "理由";
    WHY_MORE: "For whoever reads the verdict later. It stays in the log for good." / "後から見る人のための説明です。記録に残り、削除できません。";
    WHY_MORE_OPERATOR: "For whoever reads the verdict later. It stays in the log for good. About one merchant it is read by every organization that sees the merchant." / "後から見る人のための説明です。記録に残り、削除できません。特定の加盟店についての理由は、その加盟店を閲覧するすべての組織に表示されます。";
    APPROVE: "Approve" / "承認する";
    BLOCK: "Block" / "ブロックする";
    WITHDRAW: "Withdraw" / "取り消す";
    WHY_WITHDRAWN: "Reason to withdraw it" / "取り消す理由";
    DECIDED: "What was decided so far" / "これまでの判断";
    APPROVED_THEN: "Approved" / "承認";
    BLOCKED_THEN: "Blocked" / "ブロック";
    APPROVAL_WITHDRAWN: "Approval withdrawn" / "承認の取り消し";
    BLOCK_WITHDRAWN: "Block withdrawn" / "ブロックの取り消し";
    ANOTHER_ORGANIZATION: "Another organization" / "別の組織";
    WHY_NOT_SHOWN: "The reason is not shown." / "理由は表示されません。";
    NO_PLACE: "Nothing was decided: choose for which merchant." / "判断は保存されていません。対象の加盟店を選択してください。";
    NO_SUCH_MERCHANT: "Nothing was decided: there is no such merchant, or it is not yours to see." / "判断は保存されていません。該当する加盟店がないか、閲覧権限がありません。";
    WHY_WRONG: "Nothing was decided: give a reason of at most 500 characters, on one line." / "判断は保存されていません。理由を改行なしの500文字以内で入力してください。";
    NOT_YOUR_VERDICT: "Nothing was decided: this verdict counts for others too, or is the operator’s. Ask the operator." / "判断は保存されていません。他の組織にも適用される判断、または運営者による判断です。運営者にお問い合わせください。";
    NO_VERDICT_THERE: "Nothing was done: there is no such verdict any more." / "変更はありません。この判断はすでに取り消されています。";
    TOO_MANY_VERDICTS: "Nothing was decided: there are as many verdicts as may be. Withdraw one first." / "判断は保存されていません。件数が上限に達しています。不要な判断を取り消してください。";
    DATABASE_AWAY: "The database does not answer." / "データベースが応答していません。";
    STORING_BEHIND: "Reports arrive faster than they are stored." / "保存が受信に追いついていません。";
    NOTHING_CAME: "Nothing has arrived in the last hour." / "直近1時間に届いたレポートはありません。";
    NOTHING_LOST: "Nothing is lost: what browsers send is kept on the disk and stored as soon as it can be." / "レポートは失われません。受信した内容はディスクに保持され、可能になり次第保存されます。";
    NEWEST_STORED: "Newest report stored" / "最後に保存されたレポート";
    WHAT_BECAME_OF_IT: "What became of the reports of the last 24 hours" / "直近24時間のレポートの処理結果";
    EQUATION_MORE: "Every report that was acknowledged ends in exactly one of these. The hour that has begun counts as a whole." / "受け付けたレポートは、必ずいずれか1つに分類されます。開始時刻を含む1時間は、全体を集計しています。";
    RECEIVED: "received" / "受信";
    STORED: "stored" / "保存";
    FOLDED: "over the limit, counted only" / "上限超過（件数のみ集計）";
    DISCARDED: "not kept" / "保存対象外";
    REFUSED: "not acknowledged" / "受付不可";
    REASON_TRUNCATED: "beyond the size limit" / "サイズ上限を超えた部分";
    REASON_MALFORMED: "not readable" / "読み取れない形式";
    REASON_CANARY: "test reports" / "動作確認用のレポート";
    REASON_LOST: "lost to damage of a disk" / "ディスクの損傷による欠落";
    REASON_UNKNOWN_KEY: "unknown key" / "不明なキー";
    REASON_RETIRED_KEY: "retired key" / "廃止されたキー";
    REASON_NOT_JSON: "no JSON" / "JSON 以外の形式";
    REASON_TOO_LARGE: "too large" / "サイズ超過";
    REASON_METHOD: "wrong method" / "誤ったメソッド";
    REASON_TIMEOUT: "sent too slowly" / "送信のタイムアウト";
    REASON_BROKEN: "broken off" / "送信の中断";
    REASON_ENCODING: "unknown encoding" / "不明なエンコーディング";
    REASON_UNAVAILABLE: "no room at that moment" / "一時的な容量不足";
    BUSIEST: "Merchants with the most reports" / "レポートの多い加盟店";
    NO_SITE: "no merchant" / "加盟店なし";
    THIS_PROCESS: "This installation" / "システムの状態";
    DATABASE: "Database" / "データベース";
    DATABASE_ANSWERS: "answers" / "応答あり";
    DATABASE_SILENT: "does not answer" / "応答なし";
    LOG: "Log on the disk" / "ディスク上のログ";
    NO_INTAKE_HERE: "Reports are taken in by another process, see its metrics." / "レポートの受信は別のプロセスが行っています。そのメトリクスをご覧ください。";
    DETECTION: "Detection" / "検知";
    NO_DETECTION_HERE: "Nothing was judged by this process yet." / "このプロセスで判定したレポートはまだありません。";
    WAITING_SEGMENTS: "Segments waiting" / "待機中のセグメント";
    OLDEST_WAITING: "Oldest of them from" / "最も古いものの受信日時";
    LOG_SPACE: "Disk space of the log" / "ログのディスク使用量";
    FAILED_INSERTS: "Failed inserts since the start, tried again" / "起動後に失敗し、再試行した保存";
    SET_ASIDE: "Segments set aside since the start" / "起動後に退避したセグメント";
    COLLECTORS: "Collectors in the last hour" / "直近1時間のコレクター";
    COLLECTOR: "Collector" / "コレクター";
    SEGMENTS: "Segments" / "セグメント数";
    UNTIL_STORED: "Until stored (99 of 100)" / "保存までの時間（99%）";
    LAST_NOTICES: "Last notices" / "最近の通知";
    NO_NOTICES: "No notice yet." / "通知はまだありません。";
    CHANNEL: "Channel" / "通知先";
    ABOUT: "About" / "内容";
    WHAT_BECAME: "What became of it" / "結果";
    TEST_NOTICE: "Test" / "テスト";
    DELIVERY_SENT: "sent" / "送信済み";
    DELIVERY_WAITING: "waiting" / "送信待ち";
    DELIVERY_HELD: "held back" / "保留中";
    DELIVERY_GIVEN_UP: "given up" / "送信を断念";
}

pub(in crate::web) fn reports_found(language: Language, count: u64) -> String {
    language.pick(
        match count {
            1 => format!("1 report"),
            _ => format!("{count} reports"),
        },
        format!("{count}件"),
    )
}

pub(in crate::web) fn card_digits(language: Language, digits: u64) -> String {
    language.pick(
        match digits {
            1 => format!("1 digit"),
            _ => format!("{digits} digits"),
        },
        format!("{digits}桁"),
    )
}

pub(in crate::web) fn days(language: Language, count: u64) -> String {
    language.pick(
        match count {
            1 => format!("1 day"),
            _ => format!("{count} days"),
        },
        format!("直近{count}日間"),
    )
}

pub(in crate::web) fn at_least_more(language: Language, count: u64) -> String {
    language.pick(
        format!("and at least {count} more"),
        format!("ほか{count}件以上"),
    )
}

pub(in crate::web) fn stored_within(language: Language, seconds: u64) -> String {
    language.pick(
        match seconds {
            1 => format!("Everything that arrives is stored within 1 second."),
            _ => format!("Everything that arrives is stored within {seconds} seconds."),
        },
        format!("届いたレポートはすべて{seconds}秒以内に保存されています。"),
    )
}

pub(in crate::web) fn segments_waiting(language: Language, segments: u64, bytes: &str) -> String {
    language.pick(
        match segments {
            1 => format!("1 segment waits ({bytes}),"),
            _ => format!("{segments} segments wait ({bytes}),"),
        },
        format!("{segments}個のセグメント（{bytes}）が待機しています。"),
    )
}

pub(in crate::web) fn restarts(language: Language, count: u64) -> String {
    language.pick(
        match count {
            1 => format!("started again once"),
            _ => format!("started again {count} times"),
        },
        format!("再起動{count}回"),
    )
}

pub(in crate::web) fn detector_lag(language: Language, seconds: u64) -> String {
    language.pick(
        match seconds {
            1 => format!("1 second behind"),
            _ => format!("{seconds} seconds behind"),
        },
        format!("{seconds}秒の遅れ"),
    )
}

pub(in crate::web) fn sightings(language: Language, count: u64) -> String {
    language.pick(
        match count {
            1 => format!("1 report judged since the start"),
            _ => format!("{count} reports judged since the start"),
        },
        format!("起動後に{count}件を判定"),
    )
}

pub(in crate::web) fn notices_waiting(language: Language, count: u64) -> String {
    language.pick(
        match count {
            0 => format!("No notice waits to be sent."),
            1 => format!("1 notice waits to be sent"),
            _ => format!("{count} notices wait to be sent"),
        },
        format!("送信待ちの通知: {count}件"),
    )
}
