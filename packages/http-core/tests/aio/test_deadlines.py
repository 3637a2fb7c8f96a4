"""CoarseClock: who is watched is called, who is not is not."""

import asyncio

from skerry.http.aio import CoarseClock


class Item:
    def __init__(self) -> None:
        self.times: list[float] = []

    def tick(self, now: float) -> None:
        self.times.append(now)


async def test_watched_items_are_called_with_the_time_until_forgotten() -> None:
    clock = CoarseClock(asyncio.get_running_loop(), 0.01)
    kept, forgotten = Item(), Item()
    clock.watch(kept)
    clock.watch(forgotten)
    clock.start()
    clock.start()
    await asyncio.sleep(0.05)
    assert kept.times
    assert kept.times == sorted(set(kept.times))
    assert clock.now == kept.times[-1]
    clock.forget(forgotten)
    clock.forget(Item())
    seen = len(forgotten.times)
    await asyncio.sleep(0.03)
    assert len(forgotten.times) == seen
    clock.stop()
    clock.stop()
    seen = len(kept.times)
    await asyncio.sleep(0.03)
    assert len(kept.times) == seen


async def test_an_item_may_forget_itself_while_it_is_called() -> None:
    clock = CoarseClock(asyncio.get_running_loop(), 0.01)

    class Once(Item):
        def tick(self, now: float) -> None:
            super().tick(now)
            clock.forget(self)

    items = [Once(), Once()]
    for item in items:
        clock.watch(item)
    clock.start()
    await asyncio.sleep(0.05)
    clock.stop()
    assert [len(item.times) for item in items] == [1, 1]
