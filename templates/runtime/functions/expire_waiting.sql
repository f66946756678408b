create or replace function supacron.expire_waiting() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    expired integer;
begin
    update supacron.run r
    set outcome = coalesce(
            (select a.outcome from supacron.attempt a where a.run_id = r.id and a.attempt = r.attempt), 'missed'
        ),
        error = case
            when r.attempt > 0 then r.error
            when j.removed_at is not null then 'the job was removed'
            else 'it waited too long for its turn'
        end,
        leave_at = null,
        seen_at = clock_timestamp(),
        tell_at = case when j.on_failure is not null and j.removed_at is null then clock_timestamp() end
    from supacron.job j
    where r.leave_at < clock_timestamp()
        and j.id = r.job_id
        and (
            j.removed_at is not null
            or r.leave_at < clock_timestamp()
            - coalesce((j.retry ->> 'within_ms')::bigint, 3600000) * interval '1 millisecond'
        );
    get diagnostics expired = row_count;
    return expired;
end;
$function$;
comment on function supacron.expire_waiting() is
'Ends runs that waited for an hour, or for as long as their job tries, and those of removed jobs; returns how many.';
