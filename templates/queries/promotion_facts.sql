-- How a release did, with those around it that had the same definitions: since when, until when, and its runs.
with released as (
    select r.id, r.definitions_digest from supacron.release r where r.stack = %(stack)s and r.id = %(id)s
),
span as (
    select
        (
            select min(r.applied_at)
            from supacron.release r
            where r.stack = %(stack)s and r.id <= d.id and r.id > coalesce(
                (
                    select max(o.id)
                    from supacron.release o
                    where o.stack = %(stack)s and o.id < d.id
                        and o.definitions_digest is distinct from d.definitions_digest
                ),
                0
            )
        ) as since,
        coalesce(
            (
                select min(r.applied_at)
                from supacron.release r
                where r.stack = %(stack)s and r.id > d.id
                    and r.definitions_digest is distinct from d.definitions_digest
            ),
            now()
        ) as until
    from released d
),
finished as (
    select u.job_id, u.outcome
    from supacron.job j
    join supacron.run u on u.job_id = j.id
    cross join span s
    where j.stack = %(stack)s and u.outcome is not null and u.outcome <> 'skipped'
        and u.queued_at >= s.since and u.queued_at <= s.until
)
select
    (extract(epoch from s.until - s.since) * 1000)::bigint as soaked_ms,
    (select count(*) from finished) as runs,
    (select count(*) from finished f where f.outcome = 'ok') as ok,
    array(
        select j.name
        from supacron.job j
        where j.stack = %(stack)s and j.enabled and j.removed_at is null
            and not exists (select from finished f where f.job_id = j.id)
        order by j.name
    ) as never_ran
from span s;
