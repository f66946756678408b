create or replace function supacron_queue.refresh_lineup(sweep boolean) returns supacron_queue.lineup
language plpgsql
set search_path = ''
as $function$
declare
    ours boolean;
    last supacron_queue.lineup;
    known supacron_queue.memory;
    seen record;
begin
    select * into last from supacron_queue.lineup;
    select true into ours from supacron_queue.lineup for update skip locked;
    -- Somebody else is looking. When it takes long, a transaction holds the row: then look for ourselves alone.
    if ours is null and last.looked_at > clock_timestamp() - interval '5 seconds' then
        return last;
    end if;
    select * into known from supacron_queue.memory;
    sweep := sweep or last.swept_at is null
        or last.swept_at < clock_timestamp() - greatest(interval '30 seconds', last.sweep_pause);
    select * into seen from supacron_queue.look(last, known, sweep);
    if ours then
        update supacron_queue.lineup
        set looked_at = (seen.lineup).looked_at,
            swept_at = (seen.lineup).swept_at,
            pause = (seen.lineup).pause,
            sweep_pause = (seen.lineup).sweep_pause,
            oldest = (seen.lineup).oldest,
            partial = (seen.lineup).partial,
            crowded = (seen.lineup).crowded,
            overdue = (seen.lineup).overdue,
            job_types = (seen.lineup).job_types,
            priorities = (seen.lineup).priorities,
            tenants = (seen.lineup).tenants,
            marks = (seen.lineup).marks,
            mark_ids = (seen.lineup).mark_ids,
            heads = (seen.lineup).heads,
            ranks = (seen.lineup).ranks;
    -- A second session that inserts would wait for the first one's transaction.
    elsif last.looked_at is null and pg_try_advisory_xact_lock('supacron_queue.lineup'::regclass::oid::integer, 0) then
        insert into supacron_queue.lineup select (seen.lineup).* on conflict do nothing;
        ours := found;
    end if;
    if ours then
        insert into supacron_queue.memory as m select (seen.memory).*
        on conflict (singleton) do update
        set job_types = excluded.job_types,
            priorities = excluded.priorities,
            tenants = excluded.tenants,
            marks = excluded.marks,
            mark_ids = excluded.mark_ids,
            seen = excluded.seen;
    end if;
    return seen.lineup;
end;
$function$;
comment on function supacron_queue.refresh_lineup(boolean) is
'Looks again and keeps what it saw, unless another session does so at this moment. A sweep is made when asked for, or '
'due.';
