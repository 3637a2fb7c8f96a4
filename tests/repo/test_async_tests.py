"""The plugin that runs coroutine tests: on every kind of loop, with fixtures, and loud about what goes wrong aside."""

import pytest

from async_tests import LOOP_KINDS

SETTINGS = """
[pytest]
addopts = -p async_tests -p no:timeout
filterwarnings = error
"""


@pytest.fixture
def run(pytester: pytest.Pytester, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath / "tests/support"))
    pytester.makeini(SETTINGS)
    return pytester


def test_a_coroutine_test_runs_on_each_kind_and_can_fail(run: pytest.Pytester) -> None:
    run.makepyfile("async def test_it(loop_kind): assert loop_kind != 'asyncio'")
    outcomes = run.runpytest_subprocess().parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes.get("passed", 0) >= 1


def test_debug_mode_and_eager_tasks_are_on_where_they_should_be(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import asyncio

        async def test_it(loop_kind):
            loop = asyncio.get_running_loop()
            assert loop.get_debug() is (loop_kind == "asyncio")
            assert (loop.get_task_factory() is not None) is (loop_kind == "eager")
            assert type(loop).__module__.startswith("uvloop" if loop_kind == "uvloop" else "asyncio")
        """
    )
    run.runpytest_subprocess("-q").assert_outcomes(passed=len(LOOP_KINDS))


def test_a_run_and_a_test_can_be_narrowed(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import pytest

        async def test_all(): pass

        @pytest.mark.loop_kinds("asyncio")
        async def test_one(): pass

        def test_plain(loop_kind): assert loop_kind == "asyncio"
        """
    )
    run.runpytest_subprocess("--loop-kind", "asyncio").assert_outcomes(passed=3)


def test_fixtures_run_on_the_loop_of_the_test_and_are_finished(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import asyncio
        import pytest

        steps = []

        @pytest.fixture
        async def number():
            return 1, asyncio.get_running_loop()

        @pytest.fixture
        async def opened(number):
            steps.append("open")
            await asyncio.sleep(0)
            yield number[0] + 1
            await asyncio.sleep(0)
            steps.append("close")

        @pytest.mark.loop_kinds("asyncio")
        class TestIt:
            async def test_it(self, number, opened):
                assert number[1] is asyncio.get_running_loop()
                assert (opened, steps) == (2, ["open"])

            def test_then(self):
                assert steps == ["open", "close"]
        """
    )
    run.runpytest_subprocess().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("asyncio.get_running_loop().call_soon(lambda: 1 / 0); await asyncio.sleep(0)", id="callback"),
        pytest.param("asyncio.create_task(fail()); await asyncio.sleep(0.01)", id="task"),
    ],
)
def test_an_exception_that_nobody_takes_is_reported(run: pytest.Pytester, body: str) -> None:
    run.makepyfile(f"import asyncio\nasync def fail(): 1 / 0\nasync def test_it():\n    {body}")
    result = run.runpytest_subprocess("--loop-kind", "asyncio")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*ZeroDivisionError*")


def test_a_call_from_skerry_that_blocks_the_loop_is_reported(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import time
        import skerry.web

        async def test_it():
            time.sleep(0)  # a test may
            code = compile("import time; time.sleep(0.001)", skerry.web.__path__[0] + "/made_up.py", "exec")
            exec(code, {"__name__": "skerry.web.made_up"})
        """
    )
    result = run.runpytest_subprocess("--loop-kind", "asyncio")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*BlockingError*time.sleep*")
