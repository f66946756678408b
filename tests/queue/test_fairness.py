"""Whose turn it is: tenants share evenly, nobody waits for ever, caps hold."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.queue.queue import NOBODY, Job, Queue

pytestmark = pytest.mark.slow


def flood(queue: Queue, count: int, tenant: str | None = None, *, job_type: str = "work", priority: int = 5) -> None:
    queue.one(
        "select public.enqueue_batch(%s, array_fill('{}'::jsonb, array[%s::integer]), %s, %s)",
        job_type,
        count,
        priority,
        tenant,
    )


def tenants(jobs: list[Job]) -> Counter[str | None]:
    return Counter(job.tenant_id for job in jobs)


class TestTenants:
    def test_a_batch_is_shared_evenly(self, queue: Queue) -> None:
        flood(queue, 500, "big")
        flood(queue, 10, "small")
        flood(queue, 10, "other")
        assert tenants(queue.claim(15)) == {"big": 5, "small": 5, "other": 5}

    def test_types_without_work_give_nothing_while_two_tenants_have_some(self, queue: Queue) -> None:
        flood(queue, 1, "a")
        flood(queue, 1, "b")
        assert queue.claim(types=["none"]) == []

    def test_one_call_shares_as_a_claim_does(self, queue: Queue) -> None:
        for tenant, count in (("big", 500), ("small", 7), ("other", 50)):
            flood(queue, count, tenant)
        queue.claim(types=["none"])
        # What was just looked up serves, however slow this machine is.
        queue.connection.execute("update supacron_queue.lineup set pause = '1 hour'")
        both = f"public.complete_and_claim('{{}}', array['{NOBODY}']::uuid[], 15)"
        shares = [
            dict(queue.all(f"select j.tenant_id, count(*) from {both}, unnest(jobs) j group by 1")) for _ in range(2)
        ]
        assert shares[0] == {"big": 5, "small": 5, "other": 5}
        # What one cannot fill goes to the others.
        assert (shares[1]["small"], sum(shares[1].values())) == (2, 15)

    def test_places_that_one_cannot_fill_go_to_the_others(self, queue: Queue) -> None:
        flood(queue, 500, "big")
        flood(queue, 1, "small")
        assert tenants(queue.claim(10)) == {"big": 9, "small": 1}

    def test_one_by_one_each_has_its_turn(self, queue: Queue) -> None:
        flood(queue, 500, "big")
        flood(queue, 40, "small")
        got = tenants([job for _ in range(60) for job in queue.claim()])
        # Either one's turn comes with a chance of a half: under 10 of 60 has a chance of 1e-8.
        assert got["small"] >= 10
        assert got["big"] >= 10

    def test_many_job_types_do_not_make_a_tenant_bigger(self, queue: Queue) -> None:
        for number in range(9):
            flood(queue, 50, "many", job_type=f"type-{number}")
        flood(queue, 50, "one")
        assert tenants(queue.claim(20)) == {"many": 10, "one": 10}

    def test_priority_comes_before_fairness(self, queue: Queue) -> None:
        flood(queue, 20, "a", priority=8)
        flood(queue, 20, "b", priority=7)
        assert tenants(queue.claim(10)) == {"a": 10}

    def test_fairness_holds_among_the_types_asked_for(self, queue: Queue) -> None:
        flood(queue, 50, "a", job_type="x")
        flood(queue, 50, "b", job_type="x")
        flood(queue, 50, "c", job_type="y", priority=8)
        assert tenants(queue.claim(10, types=["x"])) == {"a": 5, "b": 5}


class TestManyTenants:
    """More bands than a lineup holds: of those that have work each look takes some, drawn anew."""

    COUNT = 700

    def many(self, queue: Queue) -> None:
        queue.one(
            "select public.enqueue_jobs((select jsonb_agg(jsonb_build_object("
            "'job_type', 'type-' || n %% 2, 'tenant_id', 'tenant-' || n, 'priority', 1 + n %% 2))"
            " from generate_series(1, %s) n))",
            self.COUNT,
        )

    def test_every_job_is_claimed(self, queue: Queue) -> None:
        self.many(queue)
        claimed = [job.tenant_id for _ in range(self.COUNT // 10 + 1) for job in queue.claim(10)]
        assert len(claimed) == len(set(claimed)) == self.COUNT

    def test_priority_still_decides_between_what_is_in_it(self, queue: Queue) -> None:
        self.many(queue)
        assert {job.priority for job in queue.claim(20)} == {2}

    def test_each_look_draws_anew(self, queue: Queue) -> None:
        self.many(queue)
        self.many(queue)
        first = {job.tenant_id for job in queue.claim(20)}
        queue.forget()
        # 20 of 350, each with another job waiting: the same ones again have a chance of 1e-31.
        assert first != {job.tenant_id for job in queue.claim(20)}

    def test_a_new_tenant_between_many_is_found(self, queue: Queue) -> None:
        self.many(queue)
        queue.claim(10)
        new = queue.enqueue("type-0", tenant_id="tenant-345-b", priority=8)
        # The gap where it belongs is searched at this look or one of the next.
        found: list[int] = []
        for _ in range(30):
            queue.connection.execute("update supacron_queue.lineup set looked_at = '-infinity', swept_at = 'infinity'")
            found += [job.id for job in queue.claim()]
            if new in found:
                return
        raise AssertionError("not within 30 looks")


class TestPatience:
    def test_a_fifth_of_the_places_is_kept_for_those_who_wait_too_long(self, queue: Queue) -> None:
        old = queue.enqueue(priority=1)
        flood(queue, 100, priority=8)
        queue.age(old, "6 minutes")
        assert old in [job.id for job in queue.claim(5)]

    def test_urgent_jobs_keep_the_rest(self, queue: Queue) -> None:
        flood(queue, 100, priority=1)
        queue.connection.execute("update supacron_queue.ready set scheduled_for = now() - interval '1 day'")
        flood(queue, 100, priority=8)
        queue.forget()
        assert Counter(job.priority for job in queue.claim(20)) == {8: 16, 1: 4}

    def test_who_has_not_waited_long_enough_has_no_claim_to_it(self, queue: Queue) -> None:
        young = queue.enqueue(priority=1)
        flood(queue, 100, priority=8)
        queue.age(young, "4 minutes")
        assert {job.priority for job in queue.claim(20)} == {8}

    def test_jobs_of_the_same_band_that_have_not_waited_do_not_profit(self, queue: Queue) -> None:
        old = queue.enqueue(priority=1)
        flood(queue, 50, priority=1)
        flood(queue, 100, priority=8)
        queue.age(old, "6 minutes")
        assert Counter(job.priority for job in queue.claim(20)) == {8: 19, 1: 1}

    def test_no_priority_starves_under_an_endless_flood(self, queue: Queue) -> None:
        queue.configure(patience_ms=1)
        low = queue.enqueue(priority=1)
        # Each turn is the old job's with a chance of a fifth: 400 without it have a chance of 1e-39.
        assert any(self.next_after_one_more(queue) == low for _ in range(400))

    def next_after_one_more(self, queue: Queue) -> int:
        flood(queue, 1, priority=8)
        (job,) = queue.claim()
        return job.id

    def test_without_a_share_priority_is_strict(self, queue: Queue) -> None:
        queue.configure(patience_percent=0)
        old = queue.enqueue(priority=1)
        flood(queue, 100, priority=8)
        queue.age(old, "1 day")
        assert {job.priority for job in queue.claim(50)} == {8}

    def test_the_kept_places_are_shared_between_the_bands_that_wait(self, queue: Queue) -> None:
        flood(queue, 100, "big", priority=1)
        small = queue.enqueue(priority=2, tenant_id="small")
        queue.connection.execute("update supacron_queue.ready set scheduled_for = now() - interval '1 day'")
        flood(queue, 500, priority=8)
        queue.forget()
        # One kept place a claim, and an even chance for either band: 40 claims without it have a chance of 1e-12.
        assert small in [job.id for _ in range(40) for job in queue.claim(5)]


class TestCap:
    def test_a_tenant_has_no_more_running_than_its_cap(self, queue: Queue) -> None:
        queue.configure(tenant_max_running=3)
        flood(queue, 20, "a")
        flood(queue, 20, "a", job_type="other", priority=8)
        flood(queue, 2, "b")
        first = queue.claim(10)
        assert tenants(first) == {"a": 3, "b": 2}
        assert queue.claim(10) == []
        queue.complete(*[job for job in first if job.tenant_id == "a"][:2])
        assert tenants(queue.claim(10)) == {"a": 2}

    def test_jobs_of_no_tenant_have_none(self, queue: Queue) -> None:
        queue.configure(tenant_max_running=1)
        flood(queue, 20)
        assert len(queue.claim(10)) == 10

    def test_priority_decides_within_the_cap(self, queue: Queue) -> None:
        queue.configure(tenant_max_running=2)
        flood(queue, 5, "a", priority=3)
        flood(queue, 1, "a", priority=8)
        assert [job.priority for job in queue.claim(10)] == [8, 3]

    def test_waiting_too_long_does_not_lift_it(self, queue: Queue) -> None:
        queue.configure(tenant_max_running=1)
        flood(queue, 5, "a", priority=1)
        flood(queue, 5, "a", priority=2)
        queue.connection.execute("update supacron_queue.ready set scheduled_for = now() - interval '1 day'")
        flood(queue, 50, "b", priority=8)
        queue.forget()
        assert tenants(queue.claim(10)) == {"a": 1, "b": 1}

    def test_it_holds_under_many_workers(self, queue: Queue) -> None:
        queue.configure(tenant_max_running=2)
        flood(queue, 60, "a")
        flood(queue, 60, "b")

        def drain(number: int) -> int:
            most = 0
            with psycopg.connect(queue.database.url, autocommit=True) as connection:
                own = Queue(queue.database, connection)
                while queue_is_not_empty(own):
                    jobs = own.claim(3, worker=str(number))
                    counted = own.one(
                        "select max(n) from (select count(*) as n from supacron_queue.running group by tenant_id) t"
                    )
                    most = max(most, counted or 0)
                    own.complete(*jobs)
            return most

        with ThreadPoolExecutor(6) as pool:
            assert max(pool.map(drain, range(6))) == 2
        assert queue.counts() == {"completed": 120}


def queue_is_not_empty(queue: Queue) -> bool:
    return bool(queue.one("select exists (select from supacron_queue.ready)"))
