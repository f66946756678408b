create or replace function supacron.observe_run_failures(stack_name text, condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant numeric := condition ->> 'over_percent';
    span constant interval := (condition ->> 'window_ms')::bigint * interval '1 millisecond';
    fewest constant bigint := condition ->> 'at_least';
    failed bigint;
    finished bigint;
    worst text;
begin
    select sum(j.failed), sum(j.finished), string_agg(j.name, ', ' order by j.failed desc, j.name) filter (where j.failed > 0)
    into failed, finished, worst
    from (
        select j.name, count(*) as finished, count(*) filter (where r.outcome <> 'ok') as failed
        from supacron.run r
        join supacron.job j on j.id = r.job_id
        where r.queued_at > now() - span
            -- What was skipped on purpose did not fail.
            and r.outcome <> 'skipped'
            and j.stack = stack_name
            and j.removed_at is null
            and (condition -> 'jobs' is null or condition -> 'jobs' ? j.name)
        group by j.name
    ) j;
    if finished is null or finished < fewest or failed * 100 <= top * finished then
        return null;
    end if;
    return supacron.observation(
        format(
            '%s%% of the runs within %s failed (over %s%%): %s of %s, of %s', round(failed * 100.0 / finished, 1)::double precision,
            supacron.in_words(span), top, failed, finished, left(worst, 500)
        ),
        failed * 100.0 / finished, top, 'percent'
    );
end;
$function$;
comment on function supacron.observe_run_failures(text, jsonb) is
'Whether more than `over_percent` of at least `at_least` runs within `window_ms` failed, of the jobs named or of all.';
