### Overviews: of many merchants, and of one.

ages = 未解決の期間
age-hour = 1時間未満
age-day = 1日未満
age-week = 7日未満
age-older = 7日以上
overdue = 期限超過 { $count }件

sending = 受信中
sending-more = 直近24時間にレポートあり
silent = 途絶
silent-more = 通常の間隔の10倍を超えてレポートなし
unclear = 判断不可
unclear-more = レポートが少なく、途絶かどうか判断できません
never-reported = 未受信
never-reported-more = レポートを一度も受信していません

matrix = 攻撃ごとの影響加盟店と発生日時
not-hit = 影響なし

verdict-act = 至急ご対応ください。お店からカード情報が流出している可能性があります
verdict-act-more = 下のアラートを開き、記載の手順に沿って対応してください。決済代行会社も同じアラートを確認しています。
verdict-look = ご確認をお願いします
verdict-look-more = 決済ページで、まだ説明のつかない新しい動きが見つかりました。下のアラートを開き、心当たりの有無を記録してください。
verdict-silent = お店からのレポートが途絶えています
verdict-silent-more = これまで届いていたレポートが届かなくなりました。決済ページを開き、ヘッダーが設定されたままになっているか確認してください。
verdict-blind = お店が安全かどうか、まだ判断できません
verdict-blind-more = レポートが届いていない、または少なすぎるサイトがあります。下の一覧から開くと、必要な設定を確認できます。
verdict-calm = 確認できる範囲では、異常はありません
verdict-calm-more = すべてのサイトからレポートが届いており、不審な内容は見つかっていません。ポリシーで許可した送信先や、ポリシーのないページは対象外です。
verdict-away = 現在、状況を判断できません
verdict-away-more = ただいまレポートを読み出せません（レポートは失われていません）。未解決のアラートはありません。
your-sites = お店のサイト
site = サイト
status = 状態
this-week = 今週の変化
this-week-more = 直近7日間に、お店のページから初めて報告された送信先です。多くは無害で、攻撃が疑われるものはアラートになります。
site-unclear = 24時間以上レポートがありません（異常とは限りません）
site-unclear-more = このサイトはもともとレポートが少ないため、届かないことだけでは判断できません。決済ページを開き、ヘッダーが設定されているか確認してください。

merchants-found = { $all }加盟店中 { $count }件
as-csv = CSV をダウンロード
no-such-sites = 条件に合う加盟店はありません。条件を減らしてください。
previous-page = ← 前のページ
platform = ショップのソフトウェア
filter-list = 絞り込む
selected = 選択
label-selected = 選択した加盟店のラベル
add-label = 付ける
remove-label = 外す
bad-label = ラベルは変更されませんでした
bad-label-more = ラベルは空白を含まない50文字以内の語で、1サイトにつき16個までです。戻ってもう一度お試しください。

questions = 確認が必要な事項
key-retires = レポート用キーが自動的に廃止される日時:
no-checkout-paths = 決済ページのパスが登録されていないため、ページの種類を判別できません。決済ページのパスを登録してください。
scripts = スクリプト
scripts-more = 直近7日間に決済ページについて報告されたスクリプトです。実行されたもの、ブロックされたもの、何らかの動作の発生元とされたもの（ページ側で偽装可能）を含みます。ポリシーで許可され、違反もしていないスクリプトは含まれません。
no-scripts = 直近7日間に、決済ページで報告されたスクリプトはありません。
script = スクリプト
script-role = 報告の内容
role-source = 発生元として記載
role-blocked = ブロック
role-ran = 実行または試行
policies = ポリシー
policies-more = 直近30日間にブラウザーから返されたポリシーを、新しい順に前のものとの違いとともに示します。ノンスとレポートの送信先は比較しません。
no-policies = 直近30日間に、ブラウザーから返されたポリシーはありません。
first-policy = この期間で最初のポリシーです。
same-rules = 前のポリシーと内容は同じで、書き方だけが異なります。
rule-removed = 削除
rule-added = 追加
whole-policy = ポリシー全文
