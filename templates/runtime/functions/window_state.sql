create or replace function supacron.window_state(job supacron.job, seen timestamptz) returns text
language plpgsql stable
set search_path = ''
as $function$
declare
    next_minute constant timestamptz := date_trunc('minute', seen) + interval '1 minute';
    opens constant timestamptz := coalesce(job.runs_at, job.runs_from)::timestamptz;
begin
    if job.runs_at is not null then
        if job.closed = 'done' or supacron.ran_once(job) then
            return 'done';
        end if;
    -- A call looks at the window itself, so there is time for those that pg_cron starts late.
    elsif job.runs_until::timestamptz <= (case when job.method is null then next_minute else seen - interval '1 minute' end) then
        return 'done';
    end if;
    -- An SQL job is pg_cron's alone. It is scheduled as soon as it cannot fire before its window.
    if job.method is null and opens > next_minute and (
        job.due is null
        or opens > seen + interval '300 days'
        or supacron.last_due(job.due, next_minute - interval '1 second', opens - interval '1 second') is not null
    ) then
        return 'waiting';
    end if;
    return null;
end;
$function$;
comment on function supacron.window_state(supacron.job, timestamptz) is
'What supacron.job.closed is to be at that time; null while pg_cron is to have the job.';
