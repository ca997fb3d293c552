from __future__ import annotations

import base64
import gzip
import json

from reports.html.packing import CHUNK, Chunk, Packer


def _unpacked(chunk: Chunk) -> dict[str, str]:
    return json.loads(gzip.decompress(base64.b64decode(chunk.data)))


def test_a_fragment_is_found_again_by_any_anchor_in_it() -> None:
    packer = Packer()
    name, chunk = packer.add("<p>é</p>", ["x-1", "x-2"])
    chunks = {c.name: _unpacked(c) for c in packer.chunks()}
    assert chunks["index"] == {"x-1": name, "x-2": name}
    assert chunks[chunk][name] == "<p>é</p>"


def test_many_fragments_are_spread_over_chunks_and_none_is_lost() -> None:
    packer = Packer()
    added = [packer.add(str(n) * (CHUNK // 3), [f"x-{n}"]) for n in range(10)]
    chunks = {c.name: _unpacked(c) for c in packer.chunks()}
    assert len(chunks) > 3
    assert all(chunks[chunk][name] == str(n) * (CHUNK // 3) for n, (name, chunk) in enumerate(added))


def test_nothing_packed_is_no_chunk_at_all() -> None:
    assert Packer().chunks() == ()


def test_the_same_fragments_give_the_same_bytes() -> None:
    def chunks() -> tuple[Chunk, ...]:
        packer = Packer()
        packer.add("<p>1</p>", ["x-1"])
        return packer.chunks()

    assert chunks() == chunks()
