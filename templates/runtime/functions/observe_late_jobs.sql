create or replace function supacron.observe_late_jobs(stack_name text, condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    late bigint;
    details text;
begin
    select
        count(*),
        string_agg(
            case
                when l.last_ok_at is null then format('%s has not succeeded yet', l.name)
                else format('%s succeeded last %s ago', l.name, supacron.in_words(now() - l.last_ok_at))
            end,
            '; ' order by l.late_at
        )
    into late, details
    from supacron.job_lateness l
    where l.stack = stack_name and l.late_at <= now() and (condition -> 'jobs' is null or condition -> 'jobs' ? l.name);
    if late = 0 then
        return null;
    end if;
    return supacron.observation(left(details, 500), late, 0, 'jobs');
end;
$function$;
comment on function supacron.observe_late_jobs(text, jsonb) is 'Whether a job is late, of the jobs named or of all.';
