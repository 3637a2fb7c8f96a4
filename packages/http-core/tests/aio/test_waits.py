"""Wait: ended by another task, cancelled, or both at once."""

import asyncio

import pytest

from skerry.http.aio.waits import Wait


async def test_a_wait_that_is_over_by_itself() -> None:
    await Wait().run(asyncio.sleep(0))


async def test_a_wait_that_is_ended_leaves_the_task_uncancelled() -> None:
    wait = Wait()
    waiting = asyncio.create_task(wait.run(asyncio.Event().wait()))
    await asyncio.sleep(0)
    wait.end()
    wait.end()
    await waiting
    assert waiting.cancelling() == 0


async def test_ending_a_wait_that_does_not_run_does_nothing() -> None:
    wait = Wait()
    wait.end()
    await wait.run(asyncio.sleep(0))
    wait.end()
    await asyncio.sleep(0)


async def test_a_cancelled_wait_is_cancelled() -> None:
    waiting = asyncio.create_task(Wait().run(asyncio.Event().wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize("ended_first", [True, False])
async def test_a_wait_that_is_ended_and_cancelled_is_cancelled(ended_first: bool) -> None:
    wait = Wait()
    waiting = asyncio.create_task(wait.run(asyncio.Event().wait()))
    await asyncio.sleep(0)
    if ended_first:
        wait.end()
        waiting.cancel()
    else:
        waiting.cancel()
        wait.end()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_timeout_around_an_ended_wait_still_works() -> None:
    wait = Wait()

    async def work() -> None:
        asyncio.get_running_loop().call_soon(wait.end)
        await wait.run(asyncio.Event().wait())
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work(), 0.01)
