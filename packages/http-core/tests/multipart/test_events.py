"""Events of multipart bodies: what they carry and how they show themselves."""

from multidict import CIMultiDict

from skerry.http.multipart import END_OF_MULTIPART, END_OF_PART, MultipartEnd, PartHead


def test_a_head_carries_its_fields_and_shows_them() -> None:
    headers = CIMultiDict({"A": "b"})
    head = PartHead(headers)
    assert head.headers is headers
    assert repr(head) == f"<PartHead {headers!r}>"


def test_the_two_ends_are_different() -> None:
    assert {END_OF_PART, END_OF_MULTIPART} == set(MultipartEnd)
    assert len(set(MultipartEnd)) == 2
