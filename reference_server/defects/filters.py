"""Filters that mean something else than they say."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from reference_server.behaviour import Behaviour
from reference_server.defects.lookups import drop_found, refuse_filters, rewrite_filter
from reference_server.defects.registry import defect
from reference_server.defects.tools import on_answer, on_request, with_query
from reference_server.http import Request, Response, error


@defect("filter-operator-case", breaks=["RFC7644-3.4.2.2-03"])
def an_operator_in_capitals_is_refused(behaviour: Behaviour) -> None:
    """Filter operators are only understood in small letters"""
    refuse_filters(behaviour, r" (EQ|Eq|AND|And|OR|Or|PR|Pr|NE|CO|SW|EW)\b", 400, "Unknown operator")


@defect("filter-attribute-case", breaks=["RFC7644-3.4.2.2-02"])
def an_attribute_in_another_case_is_unknown(behaviour: Behaviour) -> None:
    """A filter on USERNAME is refused because the attribute is spelled userName"""
    refuse_filters(behaviour, r"USERNAME|\busername\b", 400, "Unknown attribute")


@defect("filter-urn-refused", breaks=["RFC7644-3.4.2.2-29"])
def a_fully_qualified_attribute_is_unknown(behaviour: Behaviour) -> None:
    """A filter that names an attribute with its schema is refused"""
    refuse_filters(behaviour, r"(?i)urn:ietf", 400, "Unknown attribute")


@defect("filter-boolean-as-text", breaks=["RFC7644-3.4.2.2-08"])
def a_boolean_is_compared_as_text(behaviour: Behaviour) -> None:
    """A filter on active finds nobody, because true is compared with a text"""
    compares = re.compile(r"(?i)\bactive eq (true|false)")
    drop_found(behaviour, lambda _desk, request, _person: bool(compares.search(str(request.filter or ""))))


@defect("filter-or-binds-tighter", breaks=["RFC7644-3.4.2.2-22"])
def or_binds_tighter_than_and(behaviour: Behaviour) -> None:
    """In a filter, "a or b and c" is read as "(a or b) and c\""""
    rewrite_filter(behaviour, r"^([^()]+ or [^()]+) and ([^()]+)$", r"(\1) and \2")


@defect("filter-parentheses-ignored", breaks=["RFC7644-3.4.2.2-23"])
def parentheses_are_read_over(behaviour: Behaviour) -> None:
    """Parentheses in a filter change nothing"""

    @on_request(behaviour)
    def flattened(request: Request) -> Request | None:
        text = request.query.get("filter", "")
        flat = re.sub(r"[()]", "", text) if text.count("(") == text.count(")") < 50 and "not" not in text else text
        return with_query(request, filter=flat) if text else None


@defect("filter-not-ignored", breaks=["RFC7644-3.4.2.2-21"])
def a_negation_is_read_over(behaviour: Behaviour) -> None:
    """A filter with not(...) finds those whom it excludes"""
    rewrite_filter(behaviour, r"(?i)\bnot ?\(", "(")


@defect("filter-and-means-or", breaks=["RFC7644-3.4.2.2-19"])
def both_conditions_are_either(behaviour: Behaviour) -> None:
    """A filter with "and" finds people who meet only one of the two conditions"""
    rewrite_filter(behaviour, r"(?i) and ", " or ")


@defect("filter-or-means-first", breaks=["RFC7644-3.4.2.2-20"])
def only_the_first_alternative_counts(behaviour: Behaviour) -> None:
    """A filter with "or" looks at its first alternative only"""
    rewrite_filter(behaviour, r"(?i) or .*$", "")


@defect("filter-ne-means-eq", breaks=["RFC7644-3.4.2.2-11"])
def unequal_means_equal(behaviour: Behaviour) -> None:
    """A filter with "ne" finds exactly those whom it excludes"""
    rewrite_filter(behaviour, r"(?i) ne ", " eq ")


@defect("filter-co-means-sw", breaks=["RFC7644-3.4.2.2-12"])
def containing_means_beginning(behaviour: Behaviour) -> None:
    """A filter with "co" only looks at the beginning of the value"""
    rewrite_filter(behaviour, r"(?i) co ", " sw ")


@defect("filter-ew-ignored", breaks=["RFC7644-3.4.2.2-14", "RFC7644-3.4.2.2-06"])
def ending_with_is_read_as_being_there(behaviour: Behaviour) -> None:
    """A filter with "ew" finds everybody who has the attribute at all"""
    rewrite_filter(behaviour, r'(?i) ew "[^"]*"', " pr")


@defect("filter-pr-finds-all", breaks=["RFC7644-3.4.2.2-15", "RFC7643-2.5-01"])
def being_there_is_always_true(behaviour: Behaviour) -> None:
    """A filter with "pr" also finds people who do not have the attribute"""
    rewrite_filter(behaviour, r"(?i)^\s*[\w.]+ pr\s*$", "id pr")


@defect("filter-dates-as-text", breaks=["RFC7644-3.4.2.2-16"])
def dates_are_compared_letter_by_letter(behaviour: Behaviour) -> None:
    """A filter on meta.lastModified takes no notice of the time zone of the date"""
    rewrite_filter(behaviour, r"([+-]\d\d:\d\d)\"", 'Z"')


@defect("filter-orders-booleans", breaks=["RFC7644-3.4.2.2-18"])
def booleans_have_an_order(behaviour: Behaviour) -> None:
    """A filter "active gt false" is answered instead of refused"""
    rewrite_filter(behaviour, r"(?i)\bactive (gt|ge) false", "active eq true")


@defect("filter-whole-name", breaks=["RFC7644-3.4.2.2-27"])
def a_name_is_compared_as_a_whole(behaviour: Behaviour) -> None:
    """A filter that compares name, which has parts, finds everybody"""
    rewrite_filter(behaviour, r'(?i)\bname eq "[^"]*"', "id pr")


@defect("filter-first-mail-only", breaks=["RFC7644-3.4.2.2-26"], presets=["full"])
def only_the_first_mail_is_looked_at(behaviour: Behaviour) -> None:
    """A filter on e-mail addresses looks only at the first address of each person"""
    asked = re.compile(r'(?i)emails(?:\.value eq|\[value eq) "([^"]*)"')

    def another(_desk: Any, request: Any, person: Any) -> bool:
        wanted = asked.search(str(request.filter or ""))
        return wanted is not None and person.emails[0].value != wanted[1]

    drop_found(behaviour, another)


@defect("filter-mixes-values", breaks=["RFC7644-3.4.2.2-25"], presets=["full"])
def brackets_do_not_hold_values_together(behaviour: Behaviour) -> None:
    """In emails[type eq "a" and value eq "b"] the two may be met by different addresses"""
    rewrite_filter(
        behaviour, r'(?i)emails\[type (eq "[^"]*") and value (eq "[^"]*")\]', r"emails.type \1 and emails.value \2"
    )


@defect("filter-escapes-undecoded", breaks=["RFC7644-3.4.2.2-31"])
def escapes_in_a_filter_are_not_decoded(behaviour: Behaviour) -> None:
    """A letter that is written as an escape in a filter value is not recognised"""
    rewrite_filter(behaviour, r"\\u([0-9a-fA-F]{4})", r"\\\\u\1")


@defect("filter-percent-plus", breaks=["RFC7644-1.2-01"])
def percent_signs_are_decoded_once_more(behaviour: Behaviour) -> None:
    """What is percent-encoded in a filter is decoded twice"""

    @on_request(behaviour)
    def decoded(request: Request) -> Request | None:
        text = request.query.get("filter")
        return None if text is None else with_query(request, filter=unquote(text))


@defect("deep-filter-500", breaks=["RFC7644-3.4.2.2-37", "RFC7644-3.12-07"], source="unbounded-filter-or-ops")
def a_deep_filter_breaks_the_server(behaviour: Behaviour) -> None:
    """Many nested parentheses in a filter end in a 500"""
    refuse_filters(behaviour, r"\({50}", 500, "maximum recursion depth exceeded")


@defect("quote-breaks-filter", breaks=["RFC7644-7.7-01", "SEC-ERR-01", "RFC7644-3.12-07"], source="filter-into-ldap")
def a_quotation_mark_reaches_the_database(behaviour: Behaviour) -> None:
    """An apostrophe in a filter value ends in a 500 that shows the SQL"""
    refuse_filters(behaviour, r"'", 500, 'sqlite3.OperationalError: near "\'": syntax error [SQL: SELECT * FROM users]')


@defect("password-filter-leaks", breaks=["RFC7643-4.1.1-17"])
def passwords_can_be_asked_for(behaviour: Behaviour) -> None:
    """A filter on the beginning of passwords is answered with people"""
    rewrite_filter(behaviour, r'(?i)password (sw "[^"]*"|pr)', "id pr")


@defect("unknown-attribute-filter-500", breaks=["RFC7644-3.4.2.2-34", "RFC7644-3.12-07"])
def a_filter_on_an_unknown_attribute_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter on an attribute that is not published ends in a 500"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(500, "KeyError") if re.search(r"(?i)nosuch", request.query.get("filter", "")) else None
