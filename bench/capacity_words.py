"""The words of the capacity pages, in English and Japanese. [`page`] makes a page of the model's numbers."""

import math

# name of a figure: its words and unit
FIGURES = {
    "report_cpu_us": ("CPU of a collector for a report, at full load, without TLS, in µs", "コレクタのレポート 1 件あたり CPU(最大負荷、TLS なし、µs)"),
    "report_cpu_half_us": ("the same at half capacity, in µs", "同じく、容量の半分のとき(µs)"),
    "tls_report_cpu_us": ("the same at full load with TLS, on kept connections, in µs", "同じく、最大負荷、TLS あり、接続を維持した場合(µs)"),
    "engine_cpu_us": ("CPU of ClickHouse for a report while it is inserted, in µs", "ClickHouse の挿入時のレポート 1 件あたり CPU(µs)"),
    "two_workers_ratio": ("CPU for a report, two workers on two cores over one on one", "レポート 1 件あたり CPU の比(2 コア 2 ワーカー ÷ 1 コア 1 ワーカー)"),
    "body_bytes": ("bytes of body for a report", "レポート 1 件あたりの本文(バイト)"),
    "reports_per_request": ("reports in a request", "リクエスト 1 件あたりのレポート数"),
    "spool_bytes": ("bytes of the spool for a report", "レポート 1 件あたりのスプール(バイト)"),
    "stored_bytes": ("bytes in ClickHouse for a report, in one copy", "レポート 1 件あたりの ClickHouse 保存量(1 複製、バイト)"),
    "intake_mb": ("memory of a collector at full load, in MB", "最大負荷時のコレクタのメモリ(MB)"),
    "connection_cpu_us": ("CPU of a new connection with TLS, in µs", "TLS の新しい接続 1 本の CPU(µs)"),
    "idle_kib": ("memory of a connection that rests, with TLS, in KiB", "待機中の接続 1 本のメモリ(TLS あり、KiB)"),
    "ack_p50_ms": ("acknowledgement at half capacity, median, in ms", "容量の半分での応答時間、中央値(ms)"),
    "ack_p99_ms": ("acknowledgement at half capacity, p99, in ms", "容量の半分での応答時間、p99(ms)"),
    "visible_p99_s": ("seconds until a report is visible to queries, p99", "レポートが検索できるまでの秒数、p99"),
}

# section.key of capacity.toml: its words
ASSUMED = {
    "traffic.merchants": ("merchants", "加盟店数"),
    "traffic.reports_per_merchant_day": ("reports of a merchant a day", "加盟店あたり 1 日のレポート数"),
    "traffic.peak_over_mean": ("peak over the mean of a day", "1 日の平均に対するピークの倍率"),
    "traffic.head_bytes": ("bytes of a request beside its body", "本文以外のリクエストのバイト数"),
    "traffic.requests_per_connection": ("requests on a connection", "接続 1 本あたりのリクエスト数"),
    "traffic.handshake_bytes": ("bytes of a TLS handshake", "TLS ハンドシェイクのバイト数"),
    "collector.cores": ("cores of a collector", "コレクタのコア数"),
    "collector.most_used": ("share of its cores that the peak may use", "ピークで使ってよいコアの割合"),
    "collector.idle_seconds": ("seconds that a connection rests", "接続を待機させる秒数"),
    "collector.connections_per_core": ("connections of a core", "1 コアあたりの接続数"),
    "clickhouse.cores": ("cores of a ClickHouse server", "ClickHouse サーバのコア数"),
    "clickhouse.insert_share": ("share of its cores for inserts and merges of them", "挿入とそのマージに使うコアの割合"),
    "clickhouse.merge_factor": ("CPU with later merges over CPU of inserts; not measured", "後のマージを含む CPU ÷ 挿入の CPU(未測定)"),
    "clickhouse.replicas": ("copies", "複製数"),
    "clickhouse.disk_gb": ("disk of a server, in GB", "サーバのディスク(GB)"),
    "clickhouse.most_full": ("share of it that may be full", "使ってよいディスクの割合"),
    "clickhouse.memory_gb": ("memory of a server, in GB", "サーバのメモリ(GB)"),
    "clickhouse.retention_days": ("days kept", "保存日数"),
    "clickhouse.long_retention_days": ("days kept, long", "長期の保存日数"),
    "outage.short_minutes": ("minutes of a short outage, at peak", "短い停止の分数(ピーク時)"),
    "outage.long_hours": ("hours of a long outage", "長い停止の時間数"),
    "outage.busy_day": ("a busy day over a mean one", "忙しい日の平均日に対する倍率"),
    "money.core": ("a core a month, in dollars", "1 コア月額(ドル)"),
    "money.memory_gb": ("a GB of memory a month, in dollars", "メモリ 1 GB 月額(ドル)"),
    "money.disk_gb": ("a GB of disk a month, in dollars", "ディスク 1 GB 月額(ドル)"),
}

INTRO = {
    "en": """# How much of everything

Made by `bench/capacity.py` from what was measured on one machine ([figures](results/figures.json)) and what is assumed
([assumptions](capacity.toml)). Change either and run it again. Nothing here was measured on more than one machine:
collectors share nothing with each other but ClickHouse, so their number is taken to multiply what one carries.
""",
    "ja": """# 必要な規模

`bench/capacity.py` が、1 台の機械で測定した値([測定値](results/figures.json))と仮定([仮定](capacity.toml))から作成した
ページです。どちらかを変えたら再実行してください。2 台以上での測定はしていません。コレクタは ClickHouse 以外を互いに共有しないため、
台数に比例すると見なしています。
""",
}

COLUMNS = {"en": "{} merchants", "ja": "加盟店 {}"}

# A question, its rows (words, what of an installation, digits), and what is to be said below.
QUESTIONS = [
    (
        ("How much arrives?", "どれだけ届くか"),
        [
            (("reports a day", "1 日のレポート数"), "day", 0),
            (("reports/s, mean", "レポート/秒(平均)"), "mean", 0),
            (("reports/s, peak", "レポート/秒(ピーク)"), "peak", 0),
            (("requests/s, peak", "リクエスト/秒(ピーク)"), "requests", 0),
            (("TLS handshakes/s, peak", "TLS ハンドシェイク/秒(ピーク)"), "handshakes", 0),
            (("network at the peak, Mbit/s", "ピーク時の回線(Mbit/秒)"), "megabits", 0),
            (("connections open at the peak", "ピーク時の接続数"), "connections", 0),
        ],
        ("", ""),
    ),
    (
        ("How many collectors?", "コレクタは何台か"),
        [
            (("facing browsers: by CPU", "ブラウザに直接: CPU から"), "by_cpu", 0),
            (("facing browsers: by connections", "ブラウザに直接: 接続数から"), "by_connections", 0),
            (("facing browsers: the larger, and one more to lose", "ブラウザに直接: 多い方に予備 1 台を加えて"), "collectors", 0),
            (("behind a balancer that ends TLS, and one more to lose", "TLS を終端するロードバランサの背後: 予備 1 台を加えて"), "behind", 0),
            (("memory of each, one being lost, GB", "1 台のメモリ(1 台停止時、GB)"), "collector_gb", 1),
        ],
        (
            "Connections and memory follow the setting `intake.idle_seconds` straight. A balancer that ends TLS and keeps its "
            "connections to the collectors open takes handshakes, connections and most of the memory away from them. Rates of sites and networks are counted by each collector for itself.",
            "接続数とメモリは設定 `intake.idle_seconds` に比例します。TLS を終端しコレクタへの接続を使い回すロードバランサを置けば、"
            "ハンドシェイク、接続、メモリの大半はコレクタから無くなります。"
            "サイトとネットワークの上限は、各コレクタがそれぞれ数えます。",
        ),
    ),
    (
        ("How much disk has a collector for when ClickHouse is away?", "ClickHouse 停止に備えるコレクタのディスクは"),
        [
            (("10 minutes at the peak, GB", "ピーク時の 10 分(GB)"), "short_gb", 1),
            (("24 hours of a busy day, GB", "忙しい日の 24 時間(GB)"), "long_gb", 1),
            (("24 hours, collectors behind a balancer, GB", "忙しい日の 24 時間、ロードバランサ背後(GB)"), "behind_gb", 1),
            (("hours to catch up after these", "その後に追いつくまでの時間"), "catch_up_hours", 1),
        ],
        (
            "For each collector, one of them being lost; the setting is `SKIMWATCH__SPOOL__MAX_BYTES`, 2 GiB by default. "
            "When it is used up, browsers get 503.",
            "1 台停止時の、コレクタ 1 台あたりの量です。設定は `SKIMWATCH__SPOOL__MAX_BYTES`(既定は 2 GiB)。"
            "使い切るとブラウザには 503 を返します。",
        ),
    ),
    (
        ("How many ClickHouse servers?", "ClickHouse サーバは何台か"),
        [
            (("cores that inserts and their merges need at the peak", "ピーク時の挿入とマージに要るコア"), "insert_cores", 2),
            (("shards by inserts", "挿入から見たシャード数"), "shards_by_insert", 0),
            (("shards by disk, 90 days", "ディスクから見たシャード数(90 日)"), "shards_by_disk", 0),
            (("servers, with copies", "複製を含むサーバ数"), "servers", 0),
        ],
        (
            "Where one shard is enough, the embedded engine on the machine of a collector may be, too, then without copies.",
            "1 シャードで足りる場合は、コレクタの機械上の組み込みエンジンでも足ります(複製はありません)。",
        ),
    ),
    (
        ("How much is stored?", "どれだけ保存するか"),
        [
            (("90 days, one copy, TB", "90 日、1 複製(TB)"), "copy_tb", 2),
            (("13 months, one copy, TB", "13 か月、1 複製(TB)"), "long_copy_tb", 2),
        ],
        ("", ""),
    ),
    (
        ("What does it cost a month?", "月にいくらか"),
        [
            (("collectors, dollars", "コレクタ(ドル)"), "collector_money", 0),
            (("ClickHouse servers, dollars", "ClickHouse サーバ(ドル)"), "server_money", 0),
            (("disks for 90 days, dollars", "90 日分のディスク(ドル)"), "disk_money", 0),
            (("all, 90 days, dollars", "合計、90 日(ドル)"), "money", 0),
            (("for a million reports, dollars", "レポート 100 万件あたり(ドル)"), "per_million", 2),
            (("disks for 13 months in place of 90 days, dollars", "90 日でなく 13 か月の場合のディスク(ドル)"), "long_disk_money", 0),
        ],
        (
            "By made-up round prices, not by any vendor's. Without balancers, network, people.",
            "仮の丸めた単価によるもので、特定の事業者の価格ではありません。ロードバランサ、回線、人件費は含みません。",
        ),
    ),
]

NODE = (
    ("What does one node carry?", "1 台で何を処理できるか"),
    [
        (("one core without TLS, as measured, reports/s", "TLS なしの 1 コア(測定値、レポート/秒)"), "core"),
        (("one core with TLS and new connections, reports/s", "TLS と新規接続を受ける 1 コア(レポート/秒)"), "secure"),
        (("a collector with TLS, by CPU, room left, reports/s", "TLS ありのコレクタ 1 台、CPU から、余裕込み(レポート/秒)"), "safe"),
        (("the same by the connections that it holds, reports/s", "同じく、保持できる接続数から(レポート/秒)"), "held"),
        (("a collector behind a balancer, room left, reports/s", "ロードバランサ背後のコレクタ 1 台、余裕込み(レポート/秒)"), "behind"),
        (("which is merchants", "加盟店数に直して"), "merchants"),
    ],
)
HEADS = {
    "en": {"what": "what", "value": "value", "source": "from", "measured": "What was measured", "assumed": "What is assumed"},
    "ja": {"what": "項目", "value": "値", "source": "出典", "measured": "測定値", "assumed": "仮定"},
}
NOT_MEASURED = {"en": " (not measured)", "ja": "(未測定)"}


def number(value, digits=0):
    """With a thousands separator; small ones are not rounded away."""
    if abs(value) >= 1000:
        # Three digits are more than the model knows.
        value = round(value, 2 - math.floor(math.log10(abs(value))))
    if value and abs(value) < 10**-digits:
        return f"{value:.2g}"
    return f"{value:,.{digits}f}"


SHORT = {
    "en": "In short: {merchants} merchants with {day} reports a day need {collectors} collectors of {cores} cores facing browsers, or {behind} behind a "
    "balancer, {servers} ClickHouse "
    "servers of {server_cores} cores, and {tb} TB in each copy for {days} days: about {money} dollars a month facing browsers, at the prices below.\n",
    "ja": "要約: 加盟店 {merchants}、1 日 {day} 件のレポートには、{cores} コアのコレクタが、ブラウザに直接なら {collectors} 台、ロードバランサの背後なら {behind} 台、{server_cores} コアの ClickHouse "
    "サーバ {servers} 台、{days} 日分で 1 複製あたり {tb} TB が要ります。下の単価で月およそ {money} ドルです(ブラウザに直接の場合)。\n",
}


def in_short(language, assumed, need):
    return SHORT[language].format(
        merchants=number(need.merchants),
        day=number(need.day),
        collectors=need.collectors,
        behind=need.behind,
        cores=assumed.collector.cores,
        servers=need.servers,
        server_cores=assumed.clickhouse.cores,
        tb=number(need.copy_tb, 1),
        days=assumed.clickhouse.retention_days,
        money=number(need.money),
    )


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, *rows]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) + "\n"


def page(language, figures, assumed, node, needs):
    """The whole page."""
    this = 0 if language == "en" else 1
    heads = HEADS[language]
    parts = [INTRO[language], *(in_short(language, assumed, need) for need in needs[-1:])]
    title, rows = NODE
    parts.append(f"## {title[this]}\n")
    parts.append(table([heads["what"], heads["value"]], [[words[this], number(getattr(node, key))] for words, key in rows]))
    columns = [COLUMNS[language].format(number(need.merchants)) for need in needs]
    for title, rows, note in QUESTIONS:
        parts.append(f"## {title[this]}\n")
        cells = [[words[this], *(number(getattr(need, key), digits) for need in needs)] for words, key, digits in rows]
        parts.append(table([heads["what"], *columns], cells))
        if note[this]:
            parts.append(note[this] + "\n")
    parts.append(f"## {heads['measured']}\n")
    cells = []
    for name, words in FIGURES.items():
        figure = figures[name]
        mark = "" if figure["measured"] else NOT_MEASURED[language]
        cells.append([words[this] + mark, f"{figure['value']:,.4g}", figure["source"]])
    parts.append(table([heads["what"], heads["value"], heads["source"]], cells))
    parts.append(f"## {heads['assumed']}\n")
    cells = []
    for name, words in ASSUMED.items():
        section, key = name.split(".")
        value = getattr(getattr(assumed, section), key)
        cells.append([words[this], ", ".join(f"{v:,}" for v in (value if isinstance(value, list) else [value]))])
    parts.append(table([heads["what"], heads["value"]], cells))
    return "\n".join(parts)
