create or replace function public.claim_jobs(
    p_limit integer default 1,
    p_job_types text[] default null,
    p_worker text default null,
    p_lease_seconds double precision default null
) returns setof supacron_queue.claimed_job
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
-- Statistics of a table that is empty at one moment and full at the next mislead the planner.
set enable_seqscan = off
set jit = off
set enable_bitmapscan = off
as $function$
declare
    token constant uuid := gen_random_uuid();
    usual_max_attempts integer;
    usual_timeout interval;
    usual_lease interval;
    tenant_max integer;
    looked_at timestamptz;
    pause interval;
    swept_at timestamptz;
    sweep_pause interval;
    is_partial boolean;
    special boolean;
    job_types text[];
    priorities smallint[];
    tenants text[];
    marks timestamptz[];
    mark_ids bigint[];
    due_to timestamptz;
    places integer := p_limit;
    places_each integer := p_limit;
    lineup supacron_queue.lineup;
    turns supacron_queue.turn[];
    turn integer;
    claimed integer := 0;
    taken integer;
begin
    if p_limit is null or p_limit not between 1 and 1000 then
        raise exception 'supacron: p_limit is between 1 and 1000' using errcode = 'invalid_parameter_value';
    end if;
    if p_lease_seconds <= 0 then
        raise exception 'supacron: p_lease_seconds is above 0' using errcode = 'invalid_parameter_value';
    end if;
    select
        s.max_attempts, s.timeout, s.lease, s.tenant_max_running, l.looked_at, l.pause, l.swept_at, l.sweep_pause,
        l.partial, l.crowded or l.overdue or s.tenant_max_running is not null,
        l.job_types, l.priorities, l.tenants, l.marks, l.mark_ids
    into
        usual_max_attempts, usual_timeout, usual_lease, tenant_max, looked_at, pause, swept_at, sweep_pause, is_partial,
        special, job_types, priorities, tenants, marks, mark_ids
    from supacron_queue.settings s
    left join supacron_queue.lineup l on true;
    if tenant_max is not null then
        -- One claim at a time, or two would fill the same places.
        perform pg_advisory_xact_lock('supacron_queue.running'::regclass::oid::integer, 0);
    end if;

    for attempt in 1..2 loop
        due_to := clock_timestamp();
        -- At last: when there were too few, something may be hidden behind a mark, or new.
        if attempt = 2 or looked_at is null or looked_at < due_to - pause then
            exit when attempt = 2 and swept_at > due_to - sweep_pause and not is_partial;
            lineup := supacron_queue.refresh_lineup(attempt = 2 and swept_at <= due_to - sweep_pause);
            due_to := clock_timestamp();
            special := lineup.crowded or lineup.overdue or tenant_max is not null;
            job_types := lineup.job_types;
            priorities := lineup.priorities;
            tenants := lineup.tenants;
            marks := lineup.marks;
            mark_ids := lineup.mark_ids;
            swept_at := lineup.swept_at;
            sweep_pause := lineup.sweep_pause;
            is_partial := lineup.partial;
        end if;
        turns := null;
        turn := 0;
        if special then
            if lineup is null then
                select * into lineup from supacron_queue.lineup;
            end if;
            turns := supacron_queue.turns(lineup, p_job_types, p_limit - claimed, tenant_max is not null);
        end if;
        loop
            if special then
                turn := turn + 1;
                exit when turn > cardinality(turns);
                job_types := turns[turn].job_types;
                priorities := turns[turn].priorities;
                tenants := turns[turn].tenants;
                marks := turns[turn].marks;
                mark_ids := turns[turn].mark_ids;
                places := turns[turn].places;
                places_each := turns[turn].places_each;
                due_to := least(turns[turn].due_to, clock_timestamp());
            end if;
            return query
            with taken as (
                delete from supacron_queue.ready r
                where r.ctid = any(array(
                    select front.place
                    from (
                        select
                            unnest(job_types) as job_type, unnest(priorities) as priority,
                            unnest(tenants) as tenant_id, unnest(marks) as mark, unnest(mark_ids) as mark_id
                    ) b
                    cross join lateral (
                        select q.ctid as place
                        from supacron_queue.ready q
                        where q.job_type = b.job_type collate "C"
                            and q.priority = b.priority
                            and q.tenant_id = b.tenant_id collate "C"
                            and (q.scheduled_for, q.id) >= (b.mark, b.mark_id)
                            and q.scheduled_for <= due_to
                        order by q.scheduled_for, q.id
                        limit case
                            when tenant_max is null or b.tenant_id = '' then places_each
                            else least(places_each, greatest(0, tenant_max - (
                                select count(*)
                                from supacron_queue.running x
                                where x.tenant_id = b.tenant_id collate "C"
                            )))
                        end
                        for update skip locked
                    ) front
                    where p_job_types is null or b.job_type = any(p_job_types)
                    limit least(places, p_limit - claimed)
                ))
                returning r.*
            ),
            job as (
                select
                    t.*,
                    coalesce(k.max_attempts, usual_max_attempts) as max_attempts,
                    extract(epoch from coalesce(k.timeout, usual_timeout))::double precision as timeout_seconds,
                    clock_timestamp() + coalesce(
                        make_interval(secs => p_lease_seconds), k.lease, usual_lease
                    ) as lease_expires_at
                from taken t
                left join supacron_queue.job_type k on k.name = t.job_type
            ),
            started as (
                insert into supacron_queue.running (
                    id, scheduled_for, created_at, started_at, lease_expires_at, claim_token, attempts, priority,
                    job_type, tenant_id, payload, error_message, idempotency_key, worker
                )
                select
                    j.id, j.scheduled_for, j.created_at, clock_timestamp(), j.lease_expires_at, token, j.attempts + 1,
                    j.priority, j.job_type, j.tenant_id, j.payload, j.error_message, j.idempotency_key, p_worker
                from job j
            )
            select
                j.id, j.job_type::text, j.payload, j.priority::integer, nullif(j.tenant_id, '')::text, j.scheduled_for,
                j.created_at, j.attempts + 1, j.max_attempts, j.timeout_seconds, token, j.lease_expires_at,
                j.idempotency_key
            from job j
            order by j.priority desc, j.scheduled_for, j.id;
            get diagnostics taken = row_count;
            claimed := claimed + taken;
            exit when claimed >= p_limit or not special;
        end loop;
        exit when claimed >= p_limit;
        places := p_limit;
        places_each := p_limit;
    end loop;
end;
$function$;
comment on function public.claim_jobs(integer, text[], text, double precision) is
'Up to p_limit due jobs, of these types, for this worker; each is the worker''s until its lease expires. Settle them '
'with complete_jobs, fail_jobs or release_jobs.';
