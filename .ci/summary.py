"""Print the sum over all runs of pytest as `N passed, N failed`.

A leg of tox that failed without a failed test (lint, docs, a build) counts as one failure.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree


def counts(report: Path) -> tuple[int, int, int]:
    """Return how many tests of a JUnit file passed, failed and were skipped."""
    passed = failed = skipped = 0
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        total, bad, out = (int(suite.get(name, "0")) for name in ("tests", "failures", "skipped"))
        bad += int(suite.get("errors", "0"))
        passed, failed, skipped = passed + total - bad - out, failed + bad, skipped + out
    return passed, failed, skipped


def main(result: Path, reports: Path) -> None:
    """Print one line for each leg, and the sum as the last line."""
    legs = json.loads(result.read_text("utf-8")).get("testenvs", {}) if result.exists() else {}
    all_passed = all_failed = 0
    for name, leg in legs.items():
        if name.startswith("."):
            continue
        report = reports / f"{name}.xml"
        passed, failed, skipped = counts(report) if report.exists() else (0, 0, 0)
        outcome = leg.get("result", {})
        if outcome.get("skipped"):
            print(f"{name}: no such interpreter")
            continue
        if not outcome.get("success", False) and not failed:
            failed = 1
        print(f"{name}: {passed} passed, {failed} failed, {skipped} skipped")
        all_passed, all_failed = all_passed + passed, all_failed + failed
    print(f"{all_passed} passed, {all_failed} failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
