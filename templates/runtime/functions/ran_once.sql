create or replace function supacron.ran_once(job supacron.job) returns boolean
language sql stable
set search_path = ''
as $function$
    select exists (
        select from supacron.run r
        where r.job_id = job.id and r.trigger <> 'manual' and coalesce(r.scheduled_for, r.queued_at) >= job.runs_at::timestamptz
    );
$function$;
comment on function supacron.ran_once(supacron.job) is
'Whether a job with runs_at has its one run: an SQL job, and a call that raised, leave it to the collector to tell.';
