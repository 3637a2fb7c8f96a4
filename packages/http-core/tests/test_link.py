"""Link: read with lenience, written with none."""

import pytest
from yarl import URL

from skerry.http.errors import LocalProtocolError
from skerry.http.limits import Limits
from skerry.http.link import Link, format_link, make_link_mapping, parse_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("<a>", [Link("a")], id="rfc8288-3-target-alone"),
        pytest.param(
            '<a>; rel=next, </b>; rel="prev last"; Title="x, y"',
            [Link("a", (("rel", "next"),)), Link("/b", (("rel", "prev last"), ("title", "x, y")))],
            id="rfc8288-3-two",
        ),
        pytest.param("<>;rel=x", [Link("", (("rel", "x"),))], id="rfc8288-3.1-empty-reference"),
        pytest.param("< a,;b >", [Link("a,;b")], id="rfc8288-b.2-separators-in-the-target"),
        pytest.param('<a> ;\trel = "x"', [Link("a", (("rel", "x"),))], id="rfc8288-b.3-white-space"),
        pytest.param("<a>; rel; x=", [Link("a", (("rel", ""), ("x", "")))], id="rfc8288-b.3-no-value"),
        pytest.param("<a>;; rel=x;", [Link("a", (("rel", "x"),))], id="rfc8288-b.3-empty-parameter"),
        pytest.param("<a>; x=b/c?d e ;y=1", [Link("a", (("x", "b/c?d e"), ("y", "1")))], id="rfc8288-b.3-no-token"),
        pytest.param('<a>; x="b\\"c"', [Link("a", (("x", 'b"c'),))], id="rfc8288-b.4-escape"),
        pytest.param('<a>; x="b"c, <d>', [Link("a", (("x", "b"),)), Link("d")], id="text-behind-a-quoted-string"),
        pytest.param("junk, <a>, junk <b>, <c>", [Link("a"), Link("c")], id="what-is-no-link-is-read-over"),
        pytest.param("<a, <b>; rel=x", [Link("a, <b", (("rel", "x"),))], id="the-target-goes-to-the-next-bracket"),
        pytest.param("<a>, <b", [Link("a")], id="target-without-an-end"),
        pytest.param('<a>, <b>; x="y, <c>', [Link("a")], id="quoted-string-without-an-end"),
        pytest.param(",,<a>,,", [Link("a")], id="rfc9110-5.6.1-empty-members"),
    ],
)
def test_links_are_read(text: str, links: list[Link]) -> None:
    assert parse_links(text) == links


def test_no_more_links_and_parameters_are_read_than_the_limits_allow() -> None:
    limits = Limits(max_list_members=2, max_parameters=1)
    assert parse_links("<a>;x=1;y=2, <b>, <c>", limits) == [Link("a", (("x", "1"),)), Link("b")]
    off = Limits(max_list_members=0, max_parameters=0)
    assert len(parse_links("<a>," * 1000, off)) == 1000
    assert len(parse_links("<a>" + ";x=1" * 1000, off)[0].parameters) == 1000


def test_relations_are_words_of_the_first_rel() -> None:
    (link,) = parse_links('<a>; rel=" Next\t http://X/Y "; rel=prev')
    assert link.relations == ("next", "http://x/y")
    assert Link("a").relations == ()
    assert Link("a", (("rel", "a\xa0b"),)).relations == ("a\xa0b",)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("<a>; title=x", "x", id="rfc8288-3.4.1-title"),
        pytest.param("<a>; title=x; title*=UTF-8'de'%e2%82%ac%20", "\u20ac ", id="rfc8288-3.4.1-extended-goes-first"),
        pytest.param("<a>; title=x; title*=UTF-8''%ff", "x", id="rfc8187-3.2.1-no-utf-8"),
        pytest.param("<a>; title=x; title*=latin-1''%ff", "x", id="rfc8187-3.2.1-other-charset"),
        pytest.param("<a>; title=x; title*=y", "x", id="rfc8187-3.2.1-no-charset"),
        pytest.param("<a>", "", id="none"),
    ],
)
def test_the_title_is_text(text: str, title: str) -> None:
    assert parse_links(text)[0].title == title


def test_a_link_is_written() -> None:
    link = Link("/a?b", (("rel", "next"), ("x", "y"), ("z", 'a"b'), ("e", ""), ("title*", "UTF-8''%e2%82%ac")))
    assert format_link(link) == '</a?b>; rel="next"; x=y; z="a\\"b"; e=""; title*=UTF-8\'\'%e2%82%ac'


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(Link("a>; rel=x"), id="end-of-the-target"),
        pytest.param(Link("a b"), id="space-in-the-target"),
        pytest.param(Link("a\r\nX: y"), id="line-end-in-the-target"),
        pytest.param(Link("a", (("r el", "x"),)), id="name-that-is-no-token"),
        pytest.param(Link("a", (("rel", "x\n"),)), id="line-end-in-a-value"),
        pytest.param(Link("a", (("title*", "a b"),)), id="extended-value-that-is-none"),
    ],
)
def test_what_would_mean_something_else_is_refused(link: Link) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_link(link)
    assert caught.value.code == "bad-field-value"


def test_the_mapping_has_urls_by_relation() -> None:
    links = parse_links('<a>; rel=next; type="t", <http://[>; rel=bad, <//e.com/b>, <c>; rel=next')
    mapping = make_link_mapping(links, URL("http://h/x/y"))
    assert [(key, dict(value)) for key, value in mapping.items()] == [
        ("next", {"rel": "next", "type": "t", "url": URL("http://h/x/a")}),
        ("//e.com/b", {"url": URL("http://e.com/b")}),
        ("next", {"rel": "next", "url": URL("http://h/x/c")}),
    ]
