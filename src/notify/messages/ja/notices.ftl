### What those who are to know of an alert are told.

destination = 送信先
account = 送信先のアカウント
since = 最初のレポート
why = 検知の理由
first = まず行うこと
open = アラートを開く
news-in-order = 発生順

low = 低
medium = 中
high = 高
critical = 緊急

marked = 【{ $severity }】{ $title }

about-exfiltration = カード情報が { $destination } へ送信されている可能性があります

about-foreign-script = { $destination } から読み込まれた不審なスクリプトが決済ページで動作している可能性があります

about-fake-page = 購入者が { $destination } の偽の決済ページへ誘導されている可能性があります

about-suspect-reports = 決済ページからのレポートが信頼できない状態です

title-worsened = 重要度の上昇: { $about }

title-reopened = 再発: { $about }

title-site-joined = 加盟店の追加: { $about }

title-member-joined = 送信先の追加: { $about }

title-contained = 封じ込め済み: { $about }

title-closed = 対応完了: { $about }

title-overdue = 対応期限超過: { $about }

news-raised = 新しいアラートを検知しました。

news-worsened = このアラートの重要度が「{ $severity }」に上がりました。

news-reopened = 封じ込め済みまたは対応完了とされた事象が続いています。アラートは「未対応」に戻りました。

news-reopened-at = 封じ込め済みまたは対応完了とされた事象が、{ $merchant } で確認されました。アラートは「未対応」に戻りました。

news-site-joined = 影響を受けた加盟店が増えました。

news-site-joined-at = 影響を受けた加盟店が増えました: { $merchant }

news-member-joined = このアラートに関連する送信先が加わりました。

news-member-joined-at = このアラートに関連する送信先が加わりました: { $destination }

news-contained = 「封じ込め済み」に変更されました。

news-closed = 対応が完了しました。原因: { $cause }

news-test = これはテスト通知です。このチャンネルの通知はここに届きます。問題は発生していません。

late-look = 期限までに確認されていません。至急、確認をお願いします。
late-look-twice = 確認期限の2倍の時間が経過しましたが、まだ確認されていません。運営者にも連絡しました。
late-close = 期限までに対応が完了していません。原因と対応内容がまだ記録されていません。
late-close-twice = 完了期限の2倍の時間が経過しましたが、まだ完了していません。運営者にも連絡しました。
late = このアラートへの対応が期限を過ぎています。

test = Skimwatch: チャンネル「{ $channel }」のテスト通知

digest = Skimwatch からの{ $number }件の通知

digest-more = 静音時間中、またはこのチャンネルの1時間あたりの上限を超えて発生した通知をまとめてお送りします。重要度「緊急」の通知は、その都度お送りしています。

merchants = 影響を受けた加盟店（{ $number }件）

and-next = { $before }、{ $next }

and-others = { $named }、ほか{ $more }件

first-exfiltration = 上記の順に加盟店へ電話し、原因が判明するまでカード決済の停止、または自社（決済代行会社）の決済画面への切り替えを依頼してください。削除や修正の前に、証拠の保全を依頼してください。
first-foreign-script = 上記の順に加盟店へ電話し、加盟店自身またはその委託先が意図して追加したスクリプトかどうかを確認してください。心当たりがない場合は攻撃とみなしてください。
first-fake-page = 最初の加盟店の購入手続きを安全な端末で進め、支払い画面の遷移先を確認してください。実在のカード番号は入力しないでください。加盟店のものでも自社のものでもない画面であれば、カード決済の停止を依頼してください。
first-suspect-reports = その日に店舗サイトを変更したかどうかを加盟店に確認してください。変更していない場合は、配信された決済ページを確認してもらってください。

skimmer = ページに仕込まれたスクリプトによるカード情報の窃取
fake-page = 偽の決済ページへの誘導
supplier = 外部サービス提供元への侵害
legitimate = 加盟店による正当な変更
policy-mistake = 加盟店のポリシー設定ミス
visitor = 閲覧者側のソフトウェア（拡張機能など）
forged = 偽のレポート
test-of-ours = 自社によるテスト
unknown = 不明

closing = Skimwatch から { $organization } のチャンネル「{ $channel }」への自動送信です。返信はお受けできません。
