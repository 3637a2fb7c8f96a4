"""Challenges and credentials: several schemes in one field, and nothing that breaks out of a quoted string."""

import pytest

from skerry.http.authentication import (
    Challenge,
    Credentials,
    decode_basic_auth,
    encode_basic_auth,
    encode_bearer_auth,
    format_challenges,
    format_credentials,
    parse_challenges,
    parse_credentials,
)
from skerry.http.errors import LocalProtocolError, RemoteProtocolError
from skerry.http.limits import Limits


@pytest.mark.parametrize(
    ("text", "challenges"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("Negotiate", [Challenge("Negotiate")], id="rfc9110-11.3-scheme-alone"),
        pytest.param('Basic realm="x, y"', [Challenge("Basic", (("realm", "x, y"),))], id="rfc7617-2"),
        pytest.param(
            'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
            [
                Challenge("Basic", (("realm", "simple"),)),
                Challenge("Newauth", (("realm", "apps"), ("type", "1"), ("title", 'Login to "apps"'))),
            ],
            id="rfc9110-11.6.1-two-schemes",
        ),
        pytest.param(
            "Negotiate, Basic realm=x, Bearer",
            [Challenge("Negotiate"), Challenge("Basic", (("realm", "x"),)), Challenge("Bearer")],
            id="schemes-alone-between",
        ),
        pytest.param(
            "NTLM TlRMTVNTUAAC==, Digest nonce=a",
            [Challenge("NTLM", token68="TlRMTVNTUAAC=="), Challenge("Digest", (("nonce", "a"),))],
            id="rfc9110-11.2-token68",
        ),
        pytest.param(
            "Basic a = b , c\t=\t\"d\"", [Challenge("Basic", (("a", "b"), ("c", "d")))], id="rfc9110-11.2-white-space"
        ),
        pytest.param(",, A ,, B x=1 ,,", [Challenge("A"), Challenge("B", (("x", "1"),))], id="rfc9110-5.6.1-empty"),
        pytest.param("A x=1,,y=2", [Challenge("A", (("x", "1"), ("y", "2")))], id="empty-member-between-parameters"),
        pytest.param('A x="", B', [Challenge("A", (("x", ""),)), Challenge("B")], id="empty-value"),
        pytest.param("A REALM=x", [Challenge("A", (("realm", "x"),))], id="rfc9110-11.2-names-in-any-case"),
        pytest.param("A b", [Challenge("A", token68="b")], id="one-word-is-a-token68"),
        pytest.param("A b=", [Challenge("A", token68="b=")], id="word-with-padding"),
    ],
)  # fmt: skip
def test_challenges_are_read(text: str, challenges: list[Challenge]) -> None:
    assert parse_challenges(text) == challenges


BROKEN = [
    pytest.param('Basic realm="x', id="open-quotation"),
    pytest.param('Basic realm="x" y', id="text-behind-a-value"),
    pytest.param("Basic realm=x realm=y", id="no-comma"),
    pytest.param("Basic realm=x, realm=y", id="rfc9110-11.2-each-name-once"),
    pytest.param("Basic realm=x, REALM=y", id="rfc9110-11.2-each-name-once-in-any-case"),
    pytest.param("Basic a b", id="two-words"),
    pytest.param("=x", id="no-name"),
    pytest.param('"Basic"', id="quoted-scheme"),
    pytest.param("Basic\trealm=x", id="rfc9110-11.3-tab-is-no-space"),
    pytest.param("Basic realm=x;y=z", id="semicolon"),
    pytest.param('Basic realm="x\x01"', id="control-character"),
    pytest.param("B\u0430sic realm=x", id="cyrillic-letter"),
    pytest.param("@", id="no-scheme"),
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_challenges_are_an_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_challenges(f"Good x=1, {text}")
    assert caught.value.code == "bad-challenge"


@pytest.mark.parametrize("text", [*BROKEN, pytest.param("", id="empty"), pytest.param("A x=1, B", id="two-schemes")])
def test_broken_credentials_are_an_error_that_shows_nothing(text: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_credentials(text)
    assert caught.value.code == "bad-credentials"
    assert caught.value.seen is None


def test_more_challenges_and_parameters_than_the_limits_allow_are_an_error() -> None:
    limits = Limits(max_list_members=2, max_parameters=1)
    assert len(parse_challenges("A x=1, B", limits)) == 2
    for text in ("A, B, C", "A x=1, y=2"):
        with pytest.raises(RemoteProtocolError):
            parse_challenges(text, limits)
    off = Limits(max_list_members=0, max_parameters=0)
    assert len(parse_challenges("A," * 1000, off)) == 1000
    assert len(parse_credentials("A " + ",".join(f"x{number}=1" for number in range(1000)), off).parameters) == 1000


@pytest.mark.parametrize(
    ("text", "credentials"),
    [
        pytest.param("Basic QWxhZGRpbjpv", Credentials("Basic", token68="QWxhZGRpbjpv"), id="rfc7617-2"),
        pytest.param(" Bearer mF_9.B5f-4.1JqM ", Credentials("Bearer", token68="mF_9.B5f-4.1JqM"), id="rfc6750-2.1"),
        pytest.param(
            'Digest username="Mufasa", qop=auth, nc=00000001, response="a"',
            Credentials("Digest", (("username", "Mufasa"), ("qop", "auth"), ("nc", "00000001"), ("response", "a"))),
            id="rfc7616-3.4",
        ),
        pytest.param("Negotiate", Credentials("Negotiate"), id="scheme-alone"),
    ],
)
def test_credentials_are_read(text: str, credentials: Credentials) -> None:
    assert parse_credentials(text) == credentials


def test_a_scheme_and_a_parameter_are_found_without_case() -> None:
    challenge = Challenge("DIGEST", (("nonce", "a"),))
    assert challenge.is_scheme("digest")
    assert not challenge.is_scheme("basic")
    assert (challenge.get("nonce"), challenge.get("realm")) == ("a", None)
    credentials = Credentials("basic", (("x", "y"),))
    assert credentials.is_scheme("Basic")
    assert not Credentials("ba\u017fic").is_scheme("Basic")
    assert (credentials.get("x"), credentials.get("z")) == ("y", None)


def test_credentials_do_not_show_what_is_secret() -> None:
    assert "secret" not in repr(Credentials("A", (("response", "secret"),), "secret"))


def test_challenges_are_written_with_quotation() -> None:
    challenges = [
        Challenge("Digest", (("realm", 'a"\\b'), ("qop", "auth"), ("algorithm", "SHA-256"), ("stale", "true"))),
        Challenge("Negotiate"),
        Challenge("NTLM", token68="abc="),
    ]
    text = 'Digest realm="a\\"\\\\b", qop="auth", algorithm=SHA-256, stale=true, Negotiate, NTLM abc='
    assert format_challenges(challenges) == text
    assert parse_challenges(text) == challenges


def test_credentials_are_written_as_digest_asks_for() -> None:
    parameters = (("username*", "UTF-8''%e2"), ("qop", "auth"), ("nc", "00000001"), ("uri", "/"), ("algorithm", "a b"))
    assert format_credentials(Credentials("Digest", parameters)) == (
        'Digest username*=UTF-8\'\'%e2, qop=auth, nc=00000001, uri="/", algorithm="a b"'
    )


@pytest.mark.parametrize(
    ("scheme", "parameters", "token68"),
    [
        pytest.param("A B", (), "", id="scheme-that-is-no-token"),
        pytest.param("", (), "", id="no-scheme"),
        pytest.param("A", (("x y", "1"),), "", id="name-that-is-no-token"),
        pytest.param("A", (("x", "1"), ("X", "2")), "", id="name-twice"),
        pytest.param("A", (("x", "secret\r\nY: z"),), "", id="line-end-in-a-value"),
        pytest.param("A", (("nc", "secret\x00"),), "", id="nul-in-a-bare-value"),
        pytest.param("A", (("x", "1"),), "secret", id="token68-beside-parameters"),
        pytest.param("A", (), "secret, B", id="comma-in-a-token68"),
        pytest.param("A", (), "secret\n", id="line-end-in-a-token68"),
        pytest.param("A", (), "=", id="padding-alone"),
    ],
)
def test_what_would_mean_something_else_is_refused_and_not_shown(
    scheme: str, parameters: tuple[tuple[str, str], ...], token68: str
) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_challenges([Challenge(scheme, parameters, token68)])
    assert caught.value.code == "bad-challenge"
    with pytest.raises(LocalProtocolError) as caught:
        format_credentials(Credentials(scheme, parameters, token68))
    assert caught.value.code == "bad-credentials"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("login", "password", "encoding", "text"),
    [
        pytest.param("Aladdin", "open sesame", "utf-8", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", id="rfc7617-2"),
        pytest.param("test", "123\xa3", "utf-8", "Basic dGVzdDoxMjPCow==", id="rfc7617-2.1-utf-8"),
        pytest.param("test", "123\xa3", "latin-1", "Basic dGVzdDoxMjOj", id="latin-1"),
        pytest.param("", "", "utf-8", "Basic Og==", id="both-empty"),
        pytest.param("a", "b:c", "utf-8", "Basic YTpiOmM=", id="colon-in-the-password"),
    ],
)
def test_basic_credentials_go_both_ways(login: str, password: str, encoding: str, text: str) -> None:
    assert encode_basic_auth(login, password, encoding) == text
    assert decode_basic_auth(parse_credentials(text), encoding) == (login, password)


def test_a_password_may_be_left_out() -> None:
    assert encode_basic_auth("a") == "Basic YTo="


@pytest.mark.parametrize(
    ("login", "password", "encoding"),
    [
        pytest.param("a:secret", "b", "utf-8", id="rfc7617-2-colon-in-the-login"),
        pytest.param("a", "secret\n", "utf-8", id="rfc7617-2-control-character"),
        pytest.param("\x7fsecret", "b", "utf-8", id="rfc7617-2-control-character-in-the-login"),
        pytest.param("a", "secret\u20ac", "latin-1", id="not-in-the-encoding"),
    ],
)
def test_basic_credentials_that_cannot_be_read_again_are_refused(login: str, password: str, encoding: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        encode_basic_auth(login, password, encoding)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Bearer YTpi", id="other-scheme"),
        pytest.param("Basic", id="nothing"),
        pytest.param("Basic YTpi=", id="too-much-padding"),
        pytest.param("Basic YTpi====", id="padding-of-a-whole-group"),
        pytest.param("Basic YTp", id="missing-padding"),
        pytest.param("Basic Y-pi", id="alphabet-of-urls"),
        pytest.param("Basic YWI=", id="rfc7617-2-no-colon"),
        pytest.param("Basic /zr/", id="no-utf-8"),
        pytest.param("Basic a=b", id="parameters"),
    ],
)
def test_basic_credentials_that_cannot_be_read_are_an_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_basic_auth(parse_credentials(text))
    assert caught.value.code == "bad-credentials"


def test_an_unknown_encoding_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        encode_basic_auth("a", "b", "klingon")
    with pytest.raises(LookupError):
        decode_basic_auth(parse_credentials("Basic YTpi"), "klingon")


def test_a_bearer_token_is_written_as_it_is() -> None:
    assert encode_bearer_auth("a.b-c_d~e+f/==") == "Bearer a.b-c_d~e+f/=="
    for token in ("", "a b", "a\n", "a\r\nX: y", "\xe9"):
        with pytest.raises(LocalProtocolError) as caught:
            encode_bearer_auth(token)
        assert caught.value.code == "bad-credentials"
