create or replace function supacron.miss_run(job supacron.job, due timestamptz, reason text) returns void
language plpgsql
set search_path = ''
as $function$
begin
    if job.catch_up = 'latest' and supacron.catch_up(job.id, due - interval '1 second') is not null then
        return;
    end if;
    insert into supacron.run (job_id, trigger, scheduled_for, queued_at, seen_at, attempt, outcome, error, tell_at)
    values (
        job.id, 'schedule', due, clock_timestamp(), clock_timestamp(), 0, 'missed', reason,
        case when job.on_failure is not null then clock_timestamp() end
    );
end;
$function$;
comment on function supacron.miss_run(supacron.job, timestamptz, text) is
'Records a run that was due and did not start or, where the job says so, makes up for it.';
