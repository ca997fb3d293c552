from __future__ import annotations

import base64
import gzip
import json

from reports.html.packing import CHUNK, Chunk, Packer, packed


def _unpacked(chunk: Chunk) -> dict[str, str]:
    return json.loads(gzip.decompress(base64.b64decode(chunk.data)))


def test_a_fragment_lies_where_its_slot_says() -> None:
    packer = Packer("p")
    slot = packer.add("<p>é</p>")
    chunks = {c.name: _unpacked(c) for c in packer.chunks()}
    assert chunks[slot.chunk][slot.fragment] == "<p>é</p>"


def test_many_fragments_are_spread_over_chunks_and_none_is_lost() -> None:
    packer = Packer("p")
    added = [packer.add(str(n) * (CHUNK // 3)) for n in range(10)]
    chunks = {c.name: _unpacked(c) for c in packer.chunks()}
    assert len(chunks) > 3
    assert all(chunks[slot.chunk][slot.fragment] == str(n) * (CHUNK // 3) for n, slot in enumerate(added))


def test_nothing_packed_is_no_chunk_and_no_volume() -> None:
    packer = Packer("p")
    assert (packer.finish(), list(packer.chunks())) == (0, [])


def test_a_full_volume_ends_only_where_it_may_and_holds_what_was_added_between_two_turns() -> None:
    packer = Packer("v", volume=10)
    homes = {}
    for scenario in range(3):
        packer.turn()
        for n in range(2):
            homes[packer.add(f"{scenario}.{n} " * 400)] = packer.volume
    assert packer.finish() == 3
    assert list(homes.values()) == [0, 0, 1, 1, 2, 2]
    for slot, volume in homes.items():
        assert slot.fragment in {name for c in packer.chunks(volume) if c.name == slot.chunk for name in _unpacked(c)}


def test_the_same_values_give_the_same_bytes() -> None:
    assert packed({"a": "<p>1</p>"}) == packed({"a": "<p>1</p>"})
