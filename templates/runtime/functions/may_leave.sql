create or replace function supacron.may_leave(job supacron.job, by_hand boolean) returns boolean
language sql stable
set search_path = ''
as $function$
    select job.removed_at is null
        and (by_hand or (job.enabled and not exists (select from supacron.pause p where p.job_id = job.id)));
$function$;
comment on function supacron.may_leave(supacron.job, boolean) is
'Whether a run that waits may leave: its job is neither paused nor disabled, or somebody asked for the run.';
