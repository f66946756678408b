create or replace function supacron.observe_stuck_jobs(condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant bigint := condition ->> 'over';
    span constant interval := (condition ->> 'running_for_ms')::bigint * interval '1 millisecond';
    stuck bigint;
    longest interval;
begin
    -- Only what is in flight is here, so reading it all is cheap.
    select count(*), now() - min(r.started_at) into stuck, longest
    from supacron_queue.running r
    where r.started_at < now() - span;
    if stuck <= top then
        return null;
    end if;
    return supacron.observation(
        format(
            '%s %s for longer than %s, the longest for %s', stuck,
            case stuck when 1 then 'job of the queue runs' else 'jobs of the queue run' end,
            supacron.in_words(span), supacron.in_words(longest)
        ),
        stuck, top, 'jobs'
    );
end;
$function$;
comment on function supacron.observe_stuck_jobs(jsonb) is
'Whether more than `over` jobs of the queue run for longer than `running_for_ms`.';
