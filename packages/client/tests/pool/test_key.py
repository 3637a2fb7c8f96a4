import ssl

import pytest
from yarl import URL

from skerry.client.pool.key import ConnectionKey, key_of

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("http://a.test/x?y#z", ConnectionKey("a.test", 80, False), id="default-port"),
        pytest.param("http://A.test:8080/", ConnectionKey("a.test", 8080, False), id="port"),
        pytest.param("https://a.test", ConnectionKey("a.test", 443, True), id="tls"),
        pytest.param("http://[::1]:80/", ConnectionKey("::1", 80, False), id="ipv6"),
        pytest.param("http://me:pw@a.test/", ConnectionKey("a.test", 80, False), id="user-is-not-part"),
        pytest.param("http://bücher.test/", ConnectionKey("xn--bcher-kva.test", 80, False), id="idna"),
    ],
)
def test_the_key_of_a_url(url: str, key: ConnectionKey) -> None:
    assert key_of(URL(url)) == key


@pytest.mark.parametrize(
    ("verification", "name"),
    [(True, "b.test"), (False, None), (CONTEXT, None), (CONTEXT, "b.test")],
    ids=["name", "unverified", "context", "both"],
)
def test_how_tls_is_checked_is_part_of_the_key(verification: ssl.SSLContext | bool, name: str | None) -> None:
    url = URL("https://a.test/")
    assert key_of(url, verification, name) != key_of(url)
    assert key_of(url, verification, name) == key_of(url, verification, name)


def test_without_tls_it_makes_no_difference() -> None:
    url = URL("http://a.test/")
    assert key_of(url, CONTEXT, "b.test") == key_of(url)
