from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from harness.console import uploads
from harness.console.uploads import TooMuch, received


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def _kept(name: str, stream: io.BytesIO) -> list[Path]:
    with received([(name, stream)]) as paths:
        assert all(path.is_file() for path in paths)
    assert not any(path.exists() for path in paths)
    return paths


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/passwd",
        "a/b/../../c.json",
        "",
        ".",
        "..",
        "x" * 300,
        "a\x00.json",
        "-rf",
    ],
)
def test_the_name_of_an_upload_is_never_a_path(name: str) -> None:
    (path,) = _kept(name, io.BytesIO(b"{}"))
    assert path.parent.name.startswith("scimulator-console-")
    assert path.name.startswith("000-")
    assert "/" not in path.name
    assert ".." not in path.name.strip("0-")


def test_a_zip_cannot_write_outside_its_folder() -> None:
    paths = _kept("x.zip", _zip({"../../evil.json": b"{}", "/abs/evil.har": b"{}", "ok/deep/log.csv": b"a,b"}))
    assert len({path.parent for path in paths}) == 1
    assert len(paths) == 3


def test_a_zip_that_swells_is_refused_before_it_has_swollen() -> None:
    bomb = _zip({"bomb.json": b"0" * (64 * 1024 * 1024)})
    assert len(bomb.getvalue()) < 200_000
    with pytest.raises(TooMuch, match="larger than"), received([("bomb.zip", bomb)]):
        pass


def test_a_zip_that_lies_about_its_sizes_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UNPACKED", 1024 * 1024)
    monkeypatch.setattr(uploads, "CHUNK", 64 * 1024)
    data = bytearray(_zip({"a.json": b"0" * (8 * 1024 * 1024)}).getvalue())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    with pytest.raises(TooMuch), received([("liar.zip", io.BytesIO(bytes(data)))]):
        pass


def test_a_zip_of_very_many_files_is_refused() -> None:
    with pytest.raises(TooMuch, match="500 files"), received([("m.zip", _zip({f"{n}.json": b"" for n in range(500)}))]):
        pass


def test_many_middling_files_do_not_add_up_to_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UNPACKED", 1024 * 1024)
    bomb = _zip({f"{n}.json": b"0" * 300_000 for n in range(10)})
    with pytest.raises(TooMuch), received([("m.zip", bomb)]):
        pass


def test_a_zip_inside_a_zip_is_not_unpacked() -> None:
    inner = _zip({"a.json": b"0" * 1_000_000}).getvalue()
    with pytest.raises(TooMuch, match="no file that is known"), received([("n.zip", _zip({"inner.zip": inner}))]):
        pass


def test_a_damaged_zip_is_told_in_words() -> None:
    data = bytearray(_zip({"a.json": b"hello" * 1000}).getvalue())
    data[40:60] = b"\xff" * 20
    with pytest.raises(TooMuch, match="cannot be unpacked"), received([("broken.zip", io.BytesIO(bytes(data)))]):
        pass


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_without_measure_is_refused(method: int) -> None:
    with pytest.raises(TooMuch, match="unusual way"), received([("b.zip", _zip({"a.json": b"0" * 100_000}, method))]):
        pass


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooMuch, match="larger than"), received([("a.har", io.BytesIO(b"x" * 2048))], largest=1024):
        pass
