### Logging in, accounts, and the people of an organization.

email = E-mail address
password = Password
first-time = Setting up: log in with the access token
password-set = Your password is set. Log in with it.
second-factor = Two-step verification
second-factor-asked = This installation asks everybody for a second step. Set it up to go on.
second-factor-none = Recommended: whoever learns your password still cannot log in without your phone.
second-factor-set = Your authenticator app is asked for at each login.
scan = Scan this picture with an authenticator app, then enter the code that it shows.
or-type = Or type this key into the app:
first-code = Code from the app (6 digits)
code = Code
code-more = Enter the code from your authenticator app, or one of your recovery codes.
continue = Continue
back-to-login = Log in as somebody else
set-up = Set up
recovery-codes = Recovery codes
recovery-codes-more = Keep these where you find them without your phone. Each lets you in once in place of a code from the app. They are not shown again.
codes-kept = I have kept them
renew-codes = Make new recovery codes
remove-factor = Turn off two-step verification
remove-factor-more = For somebody who has lost phone and recovery codes. Make sure that it is they who ask.
set-password = Set a password
set-it = Set the password
set-password-more = Whoever was given a link sets a password here. The link works once.
invitation-code = Code of the link
present-password = Present password
new-password = New password
new-password-again = New password, again
change-password = Change password
no-password = You log in with your organization's provider and have no password here.
not-the-same = The two new passwords are not the same.

my-account = Account
no-account = There is no account here
no-account-more = You came with a token. Log in as a user to have an account.
organization = Organization
role = Role
language = Language
save-change = Save
show = Show
done = Saved.
sessions = Where you are logged in
logged-in-since = Since
last-used = Last used
this-one = This browser
end-others = End the others

people = People
name = Name
user-state = State
last-here = Last here
nobody = Nobody can log in for this organization yet.
invite = Invite somebody
invite-more = You get a link to pass on. With it, they set a password.
token-hint = You came with the access token. Invite the first operator: as soon as they have set a password, the token is void.
link = Pass on this link
link-until = It is shown this once and works once, until
back-to-people = ← People
user-active = active
user-invited = invited
user-lapsed = invitation lapsed
user-disabled = disabled
linked = Login with the provider
added = Added
yes = yes
no = no
way-in = Access
change-ends = A change ends their sessions.
reset = Make a link for a new password
reset-more = Ends their sessions. Their present password works until the link is used.
disable = Disable
disable-more = They cannot log in until somebody enables them.
enable = Enable
enable-more = They can log in again.
remove-user = Remove
remove-user-more = They are forgotten, except for what the audit log says of them. It cannot be undone.

bad-email = This is no e-mail address.
bad-name = Give a name of at most 200 characters.
email-taken = Somebody has this e-mail address already.
operator-elsewhere = Only people of the operator's organization can be operators.
last-operator = This is the last operator who can log in. Let another one set a password first.
long-password = The password is too long.
common-password = This password is among those that are tried first. Choose another one.
wrong-password = E-mail address or password is wrong.
wrong-code = The code is wrong, or was used already. Wait for the next one.
bad-link = The link was used already, was replaced by another, or is too old. Ask for a new one.
factor-changed = Two-step verification is not as it was. Look at your account again.

busy = Too many logins at once
busy-more = Try again in a moment.
provider-away = The login provider does not answer
provider-away-more = Try again, or log in with your password. The log says what went wrong.
provider-answer = The answer of the login provider was not accepted
provider-answer-more = It belongs to no login that this browser began within ten minutes, or it cannot be verified. Begin again.
provider-refused = The login provider did not let you in
provider-refused-more = You may have cancelled, or have no access to Skimwatch there.
stranger = You are not known here
stranger-more = Nobody here has the verified e-mail address that the provider tells. Ask an administrator to invite you.
linked-elsewhere = Your account belongs to another login
linked-elsewhere-more = The user with your e-mail address is linked to another account of the provider. Ask an administrator.

role-operator = Operator
role-administrator = Administrator
role-analyst = Analyst
role-merchant = Merchant
role-merchant-reader = Merchant, read only
role-auditor = Auditor
role-operator-more = runs the installation
role-administrator-more = manages people, merchants and tokens
role-analyst-more = decides on alerts
role-merchant-more = decides on alerts of the own shops
role-merchant-reader-more = looks at the own shops
role-auditor-more = reads everything and the audit log

# The button of a provider.
# $provider (text)
log-in-with = Log in with { $provider }

# Whom a link is for.
# $email (text)
link-more = With this link, { $email } sets a password. Send it in a way that only they can read.

# How many recovery codes are left.
# $left (number)
codes-left = { $left ->
    [one] 1 recovery code is left.
   *[other] { $left } recovery codes are left.
}

# What a password must be like.
# $characters (number)
password-more = At least { $characters } characters. A few unrelated words are easier to remember than signs.

# $characters (number)
short-password = The password has fewer than { $characters } characters.

# $users (number)
too-many-users = There are { $users } users, which is the most. Remove one first.

# How long somebody waits.
# $minutes (number)
wrong-too-often = Too many wrong attempts in a row. Try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
