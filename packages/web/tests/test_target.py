import pytest

from skerry.web.target import decode_part, decode_path, path_of, split_target


@pytest.mark.parametrize(
    ("method", "target", "parts"),
    [
        pytest.param("GET", "/", ("/", "", None, None), id="rfc9112-3.2.1-root"),
        pytest.param("GET", "/a?b=c?d", ("/a", "b=c?d", None, None), id="rfc9112-3.2.1-query"),
        pytest.param("GET", "//a/b", ("//a/b", "", None, None), id="two-slashes-are-a-path"),
        pytest.param("GET", "http://h:80/a?q", ("/a", "q", "h:80", "http"), id="rfc9112-3.2.2"),
        pytest.param("GET", "HTTP://h", ("/", "", "h", "http"), id="rfc9112-3.2.2-no-path"),
        pytest.param("GET", "http://h?q", ("/", "q", "h", "http"), id="rfc9112-3.2.2-query-at-once"),
        pytest.param("CONNECT", "h:80", ("", "", "h:80", None), id="rfc9112-3.2.3"),
        pytest.param("OPTIONS", "*", ("*", "", None, None), id="rfc9112-3.2.4"),
        pytest.param("GET", "/é", ("/%C3%A9", "", None, None), id="raw-utf-8"),
        pytest.param("GET", "/\udcff%20", ("/%FF%20", "", None, None), id="raw-octet"),
    ],
)
def test_a_target_is_cut_into_its_parts(
    method: str, target: str, parts: tuple[str, str, str | None, str | None]
) -> None:
    assert split_target(method, target) == parts
    assert path_of(method, target) == parts[0]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        pytest.param("/a", "/a", id="plain"),
        pytest.param("/%61%20b", "/a b", id="decoded"),
        pytest.param("/%C3%A9", "/é", id="utf-8"),
        pytest.param("/a%2fb%2Fc", "/a%2Fb%2Fc", id="a-slash-that-is-data"),
        pytest.param("/%2541", "/%2541", id="a-percent-sign-that-is-data"),
        pytest.param("/%FF", "/%FF", id="not-utf-8"),
        pytest.param("/%zz%", "/%zz%", id="no-sequence"),
    ],
)
def test_a_path_is_decoded_but_for_what_is_data(raw: str, path: str) -> None:
    assert decode_path(raw) == path


def test_a_part_of_a_path_is_decoded_to_its_end() -> None:
    assert decode_part("a%2Fb%25c") == "a/b%c"
    assert decode_part("%252F") == "%2F"
