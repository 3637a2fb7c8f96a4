"""Pytest plugin: ``async def`` tests and fixtures, on every kind of event loop.

Every coroutine test runs once per kind, and so does every other test that asks for the ``loop_kind`` fixture:

- ``asyncio``: the loop of the standard library in debug mode;
- ``eager``: the same with eager tasks, out of debug mode (Python 3.12 and newer);
- ``uvloop``: where uvloop is installed.

``--loop-kind asyncio`` narrows a run; ``@pytest.mark.loop_kinds("asyncio")`` narrows a test. A test and its coroutine
fixtures share one loop, which ends with the test. What reaches the loop's exception handler (an exception in a
callback, a task whose exception nobody took) fails the test, and so does a call from skerry that blocks the loop.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import importlib
import inspect
import pkgutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from blockbuster import blockbuster_ctx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Generator

try:
    import uvloop
except ImportError:
    uvloop = None  # type: ignore[assignment]

LOOP_KINDS = tuple(
    kind
    for kind, is_there in (("asyncio", True), ("eager", sys.version_info >= (3, 12)), ("uvloop", uvloop is not None))
    if is_there
)


@functools.cache
def portions() -> list[str]:
    """Return the import packages of the skerry distributions that are installed."""
    skerry = importlib.import_module("skerry")
    return [f"skerry.{info.name}" for info in pkgutil.iter_modules(skerry.__path__)]


TEST_TIMEOUT_S = 18.0
"""Seconds that a test may take on its loop; less than pytest-timeout gives it."""


async def _within(seconds: float, coroutine: Coroutine[Any, Any, Any]) -> Any:
    async with asyncio.timeout(seconds):
        return await coroutine


class TestLoop:
    """The event loop of one test."""

    __test__ = False

    def __init__(self, kind: str) -> None:
        self.complaints: list[dict[str, Any]] = []
        factory = uvloop.new_event_loop if kind == "uvloop" else asyncio.new_event_loop
        self.runner = asyncio.Runner(debug=kind == "asyncio", loop_factory=factory)
        loop = self.runner.get_loop()
        loop.set_exception_handler(lambda _, context: self._note(context))
        if kind == "eager" and sys.version_info >= (3, 12):
            loop.set_task_factory(asyncio.eager_task_factory)

    def _note(self, context: dict[str, Any]) -> None:
        # asyncio's own word on a client that leaves within the TLS handshake: what a refused certificate looks like.
        is_left = isinstance(context.get("exception"), ConnectionResetError)
        if not (is_left and context["message"].startswith("Error on transport creation")):
            self.complaints.append(context)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run ``coroutine`` to its end and return its result.

        Raises:
            TimeoutError: It took longer than a test may. The alarm of pytest-timeout does not reach an idle uvloop.
        """
        with blockbuster_ctx(portions()):
            return self.runner.run(_within(TEST_TIMEOUT_S, coroutine))

    def close(self) -> None:
        """End the loop.

        Raises:
            pytest.fail.Exception: Something had reached the loop's exception handler.
        """
        gc.collect(0)
        self.runner.close()
        if self.complaints:
            lines = [f"{context['message']}: {context.get('exception')!r}" for context in self.complaints]
            pytest.fail("the event loop complained:\n" + "\n".join(lines), pytrace=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--loop-kind``."""
    parser.addoption("--loop-kind", action="append", choices=LOOP_KINDS, help="run only on this kind of event loop")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "loop_kinds(*kinds): run the test only on these kinds of event loop")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: object) -> None:
    """Have every coroutine test use ``loop_kind``, which parametrizes it, and ``test_loop``, which it runs on."""
    if collector.funcnamefilter(name) and inspect.iscoroutinefunction(obj):
        pytest.mark.usefixtures("loop_kind", "test_loop")(obj)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses ``loop_kind`` on each kind."""
    if "loop_kind" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("loop_kinds")
    allowed = marker.args if marker else LOOP_KINDS
    asked = metafunc.config.getoption("loop_kind") or LOOP_KINDS
    kinds = [kind for kind in LOOP_KINDS if kind in allowed and kind in asked]
    metafunc.parametrize("loop_kind", kinds, indirect=True)


@pytest.fixture
def loop_kind(request: pytest.FixtureRequest) -> str:
    """Name of the kind of event loop that the test runs on."""
    return str(request.param)


@pytest.fixture
def test_loop(loop_kind: str) -> Generator[TestLoop]:
    """The loop that the test and its coroutine fixtures share."""
    loop = TestLoop(loop_kind)
    yield loop
    loop.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test on its loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    loop: Any = pyfuncitem.funcargs["test_loop"]
    names = pyfuncitem._fixtureinfo.argnames
    loop.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Run coroutine fixtures on the loop of the test that uses them."""
    function = fixturedef.func
    if inspect.isasyncgenfunction(function):
        fixturedef.func = _run_generator(function, request)  # type: ignore[misc]
    elif inspect.iscoroutinefunction(function):
        loop: TestLoop = request.getfixturevalue("test_loop")
        fixturedef.func = functools.wraps(function)(  # type: ignore[misc]
            lambda *args, **kwargs: loop.run(function(*args, **kwargs))
        )
    try:
        return (yield)
    finally:
        fixturedef.func = function  # type: ignore[misc]


def _run_generator(
    function: Callable[..., AsyncGenerator[Any]], request: pytest.FixtureRequest
) -> Callable[..., Generator[Any]]:
    loop: TestLoop = request.getfixturevalue("test_loop")

    @functools.wraps(function)
    def fixture(*args: Any, **kwargs: Any) -> Generator[Any]:
        generator = function(*args, **kwargs)
        yield loop.run(_start(generator))
        loop.run(_finish(generator))

    return fixture


async def _start(generator: AsyncGenerator[Any]) -> Any:
    return await anext(generator)


async def _finish(generator: AsyncGenerator[Any]) -> None:
    async for _ in generator:
        raise RuntimeError("an async fixture yields once")
