create or replace function supacron.observe_queue_failures(condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant numeric := condition ->> 'over_percent';
    span constant interval := (condition ->> 'window_ms')::bigint * interval '1 millisecond';
    fewest constant bigint := condition ->> 'at_least';
    failed bigint;
    finished bigint;
begin
    select count(*) into failed
    from supacron_queue.archive a
    where a.status = 'failed' and a.finished_at > now() - span;
    if failed = 0 then
        return null;
    end if;
    -- So many finished jobs show that the rate is not over its limit: more need not be counted.
    select count(*) into finished
    from (
        select
        from supacron_queue.archive a
        where a.status in ('completed', 'failed') and a.finished_at > now() - span
        limit case when top > 0 then greatest(fewest, ceil(failed * 100 / top)) end
    ) a;
    if finished < fewest or failed * 100 <= top * finished then
        return null;
    end if;
    return supacron.observation(
        format(
            '%s%% of the queue''s jobs failed within %s (over %s%%): %s of %s', round(failed * 100.0 / finished, 1)::double precision,
            supacron.in_words(span), top, failed, finished
        ),
        failed * 100.0 / finished, top, 'percent'
    );
end;
$function$;
comment on function supacron.observe_queue_failures(jsonb) is
'Whether more than `over_percent` of at least `at_least` jobs of the queue that ended within `window_ms` failed for good.';
