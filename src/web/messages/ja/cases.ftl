### The closed sets of cases: kinds, severities, states, causes, events.

receives = データの送信先
runs-code = スクリプトの読み込み元
poses = 購入者の誘導先
floods = レポートの大量発生
low = 低
medium = 中
high = 高
critical = 緊急
open = 未対応
acknowledged = 対応中
contained = 封じ込め済み
closed = 対応完了
skimmer = ページに仕込まれたスクリプトによるカード情報の窃取
fake-page = 偽の決済ページへの誘導
supplier = 外部サービス提供元への侵害
legitimate = 加盟店による正当な変更
policy-mistake = 加盟店のポリシー設定ミス
visitor = 閲覧者側のソフトウェア（拡張機能など）
forged = 偽のレポート
test = 自社によるテスト
late-look = まだ誰も確認していません
late-look-twice = 期限の2倍が過ぎても未確認のため、運営者に連絡しました
late-close = まだ完了していません
late-close-twice = 期限の2倍が過ぎても未完了のため、運営者に連絡しました

title-exfiltration = カード情報が { $destination } へ送信されている可能性があります

title-foreign-script = { $destination } から読み込まれた不審なスクリプトが決済ページで動作している可能性があります

title-fake-page = 購入者が { $destination } の偽の決済ページへ誘導されている可能性があります

title-suspect-reports = 決済ページからのレポートが信頼できない状態です

look-within = 確認期限まであと{ $span }

look-overdue = 未確認のまま、確認期限を{ $span }超過

close-within = 完了期限まであと{ $span }

close-overdue = 未完了のまま、完了期限を{ $span }超過

quarter = 直近90日間: 検知 { $raised }件、確認済み { $share }%、期限超過 { $overdue }件。

median-look = 確認までの時間（中央値）: { $look }。

median-times = 確認までの時間（中央値）: { $look }、完了までの時間（中央値）: { $close }。

event-raised = アラートを検知しました（重要度: { $severity }）

raised-at = アラートを検知しました（重要度: { $severity }）: 最初の加盟店 { $first }{ $more ->
    [0] { "" }
   *[other] 、ほか{ $more }加盟店
}

event-worsened = 重要度が「{ $severity }」に上がりました

event-site-joined = 影響を受けた加盟店が増えました: { $merchant }

event-member-joined = 関連する送信先が加わりました: { $destination }

event-acknowledged = 対応を開始しました（対応中）

event-contained = 「封じ込め済み」に変更しました

event-closed = 対応を完了しました。原因: { $cause }

event-overdue = 対応期限を過ぎました: { $late }

event-reopened = 「未対応」に戻しました

event-reopened-by = { $merchant } で新たに報告されたため、「未対応」に戻りました
