import pytest

from skerry.client.retries import IDEMPOTENT_METHODS, may_send_again

YES = {"is_reused": True, "has_response_begun": False, "is_replayable": True}


@pytest.mark.parametrize("method", sorted(IDEMPOTENT_METHODS))
def test_an_idempotent_request_is_sent_again_once(method: str) -> None:
    assert may_send_again(method, attempts=1, **YES)
    assert not may_send_again(method, attempts=2, **YES)


@pytest.mark.parametrize("method", ["POST", "PATCH", "CONNECT", "get", "OTHER"])
def test_other_methods_are_not(method: str) -> None:
    assert not may_send_again(method, attempts=1, **YES)


@pytest.mark.parametrize(
    "fact",
    [{"is_reused": False}, {"has_response_begun": True}, {"is_replayable": False}],
    ids=["fresh-connection", "an-octet-came", "body-is-used-up"],
)
def test_every_condition_counts(fact: dict[str, bool]) -> None:
    assert not may_send_again("GET", attempts=1, **{**YES, **fact})
