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
    select * into last from supacron_queue.lineup l order by l.version desc limit 1;
    select true into ours from supacron_queue.lineup l where l.version = last.version for update skip locked;
    -- Somebody else is looking. When it takes long, a transaction holds the row: then look for ourselves alone.
    if ours is null and last.looked_at > clock_timestamp() - interval '5 seconds' then
        return last;
    end if;
    select * into known from supacron_queue.memory m order by m.version desc limit 1;
    sweep := sweep or last.swept_at is null
        or last.swept_at < clock_timestamp() - greatest(interval '30 seconds', last.sweep_pause);
    select * into seen from supacron_queue.look(last, known, sweep);
    if ours then
        update supacron_queue.lineup
        set version = (seen.lineup).version,
            looked_at = (seen.lineup).looked_at,
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
            ranks = (seen.lineup).ranks,
            max_attempts = (seen.lineup).max_attempts,
            timeout = (seen.lineup).timeout,
            lease = (seen.lineup).lease,
            tenant_max_running = (seen.lineup).tenant_max_running,
            ruled = (seen.lineup).ruled,
            fair = (seen.lineup).fair
        where version = last.version;
    -- A second session that inserts would wait for the first one's transaction.
    elsif last.looked_at is null and pg_try_advisory_xact_lock('supacron_queue.lineup'::regclass::oid::integer, 0) then
        insert into supacron_queue.lineup
        select (seen.lineup).*
        where not exists (select from supacron_queue.lineup);
        ours := found;
    end if;
    if ours then
        update supacron_queue.memory
        set version = (seen.memory).version,
            job_types = (seen.memory).job_types,
            priorities = (seen.memory).priorities,
            tenants = (seen.memory).tenants,
            marks = (seen.memory).marks,
            mark_ids = (seen.memory).mark_ids,
            seen = (seen.memory).seen
        where version = known.version;
        if not found then
            insert into supacron_queue.memory
            select (seen.memory).*
            where not exists (select from supacron_queue.memory);
        end if;
    end if;
    return seen.lineup;
end;
$function$;
comment on function supacron_queue.refresh_lineup(boolean) is
'Looks again and keeps what it saw, unless another session does so at this moment. A sweep is made when asked for, or '
'due.';
