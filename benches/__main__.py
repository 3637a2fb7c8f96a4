"""``python -m benches NAME...``: run benchmarks and print their tables."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .candidates import Options
from .errors import BenchError
from .machine import choose_cpus, facts_of_run
from .registry import BENCHES
from .table import render_facts, render_result, to_json
from .wrk import wrk_version

if TYPE_CHECKING:
    from .measures import Result


def main() -> int:
    """Run what the command line asks for.

    Returns:
        0, or 1 when a measurement failed: then no figure of that benchmark is printed.
    """
    arguments = _parser().parse_args()
    names = list(BENCHES) if arguments.names == ["all"] else arguments.names
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        return _fail(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    loop = arguments.loop or ("uvloop" if find_spec("uvloop") else "asyncio")
    options = Options(
        cpus=choose_cpus(),
        rounds=arguments.rounds,
        seconds=arguments.seconds,
        loop=loop,
        clock="cpu" if arguments.cpu_time else "wall",
        pure=arguments.pure,
        only=tuple(arguments.only or ()),
        on_progress=_show if sys.stderr.isatty() else lambda _: None,
    )
    facts = facts_of_run(options.cpus, loop, wrk_version())
    print(render_facts(facts), flush=True)
    results: list[Result] = []
    status = 0
    for name in names:
        try:
            found = BENCHES[name](options)
        except BenchError as error:
            status = _fail(f"{name}: {error}")
            continue
        results += found
        for result in found:
            print(f"\n{render_result(result)}", flush=True)
    if arguments.json:
        Path(arguments.json).write_text(to_json(facts, results) + "\n", encoding="utf-8")
    return status


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benches", description="Measure skerry against its peers in one run."
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help=f"all, or any of {', '.join(BENCHES)}")
    parser.add_argument("--rounds", type=_count, default=7, help="measurements of each candidate (default 7)")
    parser.add_argument("--seconds", type=_seconds, help="length of one measurement")
    parser.add_argument(
        "--loop", choices=["asyncio", "uvloop"], help="event loop of all (default: uvloop if installed)"
    )
    parser.add_argument("--cpu-time", action="store_true", help="count seconds of CPU, for a machine that is not idle")
    parser.add_argument("--pure", action="store_true", help="measure skerry from its Python source")
    parser.add_argument("--only", action="append", metavar="CANDIDATE", help="take part; can be repeated")
    parser.add_argument("--json", metavar="FILE", help="write facts and every value to a file")
    return parser


def _count(text: str) -> int:
    """Read a number of rounds."""
    value = int(text)
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError("from 1 to 100")
    return value


def _seconds(text: str) -> float:
    """Read a length."""
    value = float(text)
    if not 0.01 <= value <= 60:
        raise argparse.ArgumentTypeError("from 0.01 to 60")
    return value


def _show(line: str) -> None:
    """Show what is being done to someone who watches."""
    print(f"  .. {line}", file=sys.stderr)


def _fail(message: str) -> int:
    """Print a message to the standard error and return the exit code."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
