### Logging in, accounts, and the people of an organization.

email = メールアドレス
password = パスワード
first-time = 初期設定: アクセストークンでログイン
password-set = パスワードを設定しました。ログインしてください。
second-factor = 二段階認証
second-factor-asked = この環境では、すべてのユーザーに二段階認証の設定をお願いしています。設定後にご利用いただけます。
second-factor-none = 設定をおすすめします。パスワードが漏れても、お手元の端末がなければ第三者はログインできません。
second-factor-set = ログインのたびに認証アプリのコードを入力します。
scan = 認証アプリでこの QR コードを読み取り、表示されたコードを入力してください。
or-type = 読み取れない場合は、次のキーをアプリに入力してください:
first-code = アプリに表示された6桁のコード
code = コード
code-more = 認証アプリに表示されたコード、またはリカバリーコードを入力してください。
continue = 続ける
back-to-login = 別のユーザーでログインする
set-up = 設定する
recovery-codes = リカバリーコード
recovery-codes-more = 端末を紛失したときに備えて、安全な場所に保管してください。アプリのコードの代わりに、それぞれ一度だけ使えます。再表示はできません。
codes-kept = 保管しました
renew-codes = リカバリーコードを再発行する
remove-factor = 二段階認証を解除する
remove-factor-more = 端末とリカバリーコードの両方を紛失した場合の操作です。必ず本人からの依頼であることを確認してください。
set-password = パスワードの設定
set-it = パスワードを設定する
set-password-more = リンクを受け取った方は、ここでパスワードを設定できます。リンクは一度だけ使えます。
invitation-code = 招待コード
present-password = 現在のパスワード
new-password = 新しいパスワード
new-password-again = 新しいパスワード（確認）
change-password = パスワードを変更する
no-password = お使いのアカウントは外部の認証サービスでログインします。ここではパスワードを使いません。
not-the-same = 新しいパスワードが一致していません。

my-account = アカウント
no-account = アカウントがありません
no-account-more = トークンでアクセスしています。アカウントを使うには、ユーザーとしてログインしてください。
organization = 組織
role = 権限
language = 言語
save-change = 保存する
show = 表示する
done = 保存しました。
sessions = ログイン中のセッション
logged-in-since = ログイン日時
last-used = 最終利用
this-one = このブラウザー
end-others = ほかのセッションを終了する

people = ユーザー
name = 氏名
user-state = 状態
last-here = 最終利用
nobody = この組織にはまだユーザーがいません。
invite = ユーザーを招待する
invite-more = 本人に送るリンクが発行されます。本人はリンクからパスワードを設定します。
token-hint = アクセストークンでログインしています。最初の運営者を招待してください。運営者がパスワードを設定すると、このトークンは無効になります。
link = このリンクを本人に送ってください
link-until = 表示は一度きりです。リンクは一度だけ使えます。有効期限:
back-to-people = ← ユーザー一覧
user-active = 有効
user-invited = 招待中
user-lapsed = 招待期限切れ
user-disabled = 無効
linked = 外部認証との連携
added = 登録日時
yes = あり
no = なし
way-in = アクセス管理
change-ends = 変更すると、ログイン中のセッションは終了します。
reset = パスワード再設定リンクを発行する
reset-more = ログイン中のセッションを終了します。リンクが使われるまで、現在のパスワードは有効です。
disable = 無効にする
disable-more = 有効に戻すまでログインできなくなります。
enable = 有効にする
enable-more = 再びログインできるようになります。
remove-user = 削除する
remove-user-more = 監査ログの記録を除き、登録情報を削除します。元に戻せません。

bad-email = メールアドレスの形式が正しくありません。
bad-name = 氏名を200文字以内で入力してください。
email-taken = このメールアドレスはすでに登録されています。
operator-elsewhere = 運営者の権限は、運営組織のユーザーにのみ付与できます。
last-operator = ログインできる最後の運営者です。先に別の運営者を登録し、パスワードを設定してもらってください。
long-password = パスワードが長すぎます。
common-password = 推測されやすいパスワードです。別のパスワードを設定してください。
wrong-password = メールアドレスまたはパスワードが正しくありません。
wrong-code = コードが正しくないか、すでに使用されています。次のコードが表示されるまでお待ちください。
bad-link = リンクはすでに使用されたか、再発行されたか、有効期限が切れています。新しいリンクを依頼してください。
factor-changed = 二段階認証の設定が変更されています。アカウントの内容をもう一度ご確認ください。

busy = ログインが混み合っています
busy-more = しばらくしてから、もう一度お試しください。
provider-away = 認証サービスが応答しません
provider-away-more = もう一度お試しいただくか、パスワードでログインしてください。詳細はログに記録されています。
provider-answer = 認証サービスの応答を確認できませんでした
provider-answer-more = このブラウザーで10分以内に開始したログインの応答ではないか、内容を検証できませんでした。最初からやり直してください。
provider-refused = 認証サービスでログインが完了しませんでした
provider-refused-more = キャンセルされたか、認証サービス側で利用が許可されていません。
stranger = 登録されていないユーザーです
stranger-more = 認証サービスが確認済みとするメールアドレスのユーザーが登録されていません。管理者に招待を依頼してください。
linked-elsewhere = 別のログインと連携済みです
linked-elsewhere-more = このメールアドレスのユーザーは、認証サービスの別のアカウントと連携されています。管理者にお問い合わせください。

role-operator = 運営者
role-administrator = 管理者
role-analyst = アナリスト
role-merchant = 加盟店担当者
role-merchant-reader = 加盟店担当者（閲覧のみ）
role-auditor = 監査担当者
role-operator-more = 環境全体の運営
role-administrator-more = ユーザー・加盟店・トークンの管理
role-analyst-more = アラートの対応
role-merchant-more = 自店舗のアラートの対応
role-merchant-reader-more = 自店舗の閲覧
role-auditor-more = すべての情報と監査ログの閲覧

log-in-with = { $provider } でログイン

link-more = { $email } さんは、このリンクからパスワードを設定できます。本人だけが読める方法で送ってください。

codes-left = リカバリーコードは残り{ $left }個です。

password-more = { $characters }文字以上で設定してください。記号を混ぜるより、関連のない単語をいくつか並べるほうが覚えやすく安全です。

short-password = パスワードは{ $characters }文字以上にしてください。

too-many-users = ユーザー数が上限の{ $users }人に達しています。不要なユーザーを削除してください。

wrong-too-often = 入力の誤りが続いたため、{ $minutes }分ほど待ってから、もう一度お試しください。
