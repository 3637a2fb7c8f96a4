"""How a body ends, as a table of RFC 9112 §6.3."""

import pytest

from skerry.http import RemoteProtocolError
from skerry.http.h1.framing import CHUNKED, UNTIL_CLOSE, decide_request_framing, decide_response_framing

CODINGS = [
    pytest.param(b"chunked", "", id="chunked"),
    pytest.param(b"CHUNKED", "", id="rfc9112-7-without-case"),
    pytest.param(b" chunked\t", "", id="white-space"),
    pytest.param(b"", "bad-transfer-coding", id="empty"),
    pytest.param(b",", "bad-transfer-coding", id="empty-list"),
    pytest.param(b"chunked,chunked", "bad-transfer-coding", id="rfc9112-7.1-twice"),
    pytest.param(b"chunked, gzip", "bad-transfer-coding", id="rfc9112-6.1-chunked-not-last"),
    pytest.param(b"chunked, identity", "bad-transfer-coding", id="chunked-before-identity"),
    pytest.param(b"chunked;q=1", "bad-transfer-coding", id="rfc9112-7-parameter"),
    pytest.param(b'"chunked"', "bad-transfer-coding", id="quoted"),
    pytest.param(b"xchunked", "bad-transfer-coding", id="prefix"),
    pytest.param(b"chunked\x85", "bad-transfer-coding", id="next-line"),
    pytest.param(b"gzip chunked", "bad-transfer-coding", id="no-comma"),
    pytest.param(b"gzip, chunked", "unknown-transfer-coding", id="rfc9112-6.1-unknown-before"),
    pytest.param(b"gzip", "unknown-transfer-coding", id="rfc9112-6.1-unknown"),
    pytest.param(b"identity", "unknown-transfer-coding", id="rfc9112-7-identity-is-gone"),
    pytest.param(b"chunke", "unknown-transfer-coding", id="cut"),
    pytest.param("chun\u212aed".encode(), "unknown-transfer-coding", id="kelvin-sign-is-no-k"),
]


def request(method: str, is_11: bool, length: int, codings: bytes | None) -> int | str:
    try:
        return decide_request_framing(method, is_11, length, codings)
    except RemoteProtocolError as error:
        return error.code


def response(method: str, status: int, is_11: bool, length: int, codings: bytes | None) -> int | str:
    try:
        return decide_response_framing(method, status, is_11, length, codings)
    except RemoteProtocolError as error:
        return error.code


@pytest.mark.parametrize(("codings", "code"), CODINGS)
def test_the_one_transfer_coding_is_chunked(codings: bytes, code: str) -> None:
    assert request("POST", True, -1, codings) == (code or CHUNKED)
    assert response("GET", 200, True, -1, codings) == (code or CHUNKED)


@pytest.mark.parametrize(
    ("method", "is_11", "length", "codings", "expected"),
    [
        pytest.param("GET", True, -1, None, 0, id="rfc9112-6.3-7-nothing-announced"),
        pytest.param("POST", True, -1, None, 0, id="rfc9112-6.3-7-post-too"),
        pytest.param("POST", True, 0, None, 0, id="rfc9112-6.3-6-zero"),
        pytest.param("GET", True, 5, None, 5, id="rfc9112-6.3-6-length"),
        pytest.param("GET", False, 5, None, 5, id="rfc9112-6.3-6-length-1.0"),
        pytest.param("POST", True, 0, b"chunked", "length-and-coding", id="smuggling-rfc9112-11.2-cl-0-te"),
        pytest.param("POST", True, 5, b"chunked", "length-and-coding", id="smuggling-rfc9112-11.2-cl-te"),
        pytest.param("POST", True, 5, b"gzip", "length-and-coding", id="smuggling-rfc9112-11.2-cl-unknown-te"),
        pytest.param("POST", True, 5, b"", "length-and-coding", id="smuggling-rfc9112-11.2-cl-empty-te"),
        pytest.param("POST", False, -1, b"chunked", "bad-transfer-coding", id="rfc9112-6.1-te-in-1.0"),
        pytest.param("POST", False, -1, b"gzip", "bad-transfer-coding", id="rfc9112-6.1-unknown-te-in-1.0"),
        pytest.param("CONNECT", True, -1, None, 0, id="rfc9110-9.3.6-connect"),
        pytest.param("CONNECT", True, 0, None, 0, id="rfc9110-9.3.6-connect-length-0"),
        pytest.param("CONNECT", True, 1, None, "body-not-allowed", id="rfc9110-9.3.6-connect-length"),
        pytest.param("CONNECT", True, -1, b"chunked", "body-not-allowed", id="rfc9110-9.3.6-connect-chunked"),
    ],
)
def test_the_body_of_a_request(
    method: str, is_11: bool, length: int, codings: bytes | None, expected: int | str
) -> None:
    assert request(method, is_11, length, codings) == expected


@pytest.mark.parametrize(
    ("method", "status", "is_11", "length", "codings", "expected"),
    [
        pytest.param("HEAD", 200, True, 5, None, 0, id="rfc9112-6.3-1-head"),
        pytest.param("HEAD", 200, True, -1, b"chunked", 0, id="rfc9112-6.3-1-head-chunked"),
        pytest.param("HEAD", 200, True, -1, None, 0, id="rfc9112-6.3-1-head-nothing"),
        pytest.param("GET", 100, True, 5, None, 0, id="rfc9112-6.3-1-1xx"),
        pytest.param("GET", 204, True, 5, None, 0, id="rfc9112-6.3-1-204"),
        pytest.param("GET", 204, True, -1, None, 0, id="rfc9112-6.3-1-204-nothing"),
        pytest.param("GET", 304, True, 5, None, 0, id="rfc9112-6.3-1-304"),
        pytest.param("GET", 304, True, -1, b"chunked", 0, id="rfc9112-6.3-1-304-chunked"),
        pytest.param("CONNECT", 200, True, 5, None, 0, id="rfc9112-6.3-2-connect-2xx"),
        pytest.param("CONNECT", 299, True, -1, b"chunked", 0, id="rfc9112-6.3-2-connect-chunked"),
        pytest.param("CONNECT", 407, True, 5, None, 5, id="rfc9112-6.3-connect-refused"),
        pytest.param("CONNECT", 300, True, -1, None, UNTIL_CLOSE, id="rfc9112-6.3-connect-3xx"),
        pytest.param("GET", 200, True, 5, b"chunked", "length-and-coding", id="smuggling-rfc9112-6.3-3"),
        pytest.param("GET", 200, False, -1, b"chunked", "bad-transfer-coding", id="rfc9112-6.1-te-in-1.0"),
        pytest.param("GET", 200, True, 5, None, 5, id="rfc9112-6.3-6"),
        pytest.param("GET", 200, True, 0, None, 0, id="rfc9112-6.3-6-zero"),
        pytest.param("GET", 200, True, -1, None, UNTIL_CLOSE, id="rfc9112-6.3-8"),
        pytest.param("GET", 205, True, -1, None, UNTIL_CLOSE, id="rfc9112-6.3-8-205"),
        pytest.param("GET", 999, False, -1, None, UNTIL_CLOSE, id="rfc9112-6.3-8-1.0"),
    ],
)
def test_the_body_of_a_response(
    method: str, status: int, is_11: bool, length: int, codings: bytes | None, expected: int | str
) -> None:
    assert response(method, status, is_11, length, codings) == expected


@pytest.mark.parametrize("codings", [b",chunked", b"chunked,", b", chunked ,,", b"chunked, ,"])
def test_empty_members_are_forgiven_in_responses_alone(codings: bytes) -> None:
    assert request("POST", True, -1, codings) == "bad-transfer-coding"
    assert response("GET", 200, True, -1, codings) == CHUNKED
