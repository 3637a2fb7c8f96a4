"""Boundaries: what Content-Type may say, what may be sent (RFC 2046 §5.1.1)."""

import pytest

from skerry.http import LocalProtocolError, RemoteProtocolError
from skerry.http.multipart import (
    MAX_BOUNDARY_LENGTH,
    MultipartType,
    check_boundary,
    format_multipart_type,
    is_multipart,
    parse_multipart_type,
)


@pytest.mark.parametrize(
    ("value", "subtype", "boundary"),
    [
        pytest.param("multipart/form-data; boundary=abc", "form-data", "abc", id="token"),
        pytest.param('multipart/mixed; boundary="a b:c"', "mixed", "a b:c", id="quoted"),
        pytest.param('multipart/mixed; boundary="a\\"b"', "mixed", 'a"b', id="quoted-pair"),
        pytest.param("MULTIPART/Mixed; BOUNDARY=aB", "mixed", "aB", id="rfc2045-5.1-case"),
        pytest.param("multipart/mixed; charset=utf-8; boundary=x; a=b", "mixed", "x", id="other-parameters"),
        pytest.param("multipart/mixed;; boundary=x;", "mixed", "x", id="empty-parameters"),
        pytest.param(
            "multipart/mixed; boundary=----=_Part_0/1:2", "mixed", "----=_Part_0/1:2", id="mail-without-quotes"
        ),
        pytest.param(f"multipart/mixed; boundary={'x' * 70}", "mixed", "x" * 70, id="longest"),
    ],
)
def test_a_content_type_is_read(value: str, subtype: str, boundary: str) -> None:
    assert parse_multipart_type(value) == MultipartType(subtype, boundary)
    assert is_multipart(value)


@pytest.mark.parametrize(
    "value",
    [None, "", "text/plain", "multipart", "multipart/", "multipart; boundary=x", "xmultipart/mixed; boundary=x"],
)
def test_another_type_is_refused(value: str | None) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_multipart_type(value)
    assert (caught.value.code, caught.value.status_hint) == ("not-multipart", 415)


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param("", id="none"),
        pytest.param("; boundary=", id="empty"),
        pytest.param('; boundary=""', id="empty-quoted"),
        pytest.param("; boundary=a; boundary=a", id="twice"),
        pytest.param('; boundary="a', id="quote-without-end"),
        pytest.param("; boundary=a b", id="garbage-behind"),
        pytest.param("; boundary", id="no-value"),
        pytest.param("; =a", id="no-name"),
        pytest.param('; boundary="a "', id="space-at-end"),
        pytest.param('; boundary="a\tb"', id="control"),
        pytest.param('; boundary="é"', id="beyond-ascii"),
        pytest.param(f"; boundary={'x' * 71}", id="too-long"),
        pytest.param("; boundary=x, multipart/mixed; boundary=y", id="two-fields-joined"),
    ],
)
def test_a_bad_boundary_is_refused(parameters: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_multipart_type("multipart/mixed" + parameters)
    assert caught.value.code == "bad-boundary"


@pytest.mark.parametrize("boundary", ["", "a ", "x" * 71, 'a"b', "a;b", "é", "a\r\nb", "a\n", "\x00", "\udc80"])
def test_what_may_not_be_sent_is_refused(boundary: str) -> None:
    for action in (check_boundary, lambda text: format_multipart_type("mixed", text)):
        with pytest.raises(LocalProtocolError) as caught:
            action(boundary)
        assert caught.value.code == "bad-boundary"


@pytest.mark.parametrize("subtype", ["", "a b", "mixed\r\nX: y", "é"])
def test_a_subtype_is_a_token(subtype: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_multipart_type(subtype, "x")
    assert caught.value.code == "bad-field-value"


@pytest.mark.parametrize(
    ("boundary", "value"), [("abc", "multipart/mixed; boundary=abc"), ("a b", 'multipart/mixed; boundary="a b"')]
)
def test_a_content_type_is_written(boundary: str, value: str) -> None:
    assert format_multipart_type("mixed", boundary) == value
    assert parse_multipart_type(value) == MultipartType("mixed", boundary)


def test_the_longest_boundary_is_that_of_the_rfc() -> None:
    assert MAX_BOUNDARY_LENGTH == 70
    assert not is_multipart("text/multipart")
