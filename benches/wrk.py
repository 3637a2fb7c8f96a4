"""Load on a server with wrk: its command line, and a reading of its report that refuses every error."""

import re
import shutil
import subprocess
from pathlib import Path

from .errors import BenchError
from .machine import pinned
from .measures import Measured

_SPARE_S = 15.0
_UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_TOTAL = re.compile(r"^\s*(\d+) requests in ([\d.]+)(us|ms|s|m),", re.MULTILINE)
_TROUBLE = re.compile(r"^\s*(Socket errors:.*|Non-2xx or 3xx responses:.*)$", re.MULTILINE)


def find_wrk() -> str:
    """Return the path of wrk.

    Raises:
        BenchError: It is not installed.
    """
    path = shutil.which("wrk")
    if path is None:
        raise BenchError("wrk is not installed; on Debian and Ubuntu: apt-get install wrk")
    return path


def wrk_version() -> str:
    """Return the name and version of wrk, or that there is none."""
    path = shutil.which("wrk")
    if path is None:
        return "wrk is not installed"
    # wrk says its version and then ends as if it had been called wrongly
    said = subprocess.run([path, "-v"], capture_output=True, text=True, check=False, timeout=5)
    return " ".join((said.stdout + said.stderr).split()[:2])


def run_wrk(url: str, *, connections: int, seconds: float, cpu: int | None, script: Path | None = None) -> Measured:
    """Load a server with keep-alive connections from one thread.

    Args:
        url: What to fetch.
        connections: Connections open at a time.
        seconds: How long; wrk counts in whole seconds, so it is rounded up to one at least.
        cpu: CPU for wrk, or None.
        script: Lua file that sets another request than GET.

    Raises:
        BenchError: wrk is missing, failed or hung, or saw a socket error, a timeout or a status of 400 and above.
    """
    whole_s = max(1, round(seconds))
    command = [find_wrk(), "-t1", f"-c{connections}", f"-d{whole_s}s", "--timeout", "5s"]
    if script is not None:
        command += ["-s", str(script)]
    try:
        done = subprocess.run(
            pinned([*command, url], cpu), capture_output=True, text=True, check=False, timeout=whole_s + _SPARE_S
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"wrk did not end within {whole_s + _SPARE_S:g} s") from None
    if done.returncode != 0:
        raise BenchError(f"wrk ended with code {done.returncode}: {(done.stderr or done.stdout).strip()[:200]}")
    return parse_report(done.stdout)


def parse_report(report: str) -> Measured:
    """Read requests and seconds out of the report of wrk.

    Raises:
        BenchError: wrk saw socket errors or failing answers, or the report has no total or one of 0.
    """
    trouble = _TROUBLE.search(report)
    if trouble is not None:
        raise BenchError(f"wrk: {trouble[1].strip()}")
    total = _TOTAL.search(report)
    if total is None:
        raise BenchError(f"wrk: no total in its report: {report[:200]!r}")
    return Measured(int(total[1]), float(total[2]) * _UNITS_S[total[3]])
