//! What the demo shop says, in two languages. [`Language`] is the type to know.

/// A language that the shop speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    En,
    Ja,
}

impl Language {
    /// By `lang` in the query, else by the first language of `Accept-Language` that the shop speaks.
    pub(super) fn of(query: &str, accepted: &str) -> Self {
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
        let accepted = accepted.split(',').map(|range| range.trim());
        asked
            .into_iter()
            .chain(accepted)
            .find_map(Self::named)
            .unwrap_or(Self::En)
    }

    fn named(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', ';']).next()?;
        [Self::En, Self::Ja]
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// As in `lang=`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The words of it.
    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::Ja => &JA,
        }
    }
}

/// All texts of the pages.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) shop: &'static str,
    pub(super) checkout: &'static str,
    /// Before the payment.
    pub(super) steps: [&'static str; 2],
    pub(super) deliver_to: &'static str,
    pub(super) address: &'static str,
    pub(super) product: &'static str,
    pub(super) product_detail: &'static str,
    pub(super) product_alt: &'static str,
    pub(super) price: &'static str,
    pub(super) subtotal: &'static str,
    pub(super) shipping: &'static str,
    pub(super) free: &'static str,
    pub(super) total: &'static str,
    pub(super) order: &'static str,
    pub(super) payment: &'static str,
    pub(super) test_card: &'static str,
    pub(super) number: &'static str,
    pub(super) expiry: &'static str,
    pub(super) code: &'static str,
    pub(super) holder: &'static str,
    pub(super) pay: &'static str,
    pub(super) fine_print: &'static str,
    pub(super) demo: &'static str,
    pub(super) demo_title: &'static str,
    pub(super) explain: [&'static str; 3],
    pub(super) plant: &'static str,
    pub(super) planted: &'static str,
    pub(super) copied: &'static str,
    pub(super) blocked: &'static str,
    pub(super) reported: &'static str,
    pub(super) see_alert: &'static str,
    pub(super) again: &'static str,
    pub(super) nothing_blocked: &'static str,
    pub(super) safe: &'static str,
    pub(super) thanks: &'static str,
    pub(super) thanks_detail: &'static str,
    pub(super) back: &'static str,
}

const EN: Words = Words {
    shop: "Asagiri Tea",
    checkout: "Checkout",
    steps: ["Cart", "Delivery"],
    deliver_to: "Deliver to",
    address: "Hanako Yamada, 1-2-3 Kajicho, Chiyoda-ku, Tokyo 101-0044",
    product: "First-flush sencha, 100 g",
    product_detail: "Uji, Kyoto. Picked in May, lightly steamed.",
    product_alt: "A tin of green tea beside a full cup",
    price: "¥1,980",
    subtotal: "Subtotal",
    shipping: "Shipping",
    free: "Free",
    total: "Total",
    order: "Your order",
    payment: "Payment",
    test_card: "This is a test card. There is no need to change it.",
    number: "Card number",
    expiry: "Expires",
    code: "Security code",
    holder: "Name on card",
    pay: "Pay ¥1,980",
    fine_print: "Demo shop. Nothing is charged, and nothing is sold.",
    demo: "Demo control",
    demo_title: "Attack this checkout",
    explain: [
        "The button adds one script to the shop's page: the same skimmer that is spreading through the other shops of the demo.",
        "It copies the card from the form and tries to send it away.",
        "Your browser blocks that, because of the page's policy, and reports it. Within seconds this shop joins the open alert.",
    ],
    plant: "Plant the skimmer",
    planted: "The skimmer is in the page.",
    copied: "It has copied the card and tried to send it to",
    blocked: "Your browser blocked it:",
    reported: "Your browser now reports it to the collector.",
    see_alert: "See the alert",
    again: "Start over",
    nothing_blocked: "This browser blocked nothing. An add-on may have stopped the skimmer before the policy did; try a private window.",
    safe: "No card leaves this page for another party, not even a real one: the policy is enforced, and the form sends no fields. The collector removes card numbers from reports before it stores them.",
    thanks: "Thank you for trying the demo",
    thanks_detail: "This is a demo. Nothing was charged, and nothing that you typed in was stored.",
    back: "Back to the checkout",
};

const JA: Words = Words {
    shop: "あさぎり茶舗",
    checkout: "ご購入手続き",
    steps: ["カート", "お届け先"],
    deliver_to: "お届け先",
    address: "〒101-0044 東京都千代田区鍛冶町1-2-3 山田花子 様",
    product: "一番茶 煎茶 100g",
    product_detail: "京都・宇治。五月に摘んだ浅蒸しのお茶です。",
    product_alt: "緑茶の缶と湯のみ",
    price: "1,980円",
    subtotal: "小計",
    shipping: "送料",
    free: "無料",
    total: "合計",
    order: "ご注文内容",
    payment: "お支払い",
    test_card: "テスト用のカードです。書き換える必要はありません。",
    number: "カード番号",
    expiry: "有効期限",
    code: "セキュリティコード",
    holder: "カード名義",
    pay: "1,980円を支払う",
    fine_print: "デモショップです。請求も販売も行いません。",
    demo: "デモ操作",
    demo_title: "このページを攻撃してみる",
    explain: [
        "ボタンを押すと、デモの他の店舗で広がっているものと同じスキマーが、このページに1つ追加されます。",
        "スキマーはフォームのカード情報を写し取り、外部へ送ろうとします。",
        "ブラウザはページのポリシーに従ってこれを遮断し、報告します。数秒でこの店舗が発生中のアラートに加わります。",
    ],
    plant: "スキマーを仕掛ける",
    planted: "スキマーがページに入りました。",
    copied: "カード情報を写し取り、次の宛先へ送ろうとしました:",
    blocked: "ブラウザが遮断しました:",
    reported: "ブラウザがコレクターへ報告します。",
    see_alert: "アラートを見る",
    again: "最初からやり直す",
    nothing_blocked: "このブラウザでは何も遮断されませんでした。拡張機能が先にスキマーを止めた可能性があります。シークレットウィンドウでお試しください。",
    safe: "実在のカードを入力しても、第三者には渡りません。送信はポリシーが遮断し、フォームも入力内容を送りません。コレクターは、報告を保存する前にカード番号を取り除きます。",
    thanks: "デモをお試しいただきありがとうございます",
    thanks_detail: "これはデモです。請求は行われず、入力内容も保存されていません。",
    back: "購入手続きに戻る",
};
