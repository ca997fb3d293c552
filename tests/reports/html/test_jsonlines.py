from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from reports.html.jsonlines import concerns, laid_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_laying_out_changes_no_value(value: object) -> None:
    text = "\n".join(line.text for line in laid_out(json.dumps(value)))
    assert json.loads(text) == value


@given(VALUES)
def test_the_layout_is_that_of_the_standard_library(value: object) -> None:
    text = "\n".join(line.text for line in laid_out(json.dumps(value, ensure_ascii=False)))
    assert text == json.dumps(value, indent=2, ensure_ascii=False)


def test_numbers_escapes_and_doubled_names_stay_as_they_were_sent() -> None:
    source = '{"n": 1.0e0, "n": 1, "s": "\\u202e\\/"}'
    assert [line.text.strip() for line in laid_out(source)][1:-1] == ['"n": 1.0e0,', '"n": 1,', '"s": "\\u202e\\/"']


def test_every_line_knows_its_pointer_also_behind_slashes_tildes_and_urns() -> None:
    source = json.dumps({"a/b": {"c~d": [0, {"urn:x:2.0:User": {"é": 1}}]}, "": 2})
    pointers = {line.text.strip().rstrip(",").split(": ")[-1]: line.pointer for line in laid_out(source)}
    assert pointers["1"] == "/a~1b/c~0d/1/urn:x:2.0:User/é"
    assert pointers["2"] == "/"


def test_a_pointer_concerns_the_whole_value_and_not_a_neighbour_with_a_longer_name() -> None:
    lines = laid_out('{"status": {"a": 1}, "statusText": 2}')
    assert [line.text.strip() for line in lines if concerns(line, "/status")] == ['"status": {', '"a": 1', "},"]


def test_without_pointers_only_the_text_is_made() -> None:
    lines = laid_out('{"a": [1]}', pointers=False)
    assert {line.pointer for line in lines} == {""}
    assert "".join(line.text.strip() for line in lines) == '{"a": [1]}'
