"""Registrable domains, by as much of the public suffix list as made-up traffic needs."""

import functools

SUFFIXES = frozenset("""
    ac.jp co.jp go.jp gr.jp lg.jp ne.jp or.jp co.uk org.uk me.uk com.au net.au com.br com.cn com.tw co.in co.kr co.nz co.th com.sg
    azureedge.net azurewebsites.net blogspot.com cloudfront.net firebaseapp.com github.io gitlab.io glitch.me herokuapp.com
    myshopify.com netlify.app ngrok-free.app onrender.com pages.dev r2.dev s3.amazonaws.com s3.ap-northeast-1.amazonaws.com
    translate.goog vercel.app web.app workers.dev
    """.split())


@functools.lru_cache(1 << 16)
def registrable(host):
    """The domain that somebody registered; an address is its own."""
    host = host.lower().rstrip(".")
    if ":" in host or host.replace(".", "").isdigit():
        return host
    parts = host.split(".")
    for at in range(1, len(parts)):
        if ".".join(parts[at:]) in SUFFIXES:
            return ".".join(parts[at - 1 :])
    return ".".join(parts[-2:])


def host_of(url):
    """The host of a URL with an authority, else nothing."""
    _, found, rest = url.partition("://")
    if not found:
        return ""
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return authority.partition(":")[0].lower()


def origin_of(url):
    """What is left of a URL where only its origin is told."""
    scheme, found, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}" if found else url
