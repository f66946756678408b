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
    asked_lease constant interval := make_interval(secs => p_lease_seconds);
    -- Whether the lineup serves as it stands: it is fresh, and neither patience, a cap nor fairness among some of the job
    -- types asks for turns.
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
    rooms integer[];
    claimed_at timestamptz;
    due_to timestamptz;
    places integer := p_limit;
    places_each integer;
    lineup supacron_queue.lineup;
    turns supacron_queue.turn[] := '{}';
    turn integer := 0;
    looks integer := 0;
    sweep boolean;
    claimed integer := 0;
    taken integer;
begin
    if (p_limit between 1 and 1000 and coalesce(p_lease_seconds > 0, true)) is not true then
        raise exception 'supacron: %', case
            when p_lease_seconds <= 0 then 'p_lease_seconds is above 0' else 'p_limit is between 1 and 1000'
        end using errcode = 'invalid_parameter_value';
    end if;
    select
        l.max_attempts, date_part('epoch', l.timeout), l.lease, l.ruled, l.fair is not null,
        case when l.fair is null then l.job_types else (l.fair).job_types end,
        case when l.fair is null then l.priorities else (l.fair).priorities end,
        case when l.fair is null then l.tenants else (l.fair).tenants end,
        case when l.fair is null then l.marks else (l.fair).marks end,
        case when l.fair is null then l.mark_ids else (l.fair).mark_ids end,
        coalesce(ceil(p_limit::numeric / cardinality((l.fair).job_types)), p_limit),
        clock_timestamp(), clock_timestamp(),
        l.looked_at >= clock_timestamp() - l.pause and not l.overdue and l.tenant_max_running is null
            and (not l.crowded or p_job_types is null)
    into
        usual_max_attempts, usual_timeout, usual_lease, ruled, drawn, job_types, priorities, tenants, marks, mark_ids,
        places_each, claimed_at, due_to, usual
    from supacron_queue.lineup l
    order by l.version desc
    limit 1;

    <<claiming>>
    loop
        if usual is not true then
            turn := turn + 1;
            while turn > cardinality(turns) loop
                looks := looks + 1;
                exit claiming when looks > 2;
                if lineup is null then
                    select * into lineup from supacron_queue.lineup l order by l.version desc limit 1;
                end if;
                sweep := looks = 2 and lineup.swept_at <= clock_timestamp() - lineup.sweep_pause;
                -- There were too few: something may be hidden behind a mark, or new.
                exit claiming when looks = 2 and not sweep and not lineup.partial;
                if looks = 2 or lineup is null or lineup.looked_at < clock_timestamp() - lineup.pause then
                    lineup := supacron_queue.refresh_lineup(sweep);
                    usual_max_attempts := lineup.max_attempts;
                    usual_timeout := date_part('epoch', lineup.timeout);
                    usual_lease := lineup.lease;
                    ruled := lineup.ruled;
                end if;
                if lineup.tenant_max_running is not null then
                    -- One claim at a time, or two would fill the same places.
                    perform pg_advisory_xact_lock('supacron_queue.running'::regclass::oid::integer, 0);
                end if;
                turns := supacron_queue.turns(
                    lineup, p_job_types, p_limit - claimed, lineup.tenant_max_running is not null
                );
                turn := 1;
            end loop;
            drawn := false;
            job_types := turns[turn].job_types;
            priorities := turns[turn].priorities;
            tenants := turns[turn].tenants;
            marks := turns[turn].marks;
            mark_ids := turns[turn].mark_ids;
            places := least(turns[turn].places, p_limit - claimed);
            places_each := turns[turn].places_each;
            claimed_at := clock_timestamp();
            due_to := least(turns[turn].due_to, claimed_at);
            rooms := supacron_queue.rooms(tenants, lineup.tenant_max_running);
        end if;
        return query
        with taken as (
            delete from supacron_queue.ready r
            where r.ctid = any(array(
                select front.place
                from (
                    select
                        unnest(job_types) as job_type, unnest(priorities) as priority, unnest(tenants) as tenant_id,
                        unnest(marks) as mark, unnest(mark_ids) as mark_id, unnest(rooms) as room,
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
                        and q.scheduled_for <= due_to
                    order by q.scheduled_for, q.id
                    limit least(places_each, b.room)
                    for update skip locked
                ) front
                where p_job_types is null or b.job_type = any(p_job_types)
                limit places
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
            t.id, t.job_type::text, t.payload, t.priority::integer, nullif(t.tenant_id, '')::text, t.scheduled_for,
            t.created_at, t.attempts + 1, coalesce((t.rules).max_attempts, usual_max_attempts),
            coalesce(date_part('epoch', (t.rules).timeout), usual_timeout), token,
            claimed_at + coalesce(asked_lease, (t.rules).lease, usual_lease), t.idempotency_key
        from taken t
        order by t.priority desc, t.scheduled_for, t.id;
        get diagnostics taken = row_count;
        claimed := claimed + taken;
        exit when claimed >= p_limit;
        if usual then
            -- That was the first look's turn; but what a fair one leaves goes to whoever has more.
            usual := false;
            looks := case when drawn then 0 else 1 end;
        end if;
    end loop;
end;
$function$;
comment on function public.claim_jobs(integer, text[], text, double precision) is
'Up to p_limit due jobs, of these types, for this worker; each is the worker''s until its lease expires. Settle them '
'with complete_jobs, fail_jobs or release_jobs.';
