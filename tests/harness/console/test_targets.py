from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

import pytest

from harness.console.targets import Refused, named

PUBLIC = "93.184.215.14"

NEVER = {
    "http://169.254.169.254/latest/meta-data": "credentials",
    "https://169.254.169.254/": "credentials",
    "https://169.254.170.2/": "credentials",
    "https://[fd00:ec2::254]/": "credentials",
    "https://100.100.100.200/": "credentials",
    "https://168.63.129.16/": "credentials",
    "https://[::ffff:169.254.169.254]/": "credentials",
    "https://[64:ff9b::169.254.169.254]/": "credentials",
    "https://[2002:a9fe:a9fe::]/": "credentials",
    "https://metadata.google.internal/computeMetadata/v1/": "credentials",
    "https://METADATA.google.internal./": "credentials",
    "https://169.254.1.1/": "local link",
    "https://[fe80::1]/": "local link",
    "https://[fe80::1%25eth0]/": "local link",
    "https://10.0.0.5/": "private",
    "https://172.16.0.1/": "private",
    "https://192.168.1.1/": "private",
    "https://100.64.0.1/": "private",
    "https://[fc00::1]/": "private",
    "https://[::ffff:10.0.0.5]/": "private",
    "https://0.0.0.0/": "single computer",
    "https://[::]/": "single computer",
    "https://224.0.0.1/": "single computer",
    "https://255.255.255.255/": "single computer",
    "https://240.0.0.1/": "single computer",
}
FORMS = {
    "file:///etc/passwd": "no way to reach",
    "ftp://app.example/scim": "no way to reach",
    "gopher://app.example/": "no way to reach",
    "javascript:alert(1)": "no way to reach",
    "//app.example/scim": "does not begin with https",
    "app.example/scim/v2": "does not begin with https",
    "": "no base URL",
    "https://": "names no host",
    "https:///scim": "names no host",
    "https://ada:secret@app.example/scim": "password inside",
    "https://app.example/scim?x=1": "query",
    "https://app.example/scim#x": "#",
    "https://app.example/a b": "blank",
    "https://app.example\\@evil.example/": "backslash",
    "https://app.example/\u0000": "invisible",
    "https://app.example\r\nHost: evil/": "invisible",
    "https://app.example:99999/": "not a base URL",
    "https://[::1/": "not a base URL",
}


@pytest.fixture
def nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whoever opens a connection or asks a resolver is seen, and stopped."""
    asked: list[object] = []

    def seen(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise AssertionError(f"something left: {arguments}")

    monkeypatch.setattr(socket, "getaddrinfo", seen)
    monkeypatch.setattr(socket.socket, "connect", seen)
    return asked


@pytest.mark.parametrize(("url", "why"), NEVER.items())
def test_what_only_this_computer_can_reach_is_refused_before_anything_leaves(
    nothing_leaves, url: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        named(url)
    assert nothing_leaves == []


@pytest.mark.parametrize(("url", "why"), FORMS.items())
def test_what_is_no_base_url_is_refused_before_anything_leaves(nothing_leaves, url: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        named(url)
    assert refused.value.hint
    assert nothing_leaves == []


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "10.1.2.3",
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:192.168.0.1",
        "0.0.0.0",
    ],
)
def test_a_name_that_leads_to_such_an_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match=r"app\.example is at"):
        named("https://app.example/scim", resolver=lambda host, port: [PUBLIC, address])


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localtest.example"])
def test_this_computer_under_another_name_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="this very computer under another name"):
        named(f"https://{host}/scim", resolver=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/scim/v2", "http://[::1]:8000/scim/v2", "http://localhost:8000/scim"]
)
def test_this_computer_is_asked_when_somebody_typed_it(url: str) -> None:
    assert named(url, resolver=lambda host, port: ["127.0.0.1", "::1"]).base_url == url


def test_the_console_never_asks_itself() -> None:
    with pytest.raises(Refused, match="this page itself"):
        named("http://127.0.0.1:4000/", own_port=4000)


def test_a_key_is_not_sent_across_a_network_in_the_clear() -> None:
    with pytest.raises(Refused, match="everybody to read"):
        named("http://app.example/scim", resolver=lambda host, port: [PUBLIC])


def test_a_network_that_the_operator_opened_is_asked_and_its_neighbour_is_not() -> None:
    opened = [ipaddress.ip_network("10.1.0.0/16")]
    assert named("https://10.1.2.3/scim", opened).addresses == ("10.1.2.3",)
    with pytest.raises(Refused, match="private") as refused:
        named("https://10.2.0.1/scim", opened)
    assert "--allow-network 10.2.0.1" in refused.value.hint


def test_a_name_is_looked_up_once_and_its_addresses_are_kept() -> None:
    asked: list[tuple[str, int]] = []

    def once(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return [PUBLIC, PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]

    found = named(" https://App.Example./scim/v2/ ", resolver=once)
    assert asked == [("app.example", 443)]
    assert found.base_url == "https://app.example/scim/v2"
    assert found.addresses == (PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_name_that_nobody_knows_is_told() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Refused, match=r"nobody knows the host ap\.example"):
        named("https://ap.example/scim", resolver=unknown)


def test_the_switch_behind_the_tenant_url_is_taken_for_what_it_is() -> None:
    found = named("https://app.example/scim/?aadOptscim062020", resolver=lambda host, port: [PUBLIC])
    assert (found.base_url, found.flags) == ("https://app.example/scim", ("aadOptscim062020",))
