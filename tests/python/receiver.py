"""Receives notices as others do: a webhook that verifies signatures, or a mail server. Writes what came, one JSON object a line.

Usage: receiver.py webhook|mail PORT FOLDER
Needs the package aiosmtpd 1.4 for mail. In FOLDER: `received`, what came; `secret`, the webhook's secret; `answer`, how to
answer: `200`, `503`, `429 40` (and the seconds of Retry-After), `302 URL`, `hang`, `wait` (200 as soon as there is a file `go`); of mail `250`, `451`, `550`. An address that
begins with `gone` is refused whatever stands there. With `cert` and `key`, PEM, it speaks TLS; mail by STARTTLS, if there
is a file `starttls`.
"""

import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[3])
LOCK = threading.Lock()
# Of one attempt, so that what was recorded is not taken when it is sent again.
TOLERANCE = 300


def setting(name, otherwise=""):
    path = FOLDER / name
    return path.read_text().strip() if path.exists() else otherwise


def received(what):
    with LOCK, open(FOLDER / "received", "a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


def verified(headers, body):
    """As the specification of Standard Webhooks says, and by nothing of the program under test."""
    secret = setting("secret")
    if not secret:
        return None
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(wanted, headers["webhook-signature"] or "")


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = setting("answer", "200").split()
        stamp = self.headers["webhook-timestamp"]
        received(
            {
                "path": self.path,
                "answer": answer[0],
                "id": self.headers["webhook-id"],
                "verified": verified(self.headers, body),
                "fresh": stamp is not None and abs(time.time() - int(stamp)) < TOLERANCE,
                "body": json.loads(body),
            }
        )
        if answer[0] == "hang":
            # Until the sender gives up, or is no more.
            self.rfile.read(1)
            self.close_connection = True
            return
        while answer[0] == "wait" and not (FOLDER / "go").exists():
            time.sleep(0.02)
        self.send_response(200 if answer[0] == "wait" else int(answer[0]))
        if answer[0] == "429":
            self.send_header("Retry-After", answer[1])
        if answer[0] == "302":
            self.send_header("Location", answer[1])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Mail:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = setting("answer", "250")
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        received(
            {
                "answer": answer,
                "to": envelope.rcpt_tos,
                "from": envelope.mail_from,
                "headers": {name.lower(): str(value) for name, value in mail.items()},
                "names": [name.lower() for name in mail.keys()],
                "type": mail.get_content_type(),
                "text": mail.get_content(),
                "ascii": envelope.original_content.isascii(),
                "defects": [str(defect) for defect in mail.defects],
            }
        )
        return {"250": "250 OK", "451": "451 4.3.0 later", "550": "550 5.7.1 refused"}[answer]


def tls():
    if not (FOLDER / "cert").exists():
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "cert", FOLDER / "key")
    return context


def main():
    kind, port = sys.argv[1], int(sys.argv[2])
    context = tls()
    if kind == "webhook":
        server = ThreadingHTTPServer(("127.0.0.1", port), Webhook)
        server.daemon_threads = True
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        (FOLDER / "ready").touch()
        server.serve_forever()
    else:
        asyncio.run(serve_mail(port, context))


async def serve_mail(port, context):
    from aiosmtpd.smtp import SMTP

    options = {"hostname": "localhost"}
    if (FOLDER / "starttls").exists():
        options |= {"tls_context": context, "require_starttls": True}
        context = None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Mail(), loop=loop, **options), "127.0.0.1", port, ssl=context)
    (FOLDER / "ready").touch()
    await server.serve_forever()


if __name__ == "__main__":
    main()
