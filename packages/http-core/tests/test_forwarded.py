"""Forwarded and X-Forwarded-*: what is read, and whom to believe."""

import pytest

from skerry.http.forwarded import (
    ForwardedClient,
    ForwardedElement,
    Node,
    decide_client,
    normalize_address,
    parse_forwarded,
    parse_node,
    parse_x_forwarded,
)
from skerry.http.limits import Limits

EMPTY = ForwardedElement()


def element(**parameters: str) -> ForwardedElement:
    return ForwardedElement(tuple(parameters.items()))


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(
            'For="[2001:db8::1]:80";Proto=HTTP;by=_x;host="e.com:80", for=b',
            [ForwardedElement((("for", "[2001:db8::1]:80"), ("proto", "HTTP"), ("by", "_x"), ("host", "e.com:80"))),
             ForwardedElement((("for", "b"),))],
            id="rfc7239-4",
        ),
        pytest.param(", for=a,,", [ForwardedElement((("for", "a"),))], id="rfc9110-5.6.1-empty-members"),
        pytest.param("for=a;;ext=1;", [ForwardedElement((("for", "a"), ("ext", "1")))], id="empty-parameters"),
        pytest.param('for="a\\"b,c;d"', [ForwardedElement((("for", 'a"b,c;d'),))], id="rfc7239-4-quoted"),
        pytest.param("for=a;for=b", [EMPTY], id="rfc7239-4-each-parameter-once"),
        pytest.param("for=a;FOR=b", [EMPTY], id="rfc7239-4-each-parameter-once-in-any-case"),
        pytest.param("for", [EMPTY], id="no-value"),
        pytest.param("for = a", [EMPTY], id="rfc7239-4-no-white-space"),
        pytest.param("for=a b", [EMPTY], id="text-behind"),
        pytest.param("for=1.2.3.4:80", [EMPTY], id="rfc7239-4-a-colon-is-quoted"),
        pytest.param("for=a, junk, for=b", [element(**{"for": "a"}), EMPTY, element(**{"for": "b"})], id="one-bad"),
        pytest.param('for=a, for="b, for=c', [element(**{"for": "a"}), EMPTY], id="open-quotation-takes-the-rest"),
    ],
)  # fmt: skip
def test_elements_are_read(text: str, elements: list[ForwardedElement]) -> None:
    assert parse_forwarded(text) == elements


def test_of_too_many_elements_the_nearest_are_kept() -> None:
    text = ", ".join(f"for=_{number}" for number in range(1000))
    assert [each.get("for") for each in parse_forwarded(text, Limits(max_list_members=2))] == ["_998", "_999"]
    assert len(parse_forwarded(text)) == 256
    assert len(parse_forwarded(text, Limits(max_list_members=0))) == 1000
    assert [each.get("for") for each in parse_x_forwarded("a,b,c", limits=Limits(max_list_members=2))] == ["b", "c"]


def test_an_element_with_too_many_parameters_is_empty() -> None:
    assert parse_forwarded("a=1;b=2", Limits(max_parameters=1)) == [EMPTY]


@pytest.mark.parametrize(
    ("fields", "elements"),
    [
        pytest.param(("",), [], id="empty"),
        pytest.param((" a , b",), [element(**{"for": "a"}), element(**{"for": "b"})], id="for-alone"),
        pytest.param(
            ("a, b", "https, http", "x, y"),
            [element(**{"for": "a"}, proto="https", host="x"), element(**{"for": "b"}, proto="http", host="y")],
            id="one-by-one",
        ),
        pytest.param(
            ("a, b", "https", "x"),
            [element(**{"for": "a"}), element(**{"for": "b"}, proto="https", host="x")],
            id="a-single-value-is-of-the-nearest",
        ),
        pytest.param(("a", "https, http"), [element(**{"for": "a"})], id="too-many-values"),
        pytest.param(("a,,b",), [element(**{"for": "a"}), element(**{"for": ""}), element(**{"for": "b"})], id="gap"),
        pytest.param(("", "https"), [], id="no-for"),
    ],
)
def test_x_forwarded_fields_are_read(fields: tuple[str, ...], elements: list[ForwardedElement]) -> None:
    forwarded_for, proto, host = (*fields, "", "")[:3]
    assert parse_x_forwarded(forwarded_for, proto, host) == elements


@pytest.mark.parametrize(
    ("text", "node"),
    [
        pytest.param("192.0.2.43", Node("192.0.2.43"), id="rfc7239-6-ipv4"),
        pytest.param("192.0.2.43:47011", Node("192.0.2.43", 47011), id="rfc7239-6-port"),
        pytest.param("[2001:DB8::0:1]", Node("2001:db8::1"), id="rfc7239-6-ipv6"),
        pytest.param("[::1]:80", Node("::1", 80), id="rfc7239-6-ipv6-port"),
        pytest.param("2001:db8::1", Node("2001:db8::1"), id="x-forwarded-for-has-no-brackets"),
        pytest.param("[::ffff:192.0.2.1]", Node("192.0.2.1"), id="ipv4-in-ipv6"),
        pytest.param("Unknown", Node("unknown", None, is_address=False), id="rfc7239-6.2"),
        pytest.param("_Hidden.1-2", Node("_Hidden.1-2", None, is_address=False), id="rfc7239-6.3"),
        pytest.param("192.0.2.43:_x", Node("192.0.2.43"), id="rfc7239-6-hidden-port"),
        pytest.param("_a:1", Node("_a", 1, is_address=False), id="rfc7239-6.3-port"),
        pytest.param("", None, id="empty"),
        pytest.param("example.com", None, id="name"),
        pytest.param("192.0.2.043", None, id="leading-zero"),
        pytest.param("192.0.2", None, id="three-parts"),
        pytest.param("0x7f.0.0.1", None, id="hexadecimal"),
        pytest.param("192.0.2.1:", None, id="empty-port"),
        pytest.param("192.0.2.1:65536", None, id="port-too-great"),
        pytest.param("192.0.2.1:8\u0660", None, id="arabic-digit"),
        pytest.param("[::1", None, id="open-bracket"),
        pytest.param("[::1]80", None, id="no-colon-before-the-port"),
        pytest.param("[::1]:", None, id="empty-port-of-ipv6"),
        pytest.param("[192.0.2.1]", None, id="ipv4-in-brackets"),
        pytest.param("[fe80::1%eth0]", None, id="zone"),
        pytest.param("::1%lo", None, id="zone-without-brackets"),
        pytest.param("_", None, id="rfc7239-6.3-underscore-alone"),
        pytest.param("_a b", None, id="rfc7239-6.3-space"),
        pytest.param("_" + "a" * 1000, None, id="long"),
        pytest.param("\u212anown", None, id="kelvin-sign"),
    ],
)
def test_a_node_is_an_address_or_a_name_of_the_proxys_making(text: str, node: Node | None) -> None:
    assert parse_node(text) == node


def test_an_address_has_one_form() -> None:
    assert normalize_address("::FFFF:10.0.0.1") == "10.0.0.1"
    assert normalize_address("0:0::1") == "::1"
    assert normalize_address("\u0661.1.1.1") == ""


def client(host: str, scheme: str = "", requested: str = "", hops: int = 0, port: int | None = None) -> ForwardedClient:
    return ForwardedClient(host, port, scheme, requested, hops)


CHAIN = 'for=6.6.6.6;proto=ftp, for="192.0.2.9:5";proto=https;host=e.com, for=10.0.0.2;proto=http;host=inner'


def is_inner(address: str) -> bool:
    return address.startswith("10.")


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [
        pytest.param(0, client("10.0.0.1"), id="nobody"),
        pytest.param(1, client("10.0.0.2", "http", "inner", 1), id="the-peer"),
        pytest.param(2, client("192.0.2.9", "https", "e.com", 2, 5), id="two-proxies"),
        pytest.param(9, client("6.6.6.6", "ftp", "e.com", 3), id="more-proxies-than-there-are"),
    ],
)
def test_as_many_elements_are_believed_as_there_are_proxies(trusted: int, expected: ForwardedClient) -> None:
    assert decide_client("10.0.0.1", parse_forwarded(CHAIN), trusted=trusted) == expected


def test_elements_are_believed_as_far_as_trusted_addresses_go() -> None:
    elements = parse_forwarded(CHAIN)
    assert decide_client("10.0.0.1", elements, trusted=is_inner) == client("192.0.2.9", "https", "e.com", 2, 5)
    assert decide_client("::ffff:10.0.0.1", elements, trusted=is_inner).host == "192.0.2.9"
    assert decide_client("6.6.6.6", elements, trusted=is_inner) == client("6.6.6.6")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for=6.6.6.6, junk", client("10.0.0.1"), id="what-cannot-be-read-ends-the-search"),
        pytest.param('for="6.6.6.6, for=10.0.0.2', client("10.0.0.1"), id="open-quotation-hides-nothing"),
        pytest.param("for=6.6.6.6, for=unknown;proto=https", client("10.0.0.1", "https", "", 1), id="rfc7239-6.2"),
        pytest.param("for=6.6.6.6, proto=https", client("10.0.0.1", "https", "", 1), id="no-for"),
        pytest.param("for=6.6.6.6, for=_hidden", client("_hidden", "", "", 1), id="rfc7239-6.3-is-not-trusted"),
        pytest.param('for=10.0.0.2;proto="a b";host="a b"', client("10.0.0.2", "", "", 1), id="no-scheme-and-no-host"),
        pytest.param("", client("10.0.0.1"), id="nothing"),
    ],
)
def test_the_search_ends_where_nobody_vouches(text: str, expected: ForwardedClient) -> None:
    assert decide_client("10.0.0.1", parse_forwarded(text), trusted=is_inner) == expected


def test_a_peer_without_an_address_is_trusted_only_by_count() -> None:
    elements = parse_x_forwarded("192.0.2.9", "https")
    assert decide_client("", elements, trusted=lambda address: True) == client("")
    assert decide_client("", elements, trusted=1) == client("192.0.2.9", "https", "", 1)
