create or replace function supacron_queue.look(
    last supacron_queue.lineup,
    known supacron_queue.memory,
    sweep boolean,
    out lineup supacron_queue.lineup,
    out memory supacron_queue.memory
)
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $function$
declare
    -- A job is seen at the next look if its transaction took no longer than this, else at the next sweep.
    slack constant interval := '1 second';
    -- A band without jobs is remembered, since its entries in the index may not be gone yet.
    remembered_for constant interval := '10 minutes';
    -- Of the bands of one job type and priority, and of those without work.
    most_bands constant integer := 20;
    most_empty_bands constant integer := 50;
    started constant timestamptz := clock_timestamp();
    soon constant timestamptz := started + slack + coalesce(last.pause, interval '0');
    patience constant interval := (select s.patience from supacron_queue.settings s);
    found supacron_queue.memory;
    bands integer;
    took interval;
begin
    found := supacron_queue.discover(known, started - remembered_for, started, sweep);
    with head as materialized (
        select
            b.*,
            q.scheduled_for as first_due,
            case when q.scheduled_for < started - slack then q.id else 0 end as new_mark_id,
            coalesce(q.scheduled_for <= soon, false) as has_work
        from unnest(found.job_types, found.priorities, found.tenants, found.marks, found.mark_ids, found.seen)
            b (job_type, priority, tenant_id, mark, mark_id, seen)
        left join lateral (
            select r.scheduled_for, r.id
            from supacron_queue.ready r
            where r.job_type = b.job_type and r.priority = b.priority and r.tenant_id = b.tenant_id
                and (r.scheduled_for, r.id) >= (b.mark, b.mark_id)
            order by r.scheduled_for, r.id
            limit 1
        ) q on true
    ),
    ranked as (
        select
            h.*,
            row_number() over (partition by h.priority, h.tenant_id, h.has_work order by random()) as rank,
            random() as lot
        from head h
    ),
    chosen as (
        select r.*
        from (
            select
                r.*,
                row_number() over (partition by r.job_type, r.priority, r.has_work order by r.rank, r.lot) as place,
                row_number() over (partition by r.has_work order by r.seen desc) as freshness
            from ranked r
        ) r
        where case when r.has_work then r.place <= most_bands else r.freshness <= most_empty_bands end
        order by r.priority desc, r.has_work desc, r.rank, r.lot
    ),
    ordered as (
        select
            coalesce(array_agg(c.job_type), '{}') as job_types,
            coalesce(array_agg(c.priority), '{}') as priorities,
            coalesce(array_agg(c.tenant_id), '{}') as tenants,
            coalesce(array_agg(least(c.first_due, started - slack)), '{}') as marks,
            coalesce(array_agg(c.new_mark_id), '{}') as mark_ids,
            coalesce(array_agg(case when c.has_work then c.first_due end), '{}') as heads,
            coalesce(array_agg(c.rank::integer), '{}') as ranks
        from chosen c
    ),
    remembered as (
        select
            array_agg(least(h.first_due, started - slack)) as marks,
            array_agg(h.new_mark_id) as mark_ids,
            array_agg(case when h.first_due is null then h.seen else started end) as seen,
            min(h.first_due) as oldest,
            count(*) filter (where h.has_work) as with_work
        from head h
    )
    select
        o.job_types, o.priorities, o.tenants, o.marks, o.mark_ids, o.heads, o.ranks,
        coalesce(m.marks, '{}'), coalesce(m.mark_ids, '{}'), coalesce(m.seen, '{}'), m.oldest,
        m.with_work > (select count(*) from chosen c where c.has_work)
    into
        lineup.job_types, lineup.priorities, lineup.tenants, lineup.marks, lineup.mark_ids, lineup.heads, lineup.ranks,
        found.marks, found.mark_ids, found.seen, lineup.oldest, lineup.partial
    from ordered o, remembered m;
    select
        coalesce(bool_or(p.priority < p.top and p.head < started - patience), false),
        coalesce(bool_or(p.first_tenant <> p.last_tenant), false)
    into lineup.overdue, lineup.crowded
    from (
        select
            b.priority,
            min(b.head) as head,
            min(b.tenant_id) as first_tenant,
            max(b.tenant_id) as last_tenant,
            max(b.priority) over () as top
        from unnest(lineup.priorities, lineup.tenants, lineup.heads) b (priority, tenant_id, head)
        where b.head is not null
        group by b.priority
    ) p;
    memory := found;
    select
        coalesce(last.version, 0) + 1, s.max_attempts, s.timeout, s.lease, s.tenant_max_running,
        exists (select from supacron_queue.job_type k where num_nonnulls(k.max_attempts, k.timeout, k.lease) > 0)
    into lineup.version, lineup.max_attempts, lineup.timeout, lineup.lease, lineup.tenant_max_running, lineup.ruled
    from supacron_queue.settings s;
    if lineup.crowded then
        lineup.fair := supacron_queue.fair_turn(lineup, null, 1);
        if cardinality((lineup.fair).job_types) < 2 then
            lineup.fair := null;
        end if;
    end if;
    lineup.looked_at := started;
    lineup.swept_at := case when sweep or last.swept_at is null then started else last.swept_at end;
    lineup.pause := coalesce(last.pause, interval '50 milliseconds');
    lineup.sweep_pause := coalesce(last.sweep_pause, interval '30 milliseconds');
    bands := cardinality(found.job_types);
    took := clock_timestamp() - started;
    if lineup.swept_at = started then
        lineup.sweep_pause := greatest(interval '30 milliseconds', 20 * took);
    else
        -- With an upper bound by what there is to look at, since the longer the pause, the more dead entries there are to
        -- read past; and on a busy machine a look may take long for nothing.
        lineup.pause := least(
            greatest(interval '50 milliseconds', 10 * took),
            greatest(
                least(interval '100 milliseconds' + bands * interval '1 millisecond', interval '1 second'),
                bands * interval '300 microseconds'
            )
        );
    end if;
end;
$function$;
comment on function supacron_queue.look(supacron_queue.lineup, supacron_queue.memory, boolean) is
'Which bands have work now. A sweep relies on no mark that was known.';
