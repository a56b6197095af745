"""Asks that are known to be quick: answered at once and whole, or left to the ordinary way."""

import asyncio
import os
import signal

from lanes import lane_of

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.frames import Ask, End, Formats
from equipoise.graph.store.lane import Lane
from equipoise.graph.store.pace import shape_of
from equipoise.graph.store.process import ProcessWorker
from equipoise.graph.store.quick import Whole, ask_quickly

ASK = Ask("ASK { ?s ?p ?o }", Formats("srj", "srj", "nt"), most_rows=1000, most_bytes=1 << 30)
COUNT = "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT %d } }"


async def quickly(lane: Lane, ask: Ask) -> Whole | None:
    """What comes of an ask that is known to be quick."""
    lane.paces.note_quick(shape_of(ask))
    found: asyncio.Future[Whole | None] = asyncio.get_running_loop().create_future()
    assert ask_quickly(lane, ask, found.set_result)
    return await asyncio.wait_for(found, 20)


def test_only_what_is_known_to_be_quick_is_begun(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, _):
            assert not ask_quickly(lane, ASK, print)
            assert await quickly(lane, ASK) == Whole("truth", "srj", b'{"head":{},"boolean":true}', End())
            assert lane.asked == 0

    asyncio.run(test())


def test_lane_without_places_begins_nothing(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, _):
            lane.paces.note_quick(shape_of(ASK))
            lane.places = 0
            assert not ask_quickly(lane, ASK, print)

    asyncio.run(test())


def test_error_is_left_to_the_ordinary_way_and_costs_no_worker(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            assert await quickly(lane, ASK._replace(text="ASK {")) is None
            assert await quickly(lane, ASK) is not None
            assert not told

    asyncio.run(test())


def test_slow_one_is_stopped_and_its_shape_is_known_to_be_slow(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            slow = ASK._replace(text=COUNT % 10**10)
            assert await quickly(lane, slow) is None
            assert lane.paces.is_slow(shape_of(slow))
            assert told == {"put back": 1}
            assert await quickly(lane, ASK) is not None
            assert lane.asked == 0

    asyncio.run(test())


def test_more_asks_than_workers_are_all_answered(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, _):
            asks = [ASK._replace(text=f"SELECT ({number} AS ?n) {{}}") for number in range(50)]
            for number, whole in enumerate(await asyncio.gather(*(quickly(lane, ask) for ask in asks[: lane.places]))):
                assert whole is not None
                assert f'"value":"{number}"'.encode() in whole.content

    asyncio.run(test())


def test_worker_that_dies_is_replaced(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            slow = ASK._replace(text=COUNT % 10**9)
            asking = asyncio.create_task(quickly(lane, slow))
            await asyncio.sleep(0.05)
            for worker in lane.crew._workers:
                assert isinstance(worker, ProcessWorker)
                os.kill(worker.process.pid, signal.SIGKILL)
            assert await asking is None
            assert told["died"] >= 1
            assert await quickly(lane, ASK) is not None

    asyncio.run(test())
