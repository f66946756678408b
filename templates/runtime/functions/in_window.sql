create or replace function supacron.in_window(job supacron.job, minute timestamptz) returns boolean
language sql stable
set search_path = ''
as $function$
    select case
        -- However late pg_cron starts it: it is the one run that there is.
        when job.runs_at is not null then minute >= job.runs_at::timestamptz and job.closed is distinct from 'done'
        else minute >= coalesce(job.runs_from::timestamptz, '-infinity')
            and minute < coalesce(job.runs_until::timestamptz, 'infinity')
    end;
$function$;
comment on function supacron.in_window(supacron.job, timestamptz) is 'Whether a run of the job may be due in that minute.';
