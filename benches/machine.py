"""The machine and the interpreter: which CPUs to use, and the facts printed above the tables."""

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

_PIN = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execvp(sys.argv[2], sys.argv[2:])"
"""Program that binds itself to a CPU and becomes the command; the process id stays the same."""


@dataclass(frozen=True, slots=True)
class Cpus:
    """Where the two ends run. None: not bound."""

    subject: int | None
    """CPU of what is measured."""
    load: int | None
    """CPU of the other end: the load on a server, the server of a client."""


def choose_cpus() -> Cpus:
    """Choose two CPUs of those this process may use; with fewer than two, or no way to bind, neither end is bound."""
    if not hasattr(os, "sched_getaffinity"):
        return Cpus(None, None)
    usable = sorted(os.sched_getaffinity(0))
    return Cpus(usable[0], usable[1]) if len(usable) > 1 else Cpus(None, None)


def pinned(command: list[str], cpu: int | None) -> list[str]:
    """Return the command that runs ``command`` bound to a CPU."""
    return command if cpu is None else [sys.executable, "-I", "-S", "-c", _PIN, str(cpu), *command]


def facts_of_run(cpus: Cpus, loop: str, load_generator: str) -> dict[str, str]:
    """Say what a reader needs to know to judge the figures.

    Args:
        cpus: Where the ends run.
        loop: Kind of event loop, ``asyncio`` or ``uvloop``.
        load_generator: Its name and version, or that there is none.
    """
    if cpus.subject is None:
        pinning = "none: fewer than two CPUs; both ends share what there is"
    else:
        pinning = f"measured on CPU {cpus.subject}, the other end on CPU {cpus.load}"
    return {
        "Python": f"{platform.python_implementation()} {platform.python_version()} ({platform.python_compiler()})",
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} CPUs, {_cpu_model()}",
        "CPU pinning": pinning,
        "load average": f"{os.getloadavg()[0]:.2f} in the last minute; near 0 when nothing else runs",
        "event loop": loop if loop == "asyncio" else f"{loop} {version_of(loop)}",
        "load generator": load_generator,
    }


def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, or ``?``."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "?"


def _cpu_model() -> str:
    """Return what the CPU calls itself."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
    except OSError:
        return platform.processor() or "?"
