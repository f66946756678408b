create or replace function public.complete_and_claim(
    p_ids bigint[],
    p_claim_tokens uuid[],
    p_limit integer default 1,
    p_job_types text[] default null,
    p_worker text default null,
    p_lease_seconds double precision default null
) returns table (accepted bigint[], jobs supacron_queue.claimed_job[])
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $function$
declare
    token constant uuid := gen_random_uuid();
    asked_lease constant interval := make_interval(secs => p_lease_seconds);
    usual boolean;
    ruled boolean;
    drawn boolean;
    usual_max_attempts integer;
    usual_timeout double precision;
    usual_lease interval;
    job_types text[];
    priorities smallint[];
    tenants text[];
    marks timestamptz[];
    mark_ids bigint[];
    places_each integer;
    claimed_at timestamptz;
begin
    -- What complete_jobs() and claim_jobs() do, in one statement as long as the lineup serves as it stands: two cost a
    -- fifth more.
    select
        l.max_attempts, date_part('epoch', l.timeout), l.lease, l.ruled, l.fair is not null,
        case when l.fair is null then l.job_types else (l.fair).job_types end,
        case when l.fair is null then l.priorities else (l.fair).priorities end,
        case when l.fair is null then l.tenants else (l.fair).tenants end,
        case when l.fair is null then l.marks else (l.fair).marks end,
        case when l.fair is null then l.mark_ids else (l.fair).mark_ids end,
        coalesce(ceil(p_limit::numeric / cardinality((l.fair).job_types)), p_limit),
        clock_timestamp(),
        l.looked_at >= clock_timestamp() - l.pause and not l.overdue and l.tenant_max_running is null
            and (not l.crowded or p_job_types is null)
            and cardinality(p_claim_tokens) in (1, cardinality(p_ids)) and p_limit between 1 and 1000
            and coalesce(p_lease_seconds > 0, true)
    into
        usual_max_attempts, usual_timeout, usual_lease, ruled, drawn, job_types, priorities, tenants, marks, mark_ids,
        places_each, claimed_at, usual
    from supacron_queue.lineup l
    order by l.version desc
    limit 1;
    if usual is not true then
        accepted := public.complete_jobs(p_ids, p_claim_tokens);
        jobs := array(select j from public.claim_jobs(p_limit, p_job_types, p_worker, p_lease_seconds) j);
        return next;
        return;
    end if;

    with done as (
        delete from supacron_queue.running r
        where r.id = any(p_ids) and r.claim_token = any(p_claim_tokens) and (
            cardinality(p_claim_tokens) = 1
            or ((r.id, r.claim_token) in (select * from unnest(p_ids, p_claim_tokens))) is true
        )
        returning r.*
    ),
    filed as (
        insert into supacron_queue.archive (
            id, scheduled_for, created_at, started_at, finished_at, attempts, priority, status, job_type, tenant_id,
            payload, error_message, idempotency_key, worker
        )
        select
            d.id, d.scheduled_for, d.created_at, d.started_at, clock_timestamp(), d.attempts, d.priority, 'completed',
            d.job_type, d.tenant_id, d.payload, d.error_message, d.idempotency_key, d.worker
        from done d
    ),
    taken as (
        delete from supacron_queue.ready r
        where r.ctid = any(array(
            select front.place
            from (
                select
                    unnest(job_types) as job_type, unnest(priorities) as priority, unnest(tenants) as tenant_id,
                    unnest(marks) as mark, unnest(mark_ids) as mark_id,
                    generate_series(1, cardinality(job_types)) as place
                order by case when drawn then random() end, place
            ) b
            cross join lateral (
                select q.ctid as place
                from supacron_queue.ready q
                where q.job_type = b.job_type collate "C"
                    and q.priority = b.priority
                    and q.tenant_id = b.tenant_id collate "C"
                    and (q.scheduled_for, q.id) >= (b.mark, b.mark_id)
                    and q.scheduled_for <= claimed_at
                order by q.scheduled_for, q.id
                limit places_each
                for update skip locked
            ) front
            where p_job_types is null or b.job_type = any(p_job_types)
            limit p_limit
        ))
        returning
            r.*,
            case when ruled then (select k from supacron_queue.job_type k where k.name = r.job_type) end as rules
    ),
    started as (
        insert into supacron_queue.running (
            id, scheduled_for, created_at, started_at, lease_expires_at, claim_token, attempts, priority,
            job_type, tenant_id, payload, error_message, idempotency_key, worker
        )
        select
            t.id, t.scheduled_for, t.created_at, claimed_at,
            claimed_at + coalesce(asked_lease, (t.rules).lease, usual_lease), token, t.attempts + 1, t.priority,
            t.job_type, t.tenant_id, t.payload, t.error_message, t.idempotency_key, p_worker
        from taken t
    )
    select
        array(select d.id from done d),
        array(
            select
                row(
                    t.id, t.job_type::text, t.payload, t.priority::integer, nullif(t.tenant_id, '')::text,
                    t.scheduled_for, t.created_at, t.attempts + 1, coalesce((t.rules).max_attempts, usual_max_attempts),
                    coalesce(date_part('epoch', (t.rules).timeout), usual_timeout), token,
                    claimed_at + coalesce(asked_lease, (t.rules).lease, usual_lease), t.idempotency_key
                )::supacron_queue.claimed_job
            from taken t
            order by t.priority desc, t.scheduled_for, t.id
        )
    into accepted, jobs;
    if cardinality(jobs) < p_limit then
        jobs := jobs || array(
            select j
            from public.claim_jobs(p_limit - cardinality(jobs), p_job_types, p_worker, p_lease_seconds) j
        );
    end if;
    return next;
end;
$function$;
comment on function public.complete_and_claim(bigint[], uuid[], integer, text[], text, double precision) is
'complete_jobs and claim_jobs in one call and one commit.';
