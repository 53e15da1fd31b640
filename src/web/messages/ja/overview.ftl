### The overview and the lists.

nothing-open = 未解決のアラートはありません
nothing-open-more = すべてのアラートへの対応が完了しているか、アラートがまだ一度も発生していません。
unresolved = 未解決
closed-tab = 対応完了
all-tab = すべて
no-alerts = 該当するアラートはありません。
all-unresolved = 未解決のアラートをすべて見る →
intake = レポートの受信状況
last-minute = 直近1分
last-hour = 直近1時間
last-day = 直近24時間
by-minute = 1分ごと（直近60分）
by-three-hours = 3時間ごと（直近7日間）
coverage = 加盟店別の受信状況
reporting = 直近24時間にレポートあり
silent = 24時間以上レポートなし
never-reported = レポート未受信
alerts-by-state = アラートの対応状況
new-destinations = 新しい送信先（直近30日間）
new-destinations-more = これまでどの加盟店のページからも報告されたことのない送信先です。多くは無害で、攻撃が疑われるものはアラートになります。
no-new-destinations = 直近30日間に新しい送信先はありません。
alert = アラート
merchants-hit = 加盟店数
merchants-with-alerts = 未解決のアラートがある加盟店

chart = { $title }: 合計{ $total }件、棒1本あたり最大{ $most }件。

bar = { $when }: { $reports }件

unresolved-counted = 未解決のアラート: { $count }件

merchants-counted = { $count }加盟店

more = ほか{ $count }件

at-most = 最大: { $most }件
