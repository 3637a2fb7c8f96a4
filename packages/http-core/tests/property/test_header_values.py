"""Values of header fields, whatever they are: read is what was written, and nothing undocumented is raised."""

import string
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict

from skerry.http import accept, charsets, conditional, dates, disposition, mediatypes, quoted, ranges, retry_after
from skerry.http.conditional import ETag
from skerry.http.grammar import MAX_LENGTH
from skerry.http.mediatypes import MediaType
from skerry.http.ranges import RangeSpec, Span

TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters

any_text = st.text(max_size=200)
# Text in which the characters that mean something come often.
pointed_text = st.text(alphabet="\\\"'*;,=/%-+ \t\r\n\0\x7f\u00e9\u0661\u017f\udcff0159aAqQbytesWGMT:", max_size=60)
peer_text = any_text | pointed_text
writable_text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, [*range(32), 127]))), max_size=40
)
token = st.text(TOKEN_CHARACTERS, min_size=1, max_size=12)
lower_token = token.map(str.lower)
moment = st.integers(-62135596800, 253402300799)
quality = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


def _decide(text: str) -> object:
    fields = ("If-Match", "If-None-Match", "If-Unmodified-Since", "If-Modified-Since", "If-Range")
    for method in ("GET", "PUT"):
        for field in fields:
            for facts in ((ETag("a"), 0), (None, None)):
                headers = CIMultiDict([(field, text)])
                conditional.decide_conditions(method, headers, etag=facts[0], last_modified=facts[1])
    return None


def _read_disposition(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind, params = disposition.parse_content_disposition(text)
    assert kind is not None or not params
    return disposition.content_disposition_filename(params)


READERS: dict[str, Callable[[str], Any]] = {
    "quoted-string": lambda text: quoted.read_quoted(text, 0),
    "value": lambda text: quoted.read_value(text, 0),
    "parameters": lambda text: quoted.read_parameters(text, 0),
    "list": quoted.split_list,
    "charset": charsets.find_charset,
    "disposition": _read_disposition,
    "disposition-parameters": lambda text: _read_disposition("a; " + text),
    "pieces": lambda text: disposition.content_disposition_filename({"filename*0*": text, "filename*1": text}),
    "media-type": mediatypes.parse_media_type,
    "media-type-parameters": lambda text: mediatypes.parse_media_type("a/b;" + text),
    "media-range": mediatypes.parse_media_range,
    "date": dates.parse_http_date,
    "etag": conditional.parse_etag,
    "etags": conditional.parse_etags,
    "conditions": _decide,
    "range": ranges.parse_range,
    "range-set": lambda text: ranges.select_spans("bytes=" + text, 1000),
    "content-range": ranges.parse_content_range,
    "accept": lambda text: accept.choose_media_type(text, ["text/html", "a/b"]),
    "accept-encoding": lambda text: accept.choose_encoding(text, ["gzip"]),
    "accept-charset": lambda text: accept.choose_charset(text, ["utf-8"]),
    "accept-language": lambda text: accept.choose_language(text, ["en", "de-CH"]),
    "retry-after": lambda text: retry_after.parse_retry_after(text, now=0),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@given(text=peer_text)
@example(text="9" * 5000)
@example(text='"' + "\\" * 99)
@example(text="bytes=" + "9" * 5000 + "-")
@example(text="Fri, 31 Dec 9999 23:59:60 GMT")
@example(text="utf-8\0''%00")
def test_nothing_that_a_peer_sends_raises(read: Callable[[str], Any], text: str) -> None:
    read(text)


@given(text=peer_text)
def test_one_range_is_a_slice_or_the_documented_error(text: str) -> None:
    wanted = ranges.parse_range("bytes=" + text)
    if wanted is not None and len(wanted) == 1 and wanted[0] != (None, 0):
        assert ranges.range_slice("bytes=" + text).step == 1
    else:
        with pytest.raises(ranges.RangeError, match="Range"):
            ranges.range_slice("bytes=" + text)


@given(text=writable_text, rest=any_text)
def test_a_quoted_string_is_read_as_it_was_written(text: str, rest: str) -> None:
    written = quoted.quote(text)
    assert quoted.read_quoted(written + rest, 0) == (text, len(written))


@given(st.lists(st.tuples(lower_token, writable_text), max_size=8))
def test_parameters_are_read_as_they_were_written(parameters: list[tuple[str, str]]) -> None:
    text = quoted.format_parameters(parameters)
    assert quoted.read_parameters(text, 0) == (parameters, len(text))


@given(st.lists(writable_text.map(quoted.quote) | token, max_size=8))
def test_a_list_is_cut_where_it_was_joined(members: list[str]) -> None:
    assert quoted.split_list(" ,".join(members)) == members


@given(text=peer_text)
def test_a_list_has_no_empty_members_and_loses_nothing_but_commas_and_space(text: str) -> None:
    members = quoted.split_list(text)
    assert all(member.strip(" \t") == member != "" for member in members)
    kept = "".join(members).replace(" ", "").replace("\t", "").replace(",", "")
    assert kept == text.replace(" ", "").replace("\t", "").replace(",", "")


plain_name = st.text(string.ascii_lowercase + "-", min_size=1, max_size=10)


@given(lower_token, st.dictionaries(plain_name, writable_text, max_size=5))
def test_a_disposition_in_plain_quotes_is_read_as_it_was_written(kind: str, params: dict[str, str]) -> None:
    text = disposition.format_content_disposition(kind, params, quote_fields=False)
    assert disposition.parse_content_disposition(text) == (kind, params)


@given(lower_token, st.dictionaries(plain_name, st.text(max_size=80), max_size=5), st.sampled_from([0, 64, 100]))
def test_a_disposition_of_any_text_is_read_as_it_was_written(kind: str, params: dict[str, str], size: int) -> None:
    params = {name: text.encode("utf-8", "replace").decode() for name, text in params.items() if name != "filename"}
    text = disposition.format_content_disposition(kind, params, max_piece_size=size)
    assert text.isascii()
    assert text.isprintable()
    read_kind, read = disposition.parse_content_disposition(text, max_parameters=0)
    assert read_kind == kind
    assert {name: disposition.content_disposition_filename(read, name) for name in params} == params


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.sampled_from(["attachment", "inline"]))
def test_the_name_of_an_attachment_is_read_as_it_was_written(filename: str, kind: Any) -> None:
    text = disposition.format_attachment(filename, kind)
    assert text.isascii()
    assert text.isprintable()
    read_kind, params = disposition.parse_content_disposition(text)
    assert (read_kind, disposition.content_disposition_filename(params)) == (kind, filename)


media_types = st.builds(
    MediaType, lower_token, lower_token, st.lists(st.tuples(lower_token, writable_text), max_size=4).map(tuple)
)


@given(media_types)
def test_a_media_type_is_read_as_it_was_written(media_type: MediaType) -> None:
    assert mediatypes.parse_media_type(str(media_type)) == media_type
    assert mediatypes.parse_media_type(str(media_type).replace("; ", " ;;broken;")) is not None
    assert media_type.is_within(MediaType("*", "*"))


@given(moment)
def test_a_date_is_read_as_it_was_written(seconds: int) -> None:
    text = dates.format_date(seconds)
    assert len(text) == 29
    assert dates.parse_date(text) == dates.parse_date(text.upper()) == seconds
    assert dates.from_datetime(dates.to_datetime(seconds)) == seconds
    assert dates.to_datetime(seconds).strftime("%H:%M:%S GMT") == text[17:]


@given(moment, moment)
def test_a_short_year_is_of_the_hundred_years_around_now(seconds: int, now: int) -> None:
    text = dates.format_date(seconds)
    read = dates.parse_date(f"Monday, {text[5:7]}-{text[8:11]}-{text[14:]}", now=now)
    if read is not None:
        assert dates.format_date(read)[14:] == text[14:]
        assert -50 <= dates.to_datetime(now).year - dates.to_datetime(read).year <= 50


etags = st.builds(
    ETag,
    st.text(st.characters(exclude_characters='" \x7f' + "".join(map(chr, range(32)))), max_size=20),
    st.booleans(),
)


@given(st.lists(etags, max_size=6))
def test_entity_tags_are_read_as_they_were_written(tags: list[ETag]) -> None:
    texts = [conditional.format_etag(tag) for tag in tags]
    assert [conditional.parse_etag(text) for text in texts] == tags
    assert list(conditional.parse_etags(" , ".join(texts))) == tags


@given(etags, etags)
def test_a_match_is_mutual_and_strong_implies_weak(one: ETag, other: ETag) -> None:
    assert one.matches(other) == other.matches(one)
    assert one.matches(other) <= one.matches(other, weakly=True)
    assert one.matches(one) is not one.is_weak


position = st.integers(0, 5000) | st.integers(0, MAX_LENGTH)
specs = st.lists(
    st.builds(RangeSpec, st.none(), position)
    | st.builds(RangeSpec, position, st.none())
    | st.tuples(position, position).map(lambda pair: RangeSpec(min(pair), max(pair))),
    min_size=1,
    max_size=12,
)


@given(specs)
def test_ranges_are_read_as_they_were_written(wanted: list[RangeSpec]) -> None:
    assert ranges.parse_range(ranges.format_range(wanted)) == tuple(wanted)


@given(specs, st.integers(0, 6000), st.sampled_from([0, 1, 100]))
def test_spans_cover_what_was_asked_for_and_no_octet_twice(wanted: list[RangeSpec], size: int, gap: int) -> None:
    asked = ranges.resolve_ranges(wanted, size)
    assert all(0 <= start < stop <= size for start, stop in asked)
    spans = ranges.coalesce_spans(asked, gap=gap)
    in_order = sorted(spans)
    assert all(after.start > before.stop + gap for before, after in pairwise(in_order))
    covered = {octet for start, stop in spans for octet in range(start, stop)}
    needed = {octet for start, stop in asked for octet in range(start, stop)}
    assert needed <= covered
    assert gap > 0 or needed == covered


@given(position, st.integers(1, 1000), st.none() | st.integers(0, 1000))
def test_a_content_range_is_read_as_it_was_written(start: int, length: int, behind: int | None) -> None:
    span = Span(min(start, MAX_LENGTH - 2000), min(start, MAX_LENGTH - 2000) + length)
    size = None if behind is None else span.stop + behind
    assert ranges.parse_content_range(ranges.format_content_range(span, size)) == (span, size)


@given(st.lists(st.tuples(lower_token, quality), max_size=8))
def test_weights_are_read_as_they_were_written(members: list[tuple[str, float]]) -> None:
    assert list(accept.parse_weighted(accept.format_weighted(members))) == members


@given(st.lists(st.tuples(media_types, quality), max_size=6))
def test_media_ranges_are_read_as_they_were_written(members: list[tuple[MediaType, float]]) -> None:
    members = [(media, weight) for media, weight in members if media.get("q") is None and media.type != "*"]
    assert list(accept.parse_accept(accept.format_accept(members))) == members


@given(st.none() | peer_text, st.lists(lower_token, max_size=4))
def test_what_is_chosen_was_offered(field: str | None, offered: list[str]) -> None:
    assert accept.choose_encoding(field, offered) in (None, "identity", *offered)
    assert accept.choose_language(field, offered) in (None, *offered)
    assert accept.choose_charset(field, offered) in (None, *offered)
    assert accept.choose_media_type(field, offered) in (None, *offered)


@given(st.integers(0, retry_after.MAX_DELAY_S), st.integers(0, 4_000_000_000))
def test_a_delay_is_read_as_it_was_written(delay_s: int, now: int) -> None:
    assert retry_after.parse_retry_after(retry_after.format_retry_after(delay_s), now=now) == delay_s
    assert retry_after.parse_retry_after(retry_after.format_retry_at(now + delay_s), now=now) == delay_s
