### What an alert says happened, in sentences around names and moments.

act-floods = のレポートの大量発生
act-sends = へのデータ送信
act-tries-to-send = へのデータ送信の試み
act-loads = からのスクリプト読み込み
act-tries-to-load = からのスクリプト読み込みの試み
act-leads = への購入者の誘導
act-tries-to-lead = へ購入者を誘導する試み

happens = { $since } から、{ $merchants }加盟店の決済ページで、これまで確認されていなかった { $destination } { $act }が報告されています。

happens-at-account = { $since } から、{ $merchants }加盟店の決済ページで、これまで確認されていなかったアカウント { $account }（{ $destination } は誰でも利用できるサービスです）{ $act }が報告されています。

more-destinations = 関連する送信先がほかに{ $count }件あります（下の表を参照）。

began-and-spread = 最初に確認されたのは { $first } で、その後{ $spread }のうちにこれらの加盟店すべてに広がりました。

began-at = 確認された加盟店は { $first } です。

seen-by = ブラウザー{ $browsers }件、ネットワーク{ $networks }件から報告がありました。

seen-elsewhere = このほか、閲覧権限のない{ $count }加盟店でも確認されています。

named-script = { $merchants }加盟店のブラウザーが、発生元のスクリプトとして { $script } を報告しています。

cards-found = 送信先の URL にカード番号が含まれていました。

cards-found-at-all = { $merchants }加盟店すべてで、送信先の URL にカード番号が含まれていました。

cards-found-at-some = { $all }加盟店のうち{ $some }加盟店で、送信先の URL にカード番号が含まれていました。

cards-found-more = 分かるのは送信先の URL までで、それ以外に何が送られたかは分かりません。カード情報が実際に窃取されたかどうかは、加盟店側で調査する必要があります。
cards-unknown = レポートから分かるのは送信先の URL までで、何が送られたかは分かりません。カード情報が実際に窃取されたかどうかは、加盟店側で調査する必要があります。
