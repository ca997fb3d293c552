"""What another web page in the same browser can do to the console: nothing."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.socket]


class _Evil(BaseHTTPRequestHandler):
    """A page on another port of this computer, for which the browser sends the cookie along."""

    console = ""

    def do_GET(self) -> None:
        body = f"""<!doctype html><title>evil</title><iframe id="f" src="{self.console}/"></iframe>
        <form id="g" method="post" action="{self.console}/leave"><input name="csrf" value="x"></form>""".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def evil(console):
    origin = console.about["url"].partition("/enter")[0]
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Evil", (_Evil,), {"console": origin}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", origin
    server.shutdown()
    server.server_close()


def test_a_page_of_another_port_can_neither_frame_nor_post_nor_read(visit, evil) -> None:
    there, origin = evil
    page = visit()
    assert page.inner_text("h1") == "Will a leaver really lose access?"
    other = page.context.new_page()
    other.goto(there)
    assert "Will a leaver" not in "".join(frame.content() for frame in other.frames if frame != other.main_frame)
    read = "fetch(%r, {credentials: 'include'}).then((r) => r.text(), () => 'refused')"
    assert other.evaluate(read % f"{origin}/") == "refused"
    other.evaluate("document.getElementById('g').submit()")
    other.wait_for_url(f"{origin}/leave")
    assert "another web page sent this request" in other.inner_text("main")
    page.reload()
    assert page.inner_text("h1") == "Will a leaver really lose access?"


def test_the_cookie_cannot_be_read_by_a_script(visit) -> None:
    page = visit()
    assert page.evaluate("document.cookie") == ""
    assert "token" not in page.url
