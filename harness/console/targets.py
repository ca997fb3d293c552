"""Which address may be asked at all: decided before a socket opens, from the name that somebody typed.

A page that sends requests for its reader could be used to reach what only this computer can reach. So only the host
that was typed is spoken to, only at addresses that were looked at, and never at those that clouds and routers keep for
themselves, unless the operator named their network when the console was started (docs/decisions).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to addresses, as text. Raises OSError."""

METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    )
)
"""Where clouds hand out credentials to whoever asks from inside; some of them look like any other address."""

METADATA_NAMES = ("metadata.google.internal", "metadata", "instance-data", "metadata.azure.internal")
FLAG = "aadOptscim062020"
"""What an administrator puts behind the tenant URL so that Entra ID speaks its second dialect."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(ValueError):
    """An address that is not asked. ``str`` says which and why; ``hint`` what to do next."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


@dataclass(frozen=True)
class Named:
    """A target that may be asked: the base URL without a trailing slash, its host, and the addresses it was found at.

    ``typed`` is what stands in the identity provider, slash, switches and all.

    ``flags`` are switches of Entra ID that stood behind the URL; they are meant for it and not for the service.
    """

    base_url: str
    host: str
    port: int
    addresses: tuple[str, ...]
    typed: str = ""
    flags: tuple[str, ...] = ()


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name by this computer's own resolver. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def named(text: str, allowed: Sequence[Network] = (), resolver: Resolver | None = None, own_port: int = 0) -> Named:
    """What somebody typed as a base URL, looked at and resolved once. Raises Refused before anything is sent.

    ``allowed`` are networks that the operator opened; ``own_port`` is the console's own, which never asks itself.
    """
    text = text.strip()
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise Refused("the base URL has a blank, a backslash or an invisible character in it", "copy it once more")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(f"{text[:200]} is not a base URL: {error}", "expected https://HOST/PATH") from error
    _check_form(text, parts.scheme.lower(), parts.hostname or "", secret="@" in parts.netloc)
    flags = _flags(parts.query, parts.fragment)
    host = (parts.hostname or "").rstrip(".").lower()
    number = port or (443 if parts.scheme.lower() == "https" else 80)
    addresses = _looked_at(host, number, allowed, resolver or resolve)
    if own_port == number and all(ipaddress.ip_address(a).is_loopback for a in addresses):
        raise Refused("this is the address of this page itself", "paste the SCIM base URL of the service")
    if parts.scheme.lower() == "http" and not all(ipaddress.ip_address(a).is_loopback for a in addresses):
        raise Refused(
            f"{host} is named with http:, which would carry the API key across the network for everybody to read",
            "use https: (Okta and Entra ID take nothing else)",
        )
    shown = f"[{host}]" if ":" in host else host
    netloc = f"{shown}:{port}" if port else shown
    base = urlunsplit((parts.scheme.lower(), netloc, parts.path.rstrip("/"), "", ""))
    return Named(base, host, number, tuple(addresses), text, flags)


def _check_form(text: str, scheme: str, host: str, *, secret: bool) -> None:
    example = "expected https://HOST/PATH, for example https://app.example/scim/v2"
    if not text:
        raise Refused("no base URL was given", example)
    if scheme not in ("http", "https"):
        what = f"{scheme}: is no way to reach a SCIM service" if scheme else "the base URL does not begin with https://"
        raise Refused(what, example)
    if not host:
        raise Refused("the base URL names no host", example)
    if secret:
        raise Refused(
            "there is a user name or a password inside the base URL", "put the key into its own field; take it out here"
        )


def _flags(query: str, fragment: str) -> tuple[str, ...]:
    if fragment:
        raise Refused("the base URL has a # in it", "an identity provider would cut it off there; remove it")
    flags = tuple(part for part in query.split("&") if part)
    if strange := [flag for flag in flags if flag.lower() != FLAG.lower()]:
        raise Refused(
            f"the base URL has a query in it (?{strange[0][:80]})",
            "an identity provider appends paths such as /Users to this address; remove everything from the ? on",
        )
    return flags


def _looked_at(host: str, port: int, allowed: Sequence[Network], resolver: Resolver) -> list[str]:
    if host in METADATA_NAMES:
        raise Refused(f"{host} is where a cloud keeps credentials; it is never asked", "paste the service's base URL")
    literal = _literal(host)
    if literal is not None:
        found = [host]
    else:
        try:
            found = list(dict.fromkeys(resolver(host, port)))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", "") or error
            raise Refused(
                f"nobody knows the host {host} ({reason})", "is the name spelt as the vendor gave it?"
            ) from error
    if not found:
        raise Refused(f"nobody knows the host {host}", "is the name spelt as the vendor gave it?")
    typed = literal is not None or host == "localhost"
    for one in found:
        if (why := forbidden(ipaddress.ip_address(one.partition("%")[0]), allowed, typed=typed)) is not None:
            at = "" if one == host else f" is at {one}, which"
            raise Refused(
                f"{host}{at} is {why}; it was not asked",
                "paste the address that Okta or Entra ID would use. If the service really is there, start the console "
                f"again with --allow-network {one.partition('%')[0]}",
            )
    return found


def forbidden(address: Address, allowed: Sequence[Network] = (), *, typed: bool = False) -> str | None:
    """Why an address is not asked, in words, or None. ``typed``: the operator wrote this very computer's address."""
    inner = _inside(address)
    # The address itself decides first: what was opened on purpose is open.
    if any(inner in network for network in allowed if network.version == inner.version):
        return None
    if inner in METADATA:
        return "where a cloud keeps credentials"
    if inner.is_loopback:
        return None if typed else "this very computer under another name"
    if inner.is_link_local:
        return "an address of the local link"
    if inner.is_unspecified or inner.is_multicast or inner.is_reserved:
        return "no address of a single computer"
    if not inner.is_global:
        return "a private address"
    return None


def _inside(address: Address) -> Address:
    """The address that is really reached, where one kind of address is wrapped in another."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
