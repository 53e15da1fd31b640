### The page of an alert.

what-happened = 何が起きたか
why = 検知の理由
as-of = 判定日時:
points = 点数
reason = 理由
score = スコア
account = アカウント
networks-more = ネットワーク数は「この送信先を報告した数 / 発生後に同じページから何らかのレポートを送った数」です（検知エンジンの最新の集計）。
members = 関連する送信先
members-more = いずれも、共通する加盟店でほぼ同時期に新たに現れたか、直前の送信先と入れ替わるように現れました。このページの件数と加盟店は、すべてを合算したものです。
what-it-does = 役割
severity = 重要度
judged = 以下は、最もスコアの高い送信先についての理由です:
hit-in-order = 影響を受けた加盟店（発生順）
after-first = 最初のレポートからの経過
card-number = カード番号
card-seen = 検出あり
card-not-seen = 検出なし
since = 最初のレポート
raised = 検知
state = 対応状況
timeline = タイムライン
raised-here = 検知
lane-more = グラフの棒の高さは、一定時間ごとのレポート件数を表します。
history = 履歴
detector = 検知エンジン
operator = 運営者
evidence = 根拠となる最新のレポート
evidence-more = ブラウザーから届いたレポートです。カード情報や個人を特定できる値は取り除いてあります。
respond = 対応の記録
acknowledge = 対応を開始する（「対応中」にする）
contain = 封じ込め済みにする（送信は停止済み）
reopen = 未対応に戻す
why-closed = 完了の理由
close = 対応を完了
close-more = 原因を記録して対応を完了する
cause = 原因
choose = 選択してください
note = 実施した対応
note-more = 確認した内容と実施した対応を記録します（必須、2,000文字以内）。カード番号は入力しないでください。

scoring = 各理由の点数は「測定値×重み」です（当てはまるかどうかだけの理由は、重みがそのまま点数になります）。基礎点（どの送信先でも同じ）に点数をすべて加えたものがスコアです。0は判断がつかないこと、値が高いほど攻撃の可能性が高いことを示します。重みは人手で定めたもので、スコアはアラートに優先順位を付けるための目安であり、確率ではありません。

severities-more = 重要度は、{ $medium }点以上で「中」、{ $high }点以上で「高」、2加盟店以上かつ{ $critical }点以上で「緊急」です。影響が1加盟店のみの場合、「高」は{ $alone }点以上とします（符号化されたカード番号が見つかった場合と、他に似せた名前の場合を除く）。加盟店が導入したサービスと見られるものは、最初の{ $hours }時間は「中」にとどめます。

made-of = 基礎点 { $base }、理由の点数 { $sum }

part-of = { $part } / { $whole }

raised-after = 最初のレポートから{ $span }後

lane = { $merchant }: 最初のレポート { $first }、最新のレポート { $last }
