"""HAR 1.2: everything that crossed the wire, for the tools that read HTTP archives. Secrets are masked already."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from harfile import Browser, Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from harness.model.exchange import Exchange
from harness.model.run import Run

NOWHERE = "1970-01-01T00:00:00.000+00:00"
"""The format demands a time; an exchange whose time is not known says so in its comment."""

VERSION = "HTTP/1.1"


def write(run: Run, directory: Path) -> Path:
    """Write ``report.har`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "report.har"
    with path.open("w", encoding="utf-8") as file, _archive(run, file) as har:
        _fill(har, run)
    return path


def render(run: Run) -> str:
    """The archive as text. A request that got no answer has status 0 and the reason in its comment."""
    file = StringIO()
    with _archive(run, file) as har:
        _fill(har, run)
    return file.getvalue()


def _archive(run: Run, file: object) -> HarFile:
    version = run.meta.get("tool", "0")
    return HarFile(
        file,  # type: ignore[arg-type]
        creator=Creator(name="scimulator", version=version),
        browser=Browser(name="scimulator", version=version),
        comment=f"profile {run.profile}: {run.conclusion.value}; credentials are masked",
    )


def _fill(har: HarFile, run: Run) -> None:
    for result in run.results:
        for exchange in result.transcript.exchanges:
            har.add_entry(
                startedDateTime=_time(exchange.started_at),
                time=exchange.elapsed_ms,
                request=_request(exchange),
                response=_response(exchange),
                timings=Timings(send=0, wait=exchange.elapsed_ms, receive=0),
                comment=_comment(exchange),
            )


def _time(started_at: str) -> str:
    """The pattern of the published schema asks for a colon in the offset and no Z with a fraction missing."""
    if not started_at:
        return NOWHERE
    return started_at.removesuffix("Z") + "+00:00" if started_at.endswith("Z") else started_at


def _request(exchange: Exchange) -> Request:
    sent = exchange.request
    body = sent.body
    return Request(
        method=sent.method,
        url=sent.url,
        httpVersion=VERSION,
        headers=_records(sent.headers),
        queryString=_records(parse_qsl(urlsplit(sent.url).query, keep_blank_values=True)),
        postData=None
        if body is None
        else PostData(mimeType=exchange.sent_header("Content-Type") or "", text=body.decode("utf-8", "replace")),
        bodySize=len(body or b""),
    )


def _response(exchange: Exchange) -> Response:
    answer = exchange.response
    if answer is None:
        return Response(status=0, statusText="", httpVersion=VERSION, content=Content(size=0, mimeType="x-unknown"))
    text, encoding = _body(answer.body)
    return Response(
        status=answer.status,
        statusText=answer.reason,
        httpVersion=VERSION,
        headers=_records(answer.headers),
        content=Content(
            size=len(answer.body), mimeType=exchange.header("Content-Type") or "x-unknown", text=text, encoding=encoding
        ),
        redirectURL=exchange.header("Location") or "",
        bodySize=len(answer.body),
    )


def _body(body: bytes) -> tuple[str | None, str | None]:
    if not body:
        return None, None
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def _records(pairs: Iterable[tuple[str, str]]) -> list[Record]:
    return [Record(name=name, value=value) for name, value in pairs]


def _comment(exchange: Exchange) -> str:
    trouble = f"; no answer: {exchange.trouble.message}" if exchange.trouble else ""
    when = "" if exchange.started_at else "; the time is not known"
    return f"{exchange.id} in {exchange.scenario}, sent by {exchange.role.value}: {exchange.title}{trouble}{when}"
