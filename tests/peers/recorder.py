"""A proxy on loopback that passes requests on and writes them into a HAR archive, as a customer's proxy would."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length"})


@contextmanager
def recording(upstream: str, archive: Path) -> Iterator[str]:
    """The base URL under which the service at ``upstream`` can be reached; the archive is written at the end."""
    entries: list[dict[str, Any]] = []
    target = urlsplit(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one packet: of two, the second waits for the other side

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=60)
            sent = [(k, v) for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP]
            at = datetime.now(UTC).isoformat()
            try:
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in (*sent, ("Content-Length", str(len(body)))):
                    connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                data, headers = answer.read(), answer.getheaders()
            finally:
                connection.close()
            entries.append(_entry(self, body, answer.status, answer.reason, headers, data, at))
            self.send_response_only(answer.status, answer.reason)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _pass_on

        def log_message(self, *_arguments: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{target.path}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        log = {"version": "1.2", "creator": {"name": "recorder", "version": "1"}, "entries": entries}
        archive.write_text(json.dumps({"log": log}))


def _entry(
    request: BaseHTTPRequestHandler,
    sent: bytes,
    status: int,
    reason: str,
    headers: list[tuple[str, str]],
    data: bytes,
    at: str,
) -> dict[str, Any]:
    try:
        content: dict[str, Any] = {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        content = {"text": base64.b64encode(data).decode(), "encoding": "base64"}
    posted = {"postData": {"mimeType": "", "text": sent.decode("utf-8", "replace")}} if sent else {}
    return {
        "startedDateTime": at,
        "time": 1,
        "request": {
            "method": request.command,
            "url": f"http://{request.headers.get('Host')}{request.path}",
            "headers": [{"name": k, "value": v} for k, v in request.headers.items()],
            "bodySize": len(sent),
            **posted,
        },
        "response": {
            "status": status,
            "statusText": reason,
            "headers": [{"name": k, "value": v} for k, v in headers],
            "content": {"size": len(data), "mimeType": "", **content},
            "bodySize": len(data),
        },
    }
