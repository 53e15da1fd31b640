//! Logging in, accounts, and the people of an organization.

use super::{Text, texts};
use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::{MAX_USERS, MIN_PASSWORD_CHARS, PeopleError};
use crate::role::Role;

texts! {
    EMAIL: "E-mail address" / "メールアドレス";
    PASSWORD: "Password" / "パスワード";
    FIRST_TIME: "Setting up: log in with the access token" / "初期設定: アクセストークンでログイン";
    PASSWORD_SET: "Your password is set. Log in with it." / "パスワードを設定しました。ログインしてください。";
    SECOND_FACTOR: "Two-step verification" / "二段階認証";
    SECOND_FACTOR_ASKED: "This installation asks everybody for a second step. Set it up to go on." / "この環境では、すべてのユーザーに二段階認証の設定をお願いしています。設定後にご利用いただけます。";
    SECOND_FACTOR_NONE: "Recommended: whoever learns your password still cannot log in without your phone." / "設定をおすすめします。パスワードが漏れても、お手元の端末がなければログインできなくなります。";
    SECOND_FACTOR_SET: "Your authenticator app is asked for at each login." / "ログインのたびに認証アプリのコードを入力します。";
    SCAN: "Scan this picture with an authenticator app, then enter the code that it shows." / "認証アプリでこの QR コードを読み取り、表示されたコードを入力してください。";
    OR_TYPE: "Or type this key into the app:" / "読み取れない場合は、次のキーをアプリに入力してください:";
    FIRST_CODE: "Code from the app (6 digits)" / "アプリに表示された6桁のコード";
    CODE: "Code" / "コード";
    CODE_MORE: "Enter the code from your authenticator app, or one of your recovery codes." / "認証アプリに表示されたコード、またはリカバリーコードを入力してください。";
    CONTINUE: "Continue" / "続ける";
    BACK_TO_LOGIN: "Log in as somebody else" / "別のユーザーでログインする";
    SET_UP: "Set up" / "設定する";
    RECOVERY_CODES: "Recovery codes" / "リカバリーコード";
    RECOVERY_CODES_MORE: "Keep these where you find them without your phone. Each lets you in once in place of a code from the app. They are not shown again." / "端末を紛失したときに備えて、安全な場所に保管してください。アプリのコードの代わりに、それぞれ一度だけ使えます。再表示はできません。";
    CODES_KEPT: "I have kept them" / "保管しました";
    RENEW_CODES: "Make new recovery codes" / "リカバリーコードを再発行する";
    REMOVE_FACTOR: "Turn off two-step verification" / "二段階認証を解除する";
    REMOVE_FACTOR_MORE: "For somebody who has lost phone and recovery codes. Make sure that it is they who ask." / "端末とリカバリーコードの両方を紛失した場合の操作です。必ず本人からの依頼であることを確認してください。";
    SET_PASSWORD: "Set a password" / "パスワードの設定";
    SET_IT: "Set the password" / "パスワードを設定する";
    SET_PASSWORD_MORE: "Whoever was given a link sets a password here. The link works once." / "リンクを受け取った方は、ここでパスワードを設定できます。リンクは一度だけ使えます。";
    INVITATION_CODE: "Code of the link" / "招待コード";
    PRESENT_PASSWORD: "Present password" / "現在のパスワード";
    NEW_PASSWORD: "New password" / "新しいパスワード";
    NEW_PASSWORD_AGAIN: "New password, again" / "新しいパスワード（確認）";
    CHANGE_PASSWORD: "Change password" / "パスワードを変更する";
    NO_PASSWORD: "You log in with your organization's provider and have no password here." / "お使いのアカウントは外部の認証サービスでログインします。ここではパスワードを使いません。";
    NOT_THE_SAME: "The two new passwords are not the same." / "新しいパスワードが一致していません。";

    MY_ACCOUNT: "Account" / "アカウント";
    NO_ACCOUNT: "There is no account here" / "アカウントがありません";
    NO_ACCOUNT_MORE: "You came with a token. Log in as a user to have an account." / "トークンでアクセスしています。アカウントを使うには、ユーザーとしてログインしてください。";
    ORGANIZATION: "Organization" / "組織";
    ROLE: "Role" / "権限";
    LANGUAGE: "Language" / "言語";
    SAVE_CHANGE: "Save" / "保存する";
    SHOW: "Show" / "表示する";
    DONE: "Saved." / "保存しました。";
    SESSIONS: "Where you are logged in" / "ログイン中のセッション";
    LOGGED_IN_SINCE: "Since" / "ログイン日時";
    LAST_USED: "Last used" / "最終利用";
    THIS_ONE: "This browser" / "このブラウザー";
    END_OTHERS: "End the others" / "ほかのセッションを終了する";

    PEOPLE: "People" / "ユーザー";
    NAME: "Name" / "氏名";
    USER_STATE: "State" / "状態";
    LAST_HERE: "Last here" / "最終利用";
    NOBODY: "Nobody can log in for this organization yet." / "この組織にはまだユーザーがいません。";
    INVITE: "Invite somebody" / "ユーザーを招待する";
    INVITE_MORE: "You get a link to pass on. With it, they set a password." / "本人に送るリンクが発行されます。本人はリンクからパスワードを設定します。";
    TOKEN_HINT: "You came with the access token. Invite the first operator: as soon as they have set a password, the token is void." / "アクセストークンでログインしています。最初の運営者を招待してください。運営者がパスワードを設定すると、このトークンは無効になります。";
    LINK: "Pass on this link" / "このリンクを本人に送ってください";
    LINK_UNTIL: "It is shown this once and works once, until" / "表示は一度きりです。リンクは一度だけ使えます。有効期限:";
    BACK_TO_PEOPLE: "← People" / "← ユーザー一覧";
    USER_ACTIVE: "active" / "有効";
    USER_INVITED: "invited" / "招待中";
    USER_LAPSED: "invitation lapsed" / "招待期限切れ";
    USER_DISABLED: "disabled" / "無効";
    LINKED: "Login with the provider" / "外部認証との連携";
    ADDED: "Added" / "登録日時";
    YES: "yes" / "あり";
    NO: "no" / "なし";
    WAY_IN: "Access" / "アクセス";
    CHANGE_ENDS: "A change ends their sessions." / "変更すると、ログイン中のセッションは終了します。";
    RESET: "Make a link for a new password" / "パスワード再設定リンクを発行する";
    RESET_MORE: "Ends their sessions. Their present password works until the link is used." / "ログイン中のセッションを終了します。リンクが使われるまで、現在のパスワードは有効です。";
    DISABLE: "Disable" / "無効にする";
    DISABLE_MORE: "They cannot log in until somebody enables them." / "有効に戻すまでログインできなくなります。";
    ENABLE: "Enable" / "有効にする";
    ENABLE_MORE: "They can log in again." / "再びログインできるようになります。";
    REMOVE_USER: "Remove" / "削除する";
    REMOVE_USER_MORE: "They are forgotten, except for what the audit log says of them. It cannot be undone." / "監査ログの記録を除き、登録情報を削除します。元に戻せません。";

    BAD_EMAIL: "This is no e-mail address." / "メールアドレスの形式が正しくありません。";
    BAD_NAME: "Give a name of at most 200 characters." / "氏名を200文字以内で入力してください。";
    EMAIL_TAKEN: "Somebody has this e-mail address already." / "このメールアドレスはすでに登録されています。";
    OPERATOR_ELSEWHERE: "Only people of the operator's organization can be operators." / "運営者の権限は、運営組織のユーザーにのみ付与できます。";
    LAST_OPERATOR: "This is the last operator who can log in. Let another one set a password first." / "ログインできる最後の運営者です。先に別の運営者を登録し、パスワードを設定してもらってください。";
    LONG_PASSWORD: "The password is too long." / "パスワードが長すぎます。";
    COMMON_PASSWORD: "This password is among those that are tried first. Choose another one." / "推測されやすいパスワードです。別のパスワードを設定してください。";
    WRONG_PASSWORD: "E-mail address or password is wrong." / "メールアドレスまたはパスワードが正しくありません。";
    WRONG_CODE: "The code is wrong, or was used already. Wait for the next one." / "コードが正しくないか、すでに使用されています。次のコードが表示されるまでお待ちください。";
    BAD_LINK: "The link was used already, was replaced by another, or is too old. Ask for a new one." / "リンクはすでに使用されたか、再発行されたか、有効期限が切れています。新しいリンクを依頼してください。";
    FACTOR_CHANGED: "Two-step verification is not as it was. Look at your account again." / "二段階認証の設定が変更されています。アカウントの内容をもう一度ご確認ください。";

    BUSY: "Too many logins at once" / "ログインが混み合っています";
    BUSY_MORE: "Try again in a moment." / "しばらくしてから、もう一度お試しください。";
    PROVIDER_AWAY: "The login provider does not answer" / "認証サービスが応答しません";
    PROVIDER_AWAY_MORE: "Try again, or log in with your password. The log says what went wrong." / "もう一度お試しいただくか、パスワードでログインしてください。詳細はログに記録されています。";
    PROVIDER_ANSWER: "The answer of the login provider was not accepted" / "認証サービスの応答を確認できませんでした";
    PROVIDER_ANSWER_MORE: "It belongs to no login that this browser began within ten minutes, or it cannot be verified. Begin again." / "このブラウザーで10分以内に開始したログインの応答ではないか、内容を検証できませんでした。最初からやり直してください。";
    PROVIDER_REFUSED: "The login provider did not let you in" / "認証サービスでログインが完了しませんでした";
    PROVIDER_REFUSED_MORE: "You may have cancelled, or have no access to Skimwatch there." / "キャンセルされたか、認証サービス側で利用が許可されていません。";
    STRANGER: "You are not known here" / "登録されていないユーザーです";
    STRANGER_MORE: "Nobody here has the verified e-mail address that the provider tells. Ask an administrator to invite you." / "認証サービスが確認済みとするメールアドレスのユーザーが登録されていません。管理者に招待を依頼してください。";
    LINKED_ELSEWHERE: "Your account belongs to another login" / "別のログインと連携済みです";
    LINKED_ELSEWHERE_MORE: "The user with your e-mail address is linked to another account of the provider. Ask an administrator." / "このメールアドレスのユーザーは、認証サービスの別のアカウントと連携されています。管理者にお問い合わせください。";
}

/// A role, as people call it.
pub(in crate::web) fn role(role: Role) -> Text {
    match role {
        Role::Operator => Text::new("Operator", "運営者"),
        Role::Administrator => Text::new("Administrator", "管理者"),
        Role::Analyst => Text::new("Analyst", "アナリスト"),
        Role::Merchant => Text::new("Merchant", "加盟店担当者"),
        Role::MerchantReader => Text::new("Merchant, read only", "加盟店担当者（閲覧のみ）"),
        Role::Auditor => Text::new("Auditor", "監査担当者"),
    }
}

/// What they may do.
pub(in crate::web) fn role_more(role: Role) -> Text {
    match role {
        Role::Operator => Text::new("runs the installation", "環境全体の運営"),
        Role::Administrator => Text::new(
            "manages people, merchants and tokens",
            "ユーザー・加盟店・トークンの管理",
        ),
        Role::Analyst => Text::new("decides on alerts", "アラートの対応"),
        Role::Merchant => Text::new(
            "decides on alerts of the own shops",
            "自店舗のアラートの対応",
        ),
        Role::MerchantReader => Text::new("looks at the own shops", "自店舗の閲覧"),
        Role::Auditor => Text::new(
            "reads everything and the audit log",
            "すべての情報と監査ログの閲覧",
        ),
    }
}

/// The button of a provider.
pub(in crate::web) fn log_in_with(language: Language, provider: &str) -> String {
    language.pick(
        format!("Log in with {provider}"),
        format!("{provider} でログイン"),
    )
}

/// Whom a link is for.
pub(in crate::web) fn link_more(language: Language, email: &str) -> String {
    language.pick(
        format!("With this link, {email} sets a password. Send it in a way that only they can read."),
        format!("{email} さんは、このリンクからパスワードを設定できます。本人だけが読める方法で送ってください。"),
    )
}

/// How many recovery codes are left.
pub(in crate::web) fn codes_left(language: Language, left: u32) -> String {
    match left {
        1 => language.pick(
            "1 recovery code is left.".to_owned(),
            "リカバリーコードは残り1個です。".to_owned(),
        ),
        left => language.pick(
            format!("{left} recovery codes are left."),
            format!("リカバリーコードは残り{left}個です。"),
        ),
    }
}

/// What a password must be like.
pub(in crate::web) fn password_rule(language: Language) -> String {
    language.pick(
        format!("At least {MIN_PASSWORD_CHARS} characters. A few unrelated words are easier to remember than signs."),
        format!("{MIN_PASSWORD_CHARS}文字以上で設定してください。記号を混ぜるより、関連のない単語をいくつか並べるほうが覚えやすく安全です。"),
    )
}

/// Why nothing was changed, or nobody let in.
pub(in crate::web) fn people_problem(
    language: Language,
    error: &PeopleError,
    now: Timestamp,
) -> String {
    let text = match error {
        PeopleError::Waits(until) => return wait(language, until.0.saturating_sub(now.0)),
        PeopleError::TooMany => return full(language),
        PeopleError::ShortPassword => return short(language),
        PeopleError::Email => BAD_EMAIL,
        PeopleError::Name => BAD_NAME,
        PeopleError::Taken => EMAIL_TAKEN,
        PeopleError::Elsewhere => OPERATOR_ELSEWHERE,
        PeopleError::LastOperator => LAST_OPERATOR,
        PeopleError::LongPassword => LONG_PASSWORD,
        PeopleError::CommonPassword => COMMON_PASSWORD,
        PeopleError::Wrong => WRONG_PASSWORD,
        PeopleError::WrongCode => WRONG_CODE,
        PeopleError::Invitation => BAD_LINK,
        PeopleError::Totp => FACTOR_CHANGED,
        PeopleError::NoUser | PeopleError::NotYours | PeopleError::NotYoursToGive(_) => {
            super::FORBIDDEN_MORE
        }
        PeopleError::Stranger => STRANGER_MORE,
        PeopleError::Linked => LINKED_ELSEWHERE_MORE,
        PeopleError::Registry(_) | PeopleError::Sealed | PeopleError::Hash(_) => {
            super::INTERNAL_MORE
        }
    };
    text.of(language).to_owned()
}

fn full(language: Language) -> String {
    language.pick(
        format!("There are {MAX_USERS} users, which is the most. Remove one first."),
        format!(
            "ユーザー数が上限の{MAX_USERS}人に達しています。不要なユーザーを削除してください。"
        ),
    )
}

fn short(language: Language) -> String {
    language.pick(
        format!("The password has fewer than {MIN_PASSWORD_CHARS} characters."),
        format!("パスワードは{MIN_PASSWORD_CHARS}文字以上にしてください。"),
    )
}

/// How long somebody waits, in whole minutes, never less than they do.
fn wait(language: Language, millis: i64) -> String {
    match millis.div_euclid(60_000) + i64::from(millis.rem_euclid(60_000) > 0) {
        ..=1 => language.pick(
            "Too many wrong attempts in a row. Try again in a minute.".to_owned(),
            "続けて誤りがあったため、1分ほど待ってからお試しください。".to_owned(),
        ),
        minutes => language.pick(
            format!("Too many wrong attempts in a row. Try again in {minutes} minutes."),
            format!("続けて誤りがあったため、{minutes}分ほど待ってからお試しください。"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_minutes() {
        for (millis, english) in [
            (1, "in a minute."),
            (60_000, "in a minute."),
            (60_001, "in 2 minutes."),
            (30 * 60_000, "in 30 minutes."),
        ] {
            let told = wait(Language::En, millis);
            assert!(told.ends_with(english), "{millis}: {told}");
        }
    }
}
