"""Content-Disposition: read with all its forms of file names, and written."""

import warnings

import pytest

from skerry.http import LocalProtocolError
from skerry.http.disposition import (
    BadContentDispositionHeader,
    BadContentDispositionParam,
    ContentDisposition,
    content_disposition_filename,
    format_attachment,
    format_content_disposition,
    parse_content_disposition,
)


@pytest.mark.parametrize(
    ("text", "kind", "params"),
    [
        pytest.param(None, None, {}, id="missing"),
        pytest.param("", None, {}, id="empty"),
        pytest.param("inline", "inline", {}, id="rfc6266-4.2-inline"),
        pytest.param("foo", "foo", {}, id="rfc6266-4.2-unknown-type"),
        pytest.param('ATTACHMENT; FILENAME="X"', "attachment", {"filename": "X"}, id="rfc6266-4.1-case"),
        pytest.param("attachment;filename=a.html", "attachment", {"filename": "a.html"}, id="rfc6266-4.1-token"),
        pytest.param(" attachment ; filename=x ", "attachment", {"filename": "x"}, id="white-space"),
        pytest.param("attachment; filename = x", "attachment", {"filename": "x"}, id="white-space-around-equals"),
        pytest.param('a; filename="a;b=c"', "a", {"filename": "a;b=c"}, id="semicolon-in-quotes"),
        pytest.param(r'a; filename="a\"\\b"', "a", {"filename": 'a"\\b'}, id="rfc9110-5.6.4-quoted-pairs"),
        pytest.param('a; filename=""', "a", {"filename": ""}, id="empty-name"),
        pytest.param('a; filename="\xe4.txt"', "a", {"filename": "\xe4.txt"}, id="rfc7578-5.1-utf-8"),
        pytest.param('a; filename="a%20b"', "a", {"filename": "a%20b"}, id="percent-means-nothing-in-quotes"),
        pytest.param("a; filename='x'", "a", {"filename": "'x'"}, id="apostrophes-are-no-quotes"),
        pytest.param("a; x*=UTF-8''%e2%82%ac", "a", {"x*": "\u20ac"}, id="rfc8187-3.2.1-extended"),
        pytest.param("a; x*=iso-8859-1'en'%a3", "a", {"x*": "\xa3"}, id="rfc8187-3.2.1-language"),
        pytest.param("a; x*=''%41", "a", {"x*": "A"}, id="no-charset-is-utf-8"),
        pytest.param("a; x*=utf-8''%zz%4", "a", {"x*": "%zz%4"}, id="broken-escapes-stay"),
        pytest.param('a; x*0="1"; x*1*=2', "a", {"x*0": "1", "x*1*": "2"}, id="rfc2231-3-pieces-stay"),
        pytest.param('a; x*00="1"', "a", {"x*00": "1"}, id="rfc2231-3-leading-zero-stays"),
        pytest.param("a; x=1; x*=utf-8''2", "a", {"x": "1", "x*": "2"}, id="rfc6266-4.3-both-forms"),
    ],
)
def test_a_readable_field_gives_its_type_and_parameters(
    text: str | None, kind: str | None, params: dict[str, str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_content_disposition(text) == (kind, params)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("foo bar", id="rfc6266-4.1-two-words"),
        pytest.param('"attachment"', id="rfc6266-4.1-quoted-type"),
        pytest.param("; filename=x", id="no-type"),
        pytest.param("filename=x", id="parameter-for-type"),
        pytest.param("a; filename", id="no-value"),
        pytest.param("a; filename=", id="empty-value"),
        pytest.param("a; filename=x;", id="semicolon-at-the-end"),
        pytest.param("a; filename=a b", id="two-words"),
        pytest.param("a; filename=a,b", id="comma"),
        pytest.param("a; filename=\xe4", id="no-token"),
        pytest.param('a; filename="x', id="no-end"),
        pytest.param('a; filename=x"', id="quote-at-the-end"),
        pytest.param('a; filename="x" y', id="word-behind"),
        pytest.param('a; filename="a\r\nb"', id="line-end"),
        pytest.param('a; filename="x"; filename="y"', id="rfc6266-4.1-twice"),
        pytest.param("a; b=1" + "".join(f"; p{number}=1" for number in range(64)), id="too-many"),
    ],
)
def test_an_unreadable_field_counts_as_missing_and_warns(text: str) -> None:
    with pytest.warns(BadContentDispositionHeader) as caught:
        assert parse_content_disposition(text) == (None, {})
    assert [warning.category for warning in caught] == [BadContentDispositionHeader]


@pytest.mark.parametrize(
    "parameter",
    [
        pytest.param("=x", id="no-name"),
        pytest.param("*=x", id="star-alone"),
        pytest.param("x**=y", id="two-stars"),
        pytest.param("x*=y", id="rfc8187-3.2.1-no-charset-part"),
        pytest.param("x*=utf-8''a'b", id="rfc8187-3.2.1-apostrophe"),
        pytest.param("x*=utf-8''%ff", id="not-utf-8"),
        pytest.param("x*=bogus''y", id="rfc8187-3.2.1-unknown-charset"),
        pytest.param("x*=idna''y", id="no-charset-of-text"),
        pytest.param("x*=\"utf-8''y\"", id="rfc8187-3.2.1-in-quotes"),
        pytest.param('x*0*="y"', id="rfc2231-4.1-in-quotes"),
    ],
)
def test_a_bad_parameter_is_left_out_with_a_warning(parameter: str) -> None:
    with pytest.warns(BadContentDispositionParam) as caught:
        assert parse_content_disposition(f"a; {parameter}; y=z") == ("a", {"y": "z"})
    assert len(caught) == 1


def test_an_empty_parameter_is_passed_over_with_a_warning() -> None:
    with pytest.warns(BadContentDispositionHeader):
        assert parse_content_disposition('a; x="1";; y=2') == ("a", {"x": "1", "y": "2"})


def test_many_problems_of_a_kind_give_one_warning() -> None:
    with pytest.warns(RuntimeWarning) as caught:
        assert parse_content_disposition("a" + ";" * 1000 + "x=1" + "; =2" * 50)[1] == {"x": "1"}
    assert [warning.category for warning in caught] == [BadContentDispositionHeader, BadContentDispositionParam]


def test_parameters_that_are_left_out_count_for_the_limit() -> None:
    with pytest.warns(BadContentDispositionHeader, match="not readable"):
        assert parse_content_disposition("a" + "; =2" * 65) == (None, {})
    with pytest.warns(BadContentDispositionParam):
        assert parse_content_disposition("a" + "; =2" * 65, max_parameters=0) == ("a", {})


def test_the_text_of_a_warning_holds_nothing_of_the_peers_and_what_was_seen_is_bounded() -> None:
    with pytest.warns(RuntimeWarning) as caught:
        assert [parse_content_disposition(text)[0] for text in ("a b" + "secret" * 100, "a; secret*=x")] == [None, "a"]
    texts = [str(warning.message) for warning in caught]
    assert not any("secret" in text for text in texts)
    seen = [getattr(warning.message, "seen", "") for warning in caught]
    assert [len(text) for text in seen] == [64, len("secret*=x")]


def test_a_warning_points_to_the_caller() -> None:
    with pytest.warns(BadContentDispositionHeader) as caught:
        parse_content_disposition("a b")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("params", "filename"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"filename": "a"}, "a", id="plain"),
        pytest.param({"filename": "a", "filename*": "b"}, "b", id="rfc6266-4.3-extended-wins"),
        pytest.param({"filename": "a", "filename*0": "b"}, "a", id="plain-before-pieces"),
        pytest.param({"filename*1": "b", "filename*0": "a"}, "ab", id="rfc2231-3-order-of-numbers"),
        pytest.param({"filename*0": "a", "filename*2": "c"}, "a", id="rfc2231-3-gap"),
        pytest.param({"filename*1": "b"}, None, id="rfc2231-3-no-first"),
        pytest.param({"filename*00": "a"}, None, id="rfc2231-3-leading-zero"),
        pytest.param({"filename*0*": "UTF-8''a%20", "filename*1": "%20b"}, "a %20b", id="rfc2231-4.1-mixed"),
        pytest.param({"filename*0*": "utf-8''%e2%82", "filename*1*": "%ac"}, "\u20ac", id="character-in-two-pieces"),
        pytest.param({"filename*0*": "iso-8859-1'en'%a3", "filename*1*": "%a3"}, "\xa3\xa3", id="charset-for-all"),
        pytest.param({"filename*0*": "a", "filename*1*": "b"}, "ab", id="no-charset"),
        pytest.param({"filename*0*": "x'y"}, "x'y", id="one-apostrophe"),
        pytest.param({"filename*0": "a", "filename*1*": "%c3%a4"}, "a\xe4", id="encoded-later"),
        pytest.param({"filename*0*": "utf-8''%ff"}, None, id="not-utf-8"),
        pytest.param({"filename*0*": "bogus''a"}, None, id="unknown-charset"),
        pytest.param({"filename*0*": "utf-8''%e2", "filename*1": "x"}, None, id="half-a-character"),
    ],
)
def test_the_name_of_the_file_is_found_in_every_form(params: dict[str, str], filename: str | None) -> None:
    assert content_disposition_filename(params) == filename


def test_the_name_of_a_field_is_found_in_the_same_way() -> None:
    params = {"name*0": "a", "name*1": "b", "filename": "c"}
    assert content_disposition_filename(params, "name") == "ab"


@pytest.mark.parametrize(
    ("kind", "params", "quoted", "plain"),
    [
        pytest.param("form-data", {"name": "a b"}, 'form-data; name="a b"', 'form-data; name="a b"', id="space"),
        pytest.param("a", {"filename": "x y.t"}, 'a; filename="x%20y.t"', 'a; filename="x y.t"', id="file-name"),
        pytest.param("a", {"filename": 'x"%/'}, 'a; filename="x%22%25%2F"', r'a; filename="x\"%/"', id="specials"),
        pytest.param("a", {"filename": "\xe9"}, 'a; filename="%C3%A9"', 'a; filename="\xe9"', id="not-ascii-file"),
        pytest.param("a", {"name": "\xe9"}, "a; name*=utf-8''%C3%A9", 'a; name="\xe9"', id="rfc8187-not-ascii-name"),
        pytest.param("a", {"x": 'b"\\'}, r'a; x="b\"\\"', r'a; x="b\"\\"', id="rfc9110-5.6.4-escaped"),
        pytest.param("a", {"x": ""}, 'a; x=""', 'a; x=""', id="empty"),
        pytest.param("a", {"y": "1", "x": "2"}, 'a; y="1"; x="2"', 'a; y="1"; x="2"', id="order"),
    ],
)
def test_a_field_is_written_percent_encoded_or_as_it_is(
    kind: str, params: dict[str, str], quoted: str, plain: str
) -> None:
    assert format_content_disposition(kind, params) == quoted
    assert format_content_disposition(kind, params, quote_fields=False) == plain


def test_another_charset_is_named() -> None:
    assert format_content_disposition("a", {"name": "\xe9"}, charset="latin-1") == "a; name*=latin-1''%E9"


def test_a_line_end_never_leaves_unescaped() -> None:
    attack = {"name": 'a"\r\nX: y', "filename": "b\r\n\r\n<p>"}
    assert "\n" not in format_content_disposition("form-data", attack)
    assert "\n" not in format_attachment(attack["filename"])
    with pytest.raises(LocalProtocolError, match="parameter name"):
        format_content_disposition("form-data", attack, quote_fields=False)


@pytest.mark.parametrize(
    ("kind", "params", "charset"),
    [
        pytest.param("a b", {}, "utf-8", id="type"),
        pytest.param("", {}, "utf-8", id="no-type"),
        pytest.param("a", {"x y": "1"}, "utf-8", id="name"),
        pytest.param("a", {"x\r\n": "1"}, "utf-8", id="line-end-in-name"),
        pytest.param("a", {"x": "\u20ac"}, "latin-1", id="not-in-the-charset"),
        pytest.param("a", {"x": "\u20ac"}, "nonsense", id="no-charset"),
        pytest.param("a", {"x": "\udc80"}, "utf-8", id="surrogate"),
    ],
)
def test_what_cannot_be_written_is_refused(kind: str, params: dict[str, str], charset: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_content_disposition(kind, params, charset=charset)
    assert caught.value.code == "bad-field-value"


def test_a_long_value_goes_on_in_pieces_and_no_escape_is_cut() -> None:
    name = "\u20ac" * 100 + "x"
    text = format_content_disposition("attachment", {"filename": name}, max_piece_size=64)
    pieces = text.split("; ")[1:]
    assert len(pieces) > 10
    assert all(len(piece.partition("=")[2]) <= 64 for piece in pieces)
    assert pieces[0].startswith("filename*0*=utf-8''%E2")
    assert not any(piece[:-1].endswith("%") or piece.endswith("%") for piece in pieces)
    assert content_disposition_filename(parse_content_disposition(text)[1]) == name


def test_a_short_value_is_not_cut() -> None:
    text = format_content_disposition("a", {"filename": "x", "name": "\xe4"}, max_piece_size=64)
    assert text == "a; filename=\"x\"; name*=utf-8''%C3%A4"


@pytest.mark.parametrize("size", [1, 63])
def test_a_piece_must_hold_the_name_of_the_charset(size: int) -> None:
    with pytest.raises(ValueError, match="max_piece_size"):
        format_content_disposition("a", {}, max_piece_size=size)


@pytest.mark.parametrize(
    ("filename", "text"),
    [
        pytest.param(None, "attachment", id="no-name"),
        pytest.param("a b.txt", 'attachment; filename="a b.txt"', id="rfc6266-5-plain"),
        pytest.param(
            "\u20ac?.txt", "attachment; filename=\"__.txt\"; filename*=UTF-8''%E2%82%AC%3F.txt", id="rfc6266-5"
        ),
        pytest.param('a"b\\', "attachment; filename=\"a_b_\"; filename*=UTF-8''a%22b%5C", id="rfc6266-d-no-escapes"),
        pytest.param("a%20b", "attachment; filename=\"a_20b\"; filename*=UTF-8''a%2520b", id="rfc6266-d-percent"),
    ],
)
def test_an_attachment_has_a_name_for_old_and_for_new_clients(filename: str | None, text: str) -> None:
    assert format_attachment(filename) == text


def test_what_is_shown_can_have_a_name_too() -> None:
    assert format_attachment("a", "inline") == 'inline; filename="a"'


def test_what_cannot_be_encoded_is_no_attachment() -> None:
    with pytest.raises(LocalProtocolError):
        format_attachment("\udc80")


def test_a_disposition_has_no_parameters_unless_given() -> None:
    assert ContentDisposition("inline") == ContentDisposition("inline", {}, None)
    with pytest.raises(TypeError):
        ContentDisposition("inline").parameters["a"] = "b"  # type: ignore[index]
