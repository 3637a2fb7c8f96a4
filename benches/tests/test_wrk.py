"""The report of wrk: a total, or an error."""

import pytest

from benches.errors import BenchError
from benches.wrk import find_wrk, parse_report, wrk_version

REPORT = """\
Running 3s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.10ms  210.00us   9.80ms   93.10%
    Req/Sec    57.90k     1.20k   59.30k    80.00%
  {total}
{trouble}Requests/sec:  57613.20
Transfer/sec:      9.01MB
"""


def report(total: str, trouble: str = "") -> str:
    return REPORT.format(total=total, trouble=trouble)


@pytest.mark.parametrize(
    ("total", "count", "elapsed_s"),
    [
        pytest.param("173000 requests in 3.00s, 27.0MB read", 173000, 3.0, id="seconds"),
        pytest.param("1200 requests in 900.00ms, 27.0MB read", 1200, 0.9, id="milliseconds"),
        pytest.param("1200000 requests in 1.50m, 27.0GB read", 1200000, 90.0, id="minutes"),
    ],
)
def test_total_is_read(total: str, count: int, elapsed_s: float) -> None:
    measured = parse_report(report(total))

    assert measured.count == count
    assert measured.elapsed_s == pytest.approx(elapsed_s)


@pytest.mark.parametrize(
    "trouble",
    [
        "  Socket errors: connect 0, read 3, write 0, timeout 0\n",
        "  Socket errors: connect 0, read 0, write 0, timeout 1\n",
        "  Non-2xx or 3xx responses: 12\n",
    ],
)
def test_trouble_is_an_error_and_no_number(trouble: str) -> None:
    with pytest.raises(BenchError, match=trouble.split(":")[0].strip()):
        parse_report(report("173000 requests in 3.00s, 27.0MB read", trouble))


@pytest.mark.parametrize("total", ["0 requests in 3.00s, 0.00B read", "10 requests in 0.00us, 0.00B read"])
def test_a_total_of_nothing_is_an_error(total: str) -> None:
    with pytest.raises(BenchError, match="is not a measurement"):
        parse_report(report(total))


def test_a_report_without_total_is_an_error() -> None:
    with pytest.raises(BenchError, match="no total"):
        parse_report("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_missing_wrk_is_said_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(BenchError, match="apt-get install wrk"):
        find_wrk()
    assert wrk_version() == "wrk is not installed"
