### The page of a merchant's site.

waiting = 最初のレポートを待っています
waiting-more = 下記のヘッダーを決済ページに設定し、そのページを開いてください。ブラウザーからレポートが届くと、この表示が自動で切り替わります。
arriving = レポートを受信しています
site-silent = 24時間以上レポートがありません
site-silent-more = ポリシー違反が起きていないか、ヘッダーが外れているかのいずれかです。決済ページを開き、ヘッダーが設定されているか確認してください。
no-status = レポートの受信状況を現在取得できません
domains = ドメイン
setup = 設定するヘッダー
setup-more = すべての決済ページの応答に、次の2つのヘッダーを付けてください。まず「レポートのみ」から始めてください。
report-only = レポートのみ（何もブロックしません）
enforce = 強制（ポリシーにないものをブロックします）
enforce-more = 店舗に必要なものがレポートに現れなくなってから使用してください。ポリシーに記載のないものは動作しなくなります。
needs-https = ページとヘッダー内のアドレスは、どちらも HTTPS である必要があります。HTTPS でない場合 Reporting-Endpoints は無視され、HTTPS のページから HTTP のアドレスへはレポートが送信されません。
both-ways = report-to に対応したブラウザーは Reporting-Endpoints の宛先を、それ以外のブラウザーは report-uri を使用します。両方とも残してください。
from-yours = この加盟店について最後に登録されたポリシーで、レポートの宛先をこの環境に変更したものです。
from-strict = この加盟店のポリシーは未登録のため、厳しめの初期設定を表示しています。「レポートのみ」で使うと、実際に使われている送信先が分かります。
copy = コピー
copied = コピーしました
no-key = 有効なキーがないため、レポートの宛先がありません。skimwatch site add-key コマンドで追加してください。
site-destinations = この加盟店の新しい送信先（直近30日間）
site-reports = 最新のレポート
site-alerts = この加盟店に関するアラート
no-sites = 加盟店はまだ登録されていません。skimwatch import コマンドで登録してください。

reports-counted = レポート{ $count }件
