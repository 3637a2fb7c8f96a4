import copy
import pickle
import socket
import ssl

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry import client
from skerry.client import RequestInfo
from skerry.client.pool.key import ConnectionKey
from skerry.http import SkerryError

INFO = RequestInfo(
    URL("http://a.test/x"), "GET", CIMultiDictProxy(CIMultiDict([("A", "1"), ("A", "2")])), URL("http://a.test/x#y")
)
KEY = ConnectionKey("a.test", 443, True)


def all_errors() -> list[Exception]:
    """Return one of each class."""
    refused = ConnectionRefusedError(111, "Connection refused")
    untrusted = ssl.SSLCertVerificationError(1, "certificate verify failed")
    fields = CIMultiDictProxy(CIMultiDict([("X", "1"), ("x", "2")]))
    return [
        client.ClientError("text"),
        client.ClientResponseError(INFO, (), status=404, message="Not Found", headers=fields),
        client.ContentTypeError(INFO, (), status=200, message="text/plain", headers=fields),
        client.TooManyRedirects(INFO, (), status=302),
        client.ClientPayloadError("text"),
        client.InvalidURL("http://", "no host"),
        client.InvalidUrlClientError(URL("/x"), "not absolute"),
        client.InvalidUrlRedirectClientError("::"),
        client.NonHttpUrlClientError(URL("ftp://a.test/")),
        client.NonHttpUrlRedirectClientError(URL("ftp://a.test/")),
        client.RedirectClientError("text"),
        client.ClientConnectionError("text"),
        client.ClientOSError(104, "reset"),
        client.ClientConnectorError(KEY, refused),
        client.ClientConnectorDNSError(KEY, socket.gaierror(-2, "Name or service not known")),
        client.ClientSSLError(KEY, ssl.SSLError(1, "wrong version")),
        client.ClientConnectorSSLError(KEY, ssl.SSLError(1, "wrong version")),
        client.ClientConnectorCertificateError(KEY, untrusted),
        client.ServerConnectionError("text"),
        client.ServerDisconnectedError("text"),
        client.ServerTimeoutError("text"),
        client.ConnectionTimeoutError("text"),
        client.SocketTimeoutError("text"),
    ]


def name_of(error: Exception) -> str:
    return type(error).__name__


def test_the_table_of_this_test_holds_every_public_error() -> None:
    public = {name for name in client.__all__ if isinstance(getattr(client, name), type)}
    errors = {name for name in public if issubclass(getattr(client, name), Exception)}
    assert {name_of(error) for error in all_errors()} == errors


@pytest.mark.parametrize("error", all_errors(), ids=name_of)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy], ids=["pickle", "copy"])
def test_an_error_survives_pickle_and_copy(error: Exception, again: object) -> None:
    assert callable(again)
    other = again(error)
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert repr(other) == repr(error)
    facts = ("status", "message", "headers", "request_info", "host", "port", "ssl", "url", "description", "errno")
    for fact in facts:
        assert getattr(other, fact, None) == getattr(error, fact, None)


@pytest.mark.parametrize("error", all_errors(), ids=name_of)
def test_every_error_has_the_base_a_code_and_says_whether_to_retry(error: Exception) -> None:
    assert isinstance(error, client.ClientError)
    assert isinstance(error, SkerryError)
    assert error.code
    assert error.may_retry in (None, True, False)
    assert str(error)


@pytest.mark.parametrize(
    ("kind", "bases"),
    [
        pytest.param(client.InvalidURL, (ValueError,), id="InvalidURL"),
        pytest.param(client.ClientOSError, (OSError, client.ClientConnectionError), id="ClientOSError"),
        pytest.param(client.ClientConnectorError, (client.ClientOSError,), id="ClientConnectorError"),
        pytest.param(client.ClientConnectorDNSError, (client.ClientConnectorError,), id="DNS"),
        pytest.param(client.ClientConnectorSSLError, (client.ClientSSLError, ssl.SSLError), id="SSL"),
        pytest.param(
            client.ClientConnectorCertificateError,
            (client.ClientSSLError, ssl.SSLCertVerificationError),
            id="certificate",
        ),
        pytest.param(client.ServerTimeoutError, (TimeoutError, client.ServerConnectionError), id="ServerTimeout"),
        pytest.param(client.ConnectionTimeoutError, (client.ServerTimeoutError,), id="ConnectionTimeout"),
        pytest.param(client.SocketTimeoutError, (client.ServerTimeoutError,), id="SocketTimeout"),
        pytest.param(
            client.InvalidUrlRedirectClientError,
            (client.InvalidUrlClientError, client.RedirectClientError),
            id="redirect",
        ),
    ],
)
def test_errors_have_the_bases_that_programs_catch(kind: type, bases: tuple[type, ...]) -> None:
    assert all(issubclass(kind, base) for base in bases)


def test_a_connector_error_says_where_at_which_stage_and_why() -> None:
    error = client.ClientConnectorDNSError(KEY, socket.gaierror(-2, "Name or service not known"))
    assert str(error) == "cannot connect to a.test:443: DNS: Name or service not known"
    assert (error.host, error.port, error.ssl, error.errno) == ("a.test", 443, True, -2)


def test_a_tls_context_stays_behind_when_an_error_is_pickled() -> None:
    key = ConnectionKey("a.test", 443, True, ssl.create_default_context())
    error = client.ClientConnectorSSLError(key, ssl.SSLError(1, "wrong version"))
    assert pickle.loads(pickle.dumps(error)).ssl is True
    assert error.ssl is key.ssl


@pytest.mark.parametrize("url", [URL("http://me:secret@a.test/"), "http://me:secret@[bad"], ids=["url", "text"])
def test_a_url_is_shown_without_its_password(url: URL | str) -> None:
    assert "secret" not in str(client.InvalidURL(url, "wrong"))
    assert "secret" not in repr(client.InvalidURL(url, "wrong"))
