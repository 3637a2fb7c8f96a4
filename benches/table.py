"""Results as text for people and as JSON for programs. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from .measures import Goal, Result, Series, ratio_of, ratios_of, summary_of


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
        figure = result.figure_of(goal)
        if figure is None:
            continue
        what = f"{goal.candidate} / {goal.against}" if goal.against else goal.candidate
        unit = "" if goal.against else f" {result.unit}"
        verdict = "reached" if goal.is_reached(figure) else "MISSED"
        lines.append(f"  goal: {what} {goal.kind} {goal.bound:g}{unit}: {figure:.2f}, {verdict}")
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
        "goals": [_plain_goal(result, goal) for goal in result.goals],
    }


def _plain_goal(result: Result, goal: Goal) -> dict[str, object]:
    """Return a goal as values that JSON knows; figure and reached are None when a candidate is absent."""
    figure = result.figure_of(goal)
    return {**asdict(goal), "figure": figure, "reached": None if figure is None else goal.is_reached(figure)}
