"""What errors and responses remember of the request that they belong to."""

from typing import Any, NamedTuple, Protocol

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL


class RequestInfo(NamedTuple):
    """A request as it was sent."""

    url: URL
    """URL without its fragment."""
    method: str
    """Method token."""
    headers: CIMultiDictProxy[str]
    """Fields of the head."""
    real_url: URL
    """URL as it was asked for, fragment included."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.url, self.method, tuple(self.headers.items()), self.real_url)


class Answer(Protocol):
    """What an error keeps of an earlier response, such as a redirect."""

    @property
    def status(self) -> int:
        """Status code."""

    @property
    def method(self) -> str:
        """Method of the request."""

    @property
    def url(self) -> URL:
        """URL of the request, without its fragment."""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Fields of the response."""


def _rebuild(url: URL, method: str, headers: tuple[tuple[str, str], ...], real_url: URL) -> RequestInfo:
    return RequestInfo(url, method, CIMultiDictProxy(CIMultiDict(headers)), real_url)
