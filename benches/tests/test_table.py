"""The table and the JSON."""

import json

from benches.measures import Goal, Result, Series
from benches.table import goal_lines, render_facts, render_result, to_json

RESULT = Result(
    title="do something",
    unit="requests/s",
    digits=0,
    series=(
        Series("skerry", "0.1, compiled", (2000.0, 1000.0, 3000.0)),
        Series("another", "3.2, interpreted", (1000.0, 1000.0, 1000.0)),
    ),
    goals=(Goal("skerry", "another", 1.8, "at least"), Goal("skerry", "absent", 9.0, "at least")),
)


def test_table() -> None:
    assert render_result(RESULT).splitlines() == [
        "do something (median of 3 rounds)",
        "  candidate  build             requests/s   least .. most  skerry / this  least .. most",
        "  ---------  ----------------  ----------  --------------  -------------  -------------",
        "  skerry     0.1, compiled          2,000  1,000 .. 3,000",
        "  another    3.2, interpreted       1,000  1,000 .. 1,000           2.00   1.00 .. 3.00",
        "  goal: skerry / another at least 1.8: 2.00, reached",
    ]


def test_a_missed_goal_is_said() -> None:
    result = Result("t", "µs", 2, RESULT.series, (Goal("skerry", "another", 0.65, "at most"),))

    assert goal_lines(result) == ["  goal: skerry / another at most 0.65: 2.00, MISSED"]


def test_a_goal_for_a_value_has_its_unit() -> None:
    result = Result("t", "KiB", 2, RESULT.series, (Goal("skerry", None, 3000, "at most"),))

    assert goal_lines(result) == ["  goal: skerry at most 3000 KiB: 2000.00, reached"]


def test_facts_stand_below_each_other() -> None:
    assert render_facts({"Python": "3.13", "CPU": "x"}) == "Python  3.13\nCPU     x"


def test_json_holds_every_value() -> None:
    told = json.loads(to_json({"Python": "3.13"}, [RESULT]))

    assert told["facts"] == {"Python": "3.13"}
    [result] = told["results"]
    assert result["reference"] == "skerry"
    assert result["candidates"][0]["values"] == [2000.0, 1000.0, 3000.0]
    assert result["candidates"][1]["reference_over_this"] == 2.0
    assert result["goals"][0]["reached"] is True
    assert result["goals"][1] == {
        "candidate": "skerry",
        "against": "absent",
        "kind": "at least",
        "bound": 9.0,
        "figure": None,
        "reached": None,
    }
