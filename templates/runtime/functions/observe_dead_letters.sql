create or replace function supacron.observe_dead_letters(condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant bigint := condition ->> 'over';
    span constant interval := (condition ->> 'window_ms')::bigint * interval '1 millisecond';
    -- So many are counted and no more.
    most constant bigint := greatest(top + 1, 1000);
    dead bigint;
    types text;
begin
    select count(*), string_agg(distinct d.job_type, ', ') into dead, types
    from (
        select a.job_type
        from supacron_queue.archive a
        where a.status = 'failed' and a.finished_at > now() - span
        limit most
    ) d;
    if dead <= top then
        return null;
    end if;
    return supacron.observation(
        format(
            '%s%s failed for good within %s: %s', dead,
            case when dead = most and most > top + 1 then ' jobs or more' when dead = 1 then ' job' else ' jobs' end,
            supacron.in_words(span), left(types, 200)
        ),
        dead, top, 'jobs'
    );
end;
$function$;
comment on function supacron.observe_dead_letters(jsonb) is
'Whether more than `over` jobs of the queue failed for good within `window_ms`.';
