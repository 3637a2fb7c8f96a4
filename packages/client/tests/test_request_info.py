import pickle

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry.client import RequestInfo


def test_it_can_be_pickled_with_its_fields_in_order() -> None:
    fields = CIMultiDictProxy(CIMultiDict([("B", "1"), ("A", "2"), ("b", "3")]))
    info = RequestInfo(URL("http://a.test/"), "GET", fields, URL("http://a.test/#x"))
    again = pickle.loads(pickle.dumps(info))
    assert again == info
    assert list(again.headers.items()) == [("B", "1"), ("A", "2"), ("b", "3")]


def test_it_cannot_be_changed() -> None:
    info = RequestInfo(URL("http://a.test/"), "GET", CIMultiDictProxy(CIMultiDict()), URL("http://a.test/"))
    with pytest.raises(AttributeError):
        info.method = "POST"  # type: ignore[misc]
