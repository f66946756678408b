create or replace function supacron.skip_run(
    job supacron.job, run_id bigint, run_trigger text, run_requested_by text, due timestamptz, reason text
)
returns bigint
language sql
set search_path = ''
as $function$
    insert into supacron.run (
        id, job_id, trigger, requested_by, scheduled_for, queued_at, seen_at, attempt, outcome, error
    )
    overriding system value
    values (run_id, job.id, run_trigger, run_requested_by, due, clock_timestamp(), clock_timestamp(), 0, 'skipped', reason)
    returning id;
$function$;
comment on function supacron.skip_run(supacron.job, bigint, text, text, timestamptz, text) is
'Records a run that did not leave, and why; returns its id.';
