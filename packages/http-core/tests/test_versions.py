"""Versions compare as pairs of numbers."""

from skerry.http.versions import HttpVersion, HttpVersion10, HttpVersion11, HttpVersion20


def test_versions_are_ordered() -> None:
    assert HttpVersion10 < HttpVersion11 < HttpVersion20


def test_a_version_is_a_pair() -> None:
    assert HttpVersion(1, 1) == HttpVersion11 == (1, 1)
    assert (HttpVersion11.major, HttpVersion11.minor) == (1, 1)
