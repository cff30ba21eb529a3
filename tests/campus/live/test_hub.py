"""The hub by itself: its end."""

import asyncio

from campus.live.hub import Hub


async def test_it_ends_though_news_comes_at_that_moment() -> None:
    hub = Hub()
    reading = asyncio.create_task(hub._read())
    await asyncio.sleep(0.05)  # It waits for news.

    hub._wake(())
    reading.cancel()

    done, _ = await asyncio.wait([reading], timeout=5)
    assert done
