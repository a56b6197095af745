"""Limits that hold: time, memory, size and rows; what is slow, what is quick; and workers that die."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from time import monotonic

import pytest
from lanes import lane_of

from equipoise.graph.settings import Settings
from equipoise.graph.store import Bindings, Store
from equipoise.graph.store import crew as crews
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.frames import Ask, Formats, Plan
from equipoise.graph.store.lane import HELD, Lane
from equipoise.graph.store.pace import shape_of
from equipoise.graph.store.pooled import PooledStore, open_pool
from equipoise.graph.store.process import ProcessWorker
from equipoise.ontology.errors import LimitError, QueryError

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ASK = Ask("ASK { ?s ?p ?o }", Formats("srj", "srj", "nt"), most_rows=1000, most_bytes=1 << 30)


def pool_of(store: EmbeddedStore, **limits: float) -> "Iterator[PooledStore]":
    return open_pool(store.folder, store.release, replace(Settings(query_workers=2), **limits))


def test_time_limit_stops_a_query_and_the_next_one_is_answered(store: EmbeddedStore) -> None:
    with pool_of(store, query_seconds=1.5) as pool:
        with pytest.raises(LimitError, match="was stopped after 1.5 seconds") as caught:
            pool.query(CROSS)
        assert caught.value.status == 504
        assert pool.query("ASK { ?s ?p ?o }")


def test_memory_limit_stops_a_query_and_the_next_one_is_answered(store: EmbeddedStore) -> None:
    with pool_of(store, query_seconds=60, query_megabytes=300) as pool:
        with pytest.raises(LimitError, match=r"ended abruptly \(signal \d+\); memory is limited to 300 MiB") as caught:
            pool.query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a")
        assert caught.value.status == 503
        assert pool.query("ASK { ?s ?p ?o }")


def test_size_limit_refuses_an_answer(store: EmbeddedStore) -> None:
    with pool_of(store, answer_megabytes=1) as pool:
        with pytest.raises(LimitError, match="has more than 1048576 bytes; add LIMIT") as caught:
            pool.query("SELECT * { ?s ?p ?o . ?s ?q ?r }")
        assert caught.value.status == 413
        assert pool.query("ASK { ?s ?p ?o }")


def test_row_limit_refuses_what_must_be_whole(store: EmbeddedStore) -> None:
    with pool_of(store, query_rows=10) as pool:
        with pytest.raises(LimitError, match="has more than 10 rows"):
            pool.query("SELECT * { ?s ?p ?o }")
        answer = pool.query("SELECT * { ?s ?p ?o } LIMIT 10")
        assert isinstance(answer, Bindings)
        assert len(answer) == 10


def test_blank_node_cannot_be_bound(pooled: Store) -> None:
    import pyoxigraph as ox

    with pytest.raises(TypeError, match="a blank node cannot be bound"):
        pooled.query("SELECT ?s { ?s ?p ?o }", bindings={"s": ox.BlankNode()})


async def body_of(lane: Lane, ask: Ask) -> bytes:
    async with lane.reply(ask) as reply:
        return bytes(reply.held) + b"".join([chunk async for chunk in reply.rest])


async def within(seconds: float, holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, "it never came to hold"
        await asyncio.sleep(0.02)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))  # type: ignore[arg-type]


def test_quick_queries_are_answered_while_slow_ones_wait_for_their_turn(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store, seconds=4) as (lane, _, told):
            slow = [asyncio.create_task(body_of(lane, ASK._replace(text=f"{CROSS} # {n}"))) for n in range(4)]
            await asyncio.sleep(1.5)
            start = monotonic()
            for _ in range(20):
                assert b"true" in await body_of(lane, ASK)
            assert monotonic() - start < 2
            results = await asyncio.gather(*slow, return_exceptions=True)
            assert all(isinstance(result, LimitError) for result in results)
            assert told["stopped"] >= 1
            assert told["put back"] >= 1

    run(test)


def test_shape_that_was_slow_goes_straight_to_the_slow(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store, seconds=0.6) as (lane, _, told):
            for number in range(2):
                with pytest.raises(LimitError):
                    await body_of(lane, ASK._replace(text=f"{CROSS} # {number}"))
            assert lane.paces.is_slow(shape_of(ASK._replace(text=CROSS)))
            assert told == Counter(stopped=2)

    run(test)


def test_shape_that_was_slow_once_may_be_quick_again(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            lane.paces.note_slow(shape_of(ASK))
            assert b"true" in await body_of(lane, ASK)
            assert lane.paces.is_quick(shape_of(ASK))
            assert told == Counter()

    run(test)


def test_quick_queries_keep_their_pace_while_slow_ones_always_differ(store: EmbeddedStore) -> None:
    """Slow queries of which nothing is known come one after the other; those known to be quick do not wait for them."""

    async def heavy(lane: Lane, number: int) -> None:
        with suppress(LimitError):
            await body_of(lane, ASK._replace(text=CROSS.replace("?n", f"?n{'x' * number}")))

    async def test() -> None:
        async with lane_of(store, size=4, seconds=3) as (lane, _, _):
            assert b"true" in await body_of(lane, ASK)
            slow = [asyncio.create_task(heavy(lane, number)) for number in range(12)]
            await asyncio.sleep(0.5)
            waits = []
            for _ in range(40):
                start = monotonic()
                await body_of(lane, ASK)
                waits.append(monotonic() - start)
                await asyncio.sleep(0.02)
            assert sorted(waits)[20] < 0.2
            await asyncio.gather(*slow)

    run(test)


def test_worker_for_quick_queries_is_not_taken_in_place_of_those_that_are_replaced(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, may_start = ProcessWorker.start, asyncio.Event()

    async def start(plan: Plan) -> ProcessWorker:
        await may_start.wait()
        return await real(plan)

    async def test() -> None:
        may_start.set()
        async with lane_of(store) as (lane, _, told):
            assert b"true" in await body_of(lane, ASK)
            may_start.clear()
            texts = [CROSS.replace("?n", f"?n{'x' * number}") for number in range(4)]
            slow = [asyncio.create_task(body_of(lane, ASK._replace(text=text))) for text in texts]
            await within(3, lambda: told["put back"] == 1)
            await asyncio.sleep(0.5)
            async with asyncio.timeout(5):
                assert b"true" in await body_of(lane, ASK)
            assert told == Counter({"put back": 1})
            may_start.set()
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    monkeypatch.setattr(ProcessWorker, "start", start)
    run(test)


def test_query_of_which_nothing_is_known_is_told_at_once_that_no_worker_starts(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "DOWN_SECONDS", 0.3)
    monkeypatch.setattr(crews, "RESTART_SECONDS", 0.1)
    real, may_start = ProcessWorker.start, [True]

    async def start(plan: Plan) -> ProcessWorker:
        if not may_start[0]:
            raise OSError("no process can be started")
        return await real(plan)

    async def test() -> None:
        async with lane_of(store) as (lane, crew, told):
            may_start[0] = False
            texts = [CROSS.replace("?n", f"?n{'x' * number}") for number in range(2)]
            slow = [asyncio.create_task(body_of(lane, ASK._replace(text=text))) for text in texts]
            await within(5, lambda: told["put back"] == 1)
            crew.replace(await crew.borrow(5), "died")
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            await within(5, lambda: crew.is_down)
            async with asyncio.timeout(5):
                with pytest.raises(LimitError, match="no worker could be started"):
                    await body_of(lane, ASK)

    monkeypatch.setattr(ProcessWorker, "start", start)
    run(test)


def test_slow_queries_that_wait_leave_places_to_others(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store, places=8, seconds=3) as (lane, _, _):
            lane.paces.note_slow(shape_of(ASK._replace(text=CROSS)))
            slow = [asyncio.create_task(body_of(lane, ASK._replace(text=CROSS))) for _ in range(8)]
            await asyncio.sleep(0.3)
            assert b"true" in await body_of(lane, ASK)
            errors = await asyncio.gather(*slow, return_exceptions=True)
            assert any("too many slow queries are waiting" in str(error) for error in errors)

    run(test)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ('SELECT * { ?s ?p "a" }', 'SELECT  * {\n ?s ?p "b#" } # why', True),
        ("SELECT * { <http://a#b> ?p 1.5 }", "SELECT * { <http://c#d> ?p -2e3 }", True),
        ("SELECT * { ?s ?p ?o } LIMIT 5", "SELECT * { ?s ?p ?o } LIMIT 500", True),
        ("SELECT * { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o }", False),
    ],
)
def test_shape_is_what_does_not_vary(one: str, other: str, is_same: bool) -> None:
    assert (shape_of(ASK._replace(text=one)) == shape_of(ASK._replace(text=other))) == is_same


def test_more_than_there_are_places_are_sent_away_at_once(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store, places=2, seconds=3) as (lane, _, told):
            slow = [asyncio.create_task(body_of(lane, ASK._replace(text=CROSS))) for _ in range(2)]
            await asyncio.sleep(0.1)
            with pytest.raises(LimitError, match="too many queries are waiting") as caught:
                await body_of(lane, ASK)
            assert (caught.value.status, caught.value.retry_seconds) == (503, 5)
            assert told["refused"] == 1
            await asyncio.gather(*slow, return_exceptions=True)
            assert b"true" in await body_of(lane, ASK)

    run(test)


def test_leaving_early_stops_the_query(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            task = asyncio.create_task(body_of(lane, ASK._replace(text=CROSS)))
            await asyncio.sleep(0.6)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await within(3, lambda: told["abandoned"] == 1)
            assert lane.asked == 0
            assert b"true" in await body_of(lane, ASK)

    run(test)


def test_worker_that_dies_costs_its_query_only(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, crew, told):
            for worker in list(crew._workers):
                os.kill(worker.process.pid, signal.SIGKILL)  # as the kernel would
            await asyncio.sleep(0.2)
            for _ in range(10):
                assert b"true" in await body_of(lane, ASK)
            assert told["died"] >= 1

    run(test)


def test_worker_that_dies_at_work_is_said_and_replaced(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, crew, told):
            task = asyncio.create_task(body_of(lane, ASK._replace(text=CROSS)))
            await asyncio.sleep(0.5)
            for worker in list(crew._workers):
                os.kill(worker.process.pid, signal.SIGABRT)  # as a panic would
            with pytest.raises(LimitError, match=r"ended abruptly \(signal 6\)"):
                await task
            await asyncio.sleep(0.2)
            assert b"true" in await body_of(lane, ASK)
            assert told["died"] >= 1

    run(test)


def test_long_answer_is_streamed_in_order_and_whole(store: EmbeddedStore) -> None:
    query = "SELECT ?s ?p ?o ?a ?b { ?s ?p ?o . ?a a <https://w3id.org/equipoise/vocab/Arm> ; ?b ?c }"
    ask = ASK._replace(text=query, formats=Formats("tsv", "tsv", "nt"), most_rows=10**9)

    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            count = ASK._replace(text=query.replace("?s ?p ?o ?a ?b", "(COUNT(*) AS ?n)"))
            expected = int(json.loads(await body_of(lane, count))["results"]["bindings"][0]["n"]["value"])
            async with lane.reply(ask) as reply:
                assert len(reply.held) >= HELD
                assert reply.end is None
                rest = b"".join([chunk async for chunk in reply.rest])
                assert reply.end is not None
                assert not reply.end.truncated
            lines = (bytes(reply.held) + rest).decode().splitlines()
            assert len(lines) == expected + 1
            assert set(told) <= {"retired"}

    run(test)


def test_error_of_the_engine_comes_back_as_it_is(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, told):
            with pytest.raises(QueryError, match="line 1, column"):
                await body_of(lane, ASK._replace(text="SELECT * {"))
            assert told == Counter()

    run(test)


def test_graph_is_cut_and_says_so(store: EmbeddedStore) -> None:
    async def test() -> None:
        async with lane_of(store) as (lane, _, _):
            text = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> CONSTRUCT { ?s a ?o } { ?s a ?o }"
            for name in ("ttl", "nt", "nq", "trig", "rdf"):
                ask = ASK._replace(text=text, formats=Formats("", "", name), most_rows=5)
                assert b"truncated: the limit of rows" in await body_of(lane, ask)
            whole = ASK._replace(text=text + " LIMIT 5", formats=Formats("", "", "ttl"), most_rows=5)
            body = await body_of(lane, whole)
            assert b"truncated" not in body
            assert b"@prefix eqp:" in body

    run(test)
