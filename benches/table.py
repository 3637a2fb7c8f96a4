"""Results as text for people and as JSON for programs. Pure."""

import json
from collections.abc import Mapping, Sequence

from .measures import Result, Series, ratio_of, ratios_of, summary_of


def render_result(result: Result) -> str:
    """Return the table of a result: a title, one line per candidate, one line per goal. No newline at the end."""
    reference = result.series[0]
    header = ["candidate", "build", result.unit, "least .. most", f"{reference.candidate} / this", "least .. most"]
    rows = [header, *(_row(result, reference, series) for series in result.series)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [f"{result.title} ({result.statistic} of {len(reference.values)} rounds)"]
    for index, row in enumerate(rows):
        lines.append(("  " + "  ".join(_pad(row, widths))).rstrip())
        if index == 0:
            lines.append("  " + "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *goal_lines(result)])


def goal_lines(result: Result) -> list[str]:
    """Return one line per goal whose candidates took part, saying whether it is reached."""
    lines = []
    for goal in result.goals:
        candidate, against = result.find(goal.candidate), result.find(goal.against)
        if candidate is None or against is None:
            continue
        ratio = ratio_of(candidate, against, result.statistic)
        verdict = "reached" if goal.is_reached(ratio) else "MISSED"
        lines.append(f"  goal: {goal.candidate} / {goal.against} {goal.kind} {goal.bound:g}: {ratio:.2f}, {verdict}")
    return lines


def render_facts(facts: Mapping[str, str]) -> str:
    """Return the facts about a run, one per line."""
    width = max(map(len, facts), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())


def to_json(facts: Mapping[str, str], results: Sequence[Result]) -> str:
    """Return facts and results, every single value included, as one JSON object."""
    return json.dumps({"facts": dict(facts), "results": [_plain(result) for result in results]}, indent=2)


def _pad(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Names to the left, numbers to the right."""
    return [
        cell.ljust(width) if i < 2 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _row(result: Result, reference: Series, series: Series) -> list[str]:
    """Return the cells of one candidate."""
    number = f",.{result.digits}f"
    cells = [
        series.candidate,
        series.build,
        format(summary_of(series.values, result.statistic), number),
        f"{min(series.values):{number}} .. {max(series.values):{number}}",
    ]
    if series is reference:
        return [*cells, "", ""]
    ratios = ratios_of(reference, series, result.statistic)
    spread = f"{min(ratios):.2f} .. {max(ratios):.2f}" if len(ratios) > 1 else ""
    return [*cells, f"{ratio_of(reference, series, result.statistic):.2f}", spread]


def _plain(result: Result) -> dict[str, object]:
    """Return a result as values that JSON knows."""
    reference = result.series[0]
    return {
        "title": result.title,
        "unit": result.unit,
        "statistic": result.statistic,
        "reference": reference.candidate,
        "candidates": [
            {
                "name": series.candidate,
                "build": series.build,
                "value": summary_of(series.values, result.statistic),
                "values": list(series.values),
                "reference_over_this": ratio_of(reference, series, result.statistic),
            }
            for series in result.series
        ],
        "goals": [_plain_goal(result, index) for index in range(len(result.goals))],
    }


def _plain_goal(result: Result, index: int) -> dict[str, object]:
    """Return a goal as values that JSON knows; ratio and reached are None when a candidate is absent."""
    goal = result.goals[index]
    candidate, against = result.find(goal.candidate), result.find(goal.against)
    ratio = None if candidate is None or against is None else ratio_of(candidate, against, result.statistic)
    return {
        "candidate": goal.candidate,
        "against": goal.against,
        "kind": goal.kind,
        "bound": goal.bound,
        "ratio": ratio,
        "reached": None if ratio is None else goal.is_reached(ratio),
    }
