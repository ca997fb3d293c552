"""The shipped SCIM definitions: whole, in SCIM's own format, with the verified errata, and as others read the RFC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import scim2_models

from harness.schemas import DEFINITIONS, definition
from harness.validation import compiled

OTHERS: dict[str, Any] = {
    "user": scim2_models.User,
    "enterprise_user": scim2_models.EnterpriseUser,
    "group": scim2_models.Group,
    "service_provider_config": scim2_models.ServiceProviderConfig,
    "resource_type": scim2_models.ResourceType,
    "schema": scim2_models.Schema,
}


LEFT_OUT = {
    # A common attribute; the configuration resource need not have it.
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig": {"id"},
}


def walk(attributes: list[dict[str, Any]], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for attribute in attributes:
        name = prefix + attribute["name"]
        yield name, attribute
        yield from walk(attribute.get("subAttributes") or [], f"{name}.")


def by_name(name: str) -> dict[str, dict[str, Any]]:
    return dict(walk(definition(name)["attributes"]))


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_definition_is_a_valid_schema_resource(name: str) -> None:
    assert compiled("Schema").explain(definition(name)) == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_sentence_of_the_rfc_is_carried_over(name: str) -> None:
    assert all("description" not in attribute for _, attribute in walk(definition(name)["attributes"]))


@pytest.mark.parametrize("name", DEFINITIONS)
def test_an_independent_implementation_reads_the_same_attributes_out_of_the_rfc(name: str) -> None:
    document = scim2_models_schema(name)
    theirs = {n: a for n, a in walk(document["attributes"]) if n not in LEFT_OUT.get(document["id"], set())}
    assert definition(name)["id"] == document["id"]
    assert set(by_name(name)) == set(theirs)


@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.parametrize("member", ["type", "multiValued", "returned"])
def test_an_independent_implementation_gives_the_same_characteristics(name: str, member: str) -> None:
    theirs = dict(walk(scim2_models_schema(name)["attributes"]))
    different = {n: (a[member], theirs[n][member]) for n, a in by_name(name).items() if a[member] != theirs[n][member]}
    assert different == {}


def scim2_models_schema(name: str) -> dict[str, Any]:
    dumped: dict[str, Any] = OTHERS[name].to_schema().model_dump()
    return dumped


def test_a_name_that_is_no_definition_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="there are user, enterprise_user"):
        definition("users")


def test_erratum_5368_a_group_has_to_have_a_name() -> None:
    assert by_name("group")["displayName"]["required"] is True


def test_erratum_8471_a_persons_groups_refer_to_groups_only() -> None:
    assert by_name("user")["groups.$ref"]["referenceTypes"] == ["Group"]


def test_erratum_8472_the_managers_id_is_case_exact() -> None:
    assert by_name("enterprise_user")["manager.value"]["caseExact"] is True


def test_errata_5606_and_8435_binary_is_a_type() -> None:
    assert "binary" in by_name("schema")["attributes.type"]["canonicalValues"]
    assert by_name("user")["x509Certificates.value"]["type"] == "binary"


def test_erratum_8415_a_sub_attribute_is_never_complex() -> None:
    assert "complex" in by_name("schema")["attributes.type"]["canonicalValues"]
    assert "complex" not in by_name("schema")["attributes.subAttributes.type"]["canonicalValues"]


def test_errata_5607_and_7522_these_lists_are_lists() -> None:
    assert by_name("schema")["attributes.subAttributes.referenceTypes"]["multiValued"] is True
    assert by_name("resource_type")["schemaExtensions"]["multiValued"] is True


def test_erratum_8475_name_and_endpoint_of_a_resource_type_are_unique() -> None:
    assert [by_name("resource_type")[n]["uniqueness"] for n in ("name", "endpoint")] == ["server", "server"]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_erratum_6004_complex_attributes_have_neither_uniqueness_nor_letter_case(name: str) -> None:
    found = [n for n, a in by_name(name).items() if a["type"] == "complex" and {"uniqueness", "caseExact"} & set(a)]
    assert found == []
