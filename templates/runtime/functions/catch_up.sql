create or replace function supacron.catch_up(caught_job bigint, since timestamptz) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    job supacron.job;
    due timestamptz;
    made bigint;
begin
    select * into job
    from supacron.job j
    where j.id = caught_job and j.catch_up = 'latest' and j.removed_at is null;
    if not found then
        return null;
    end if;
    if job.runs_at is not null then
        due := job.runs_at::timestamptz;
        if due <= since or due > now() or not supacron.claim_once(job.id) then
            return null;
        end if;
    else
        due := supacron.last_due_in_window(job, since, now());
        if due is null then
            return null;
        end if;
    end if;
    insert into supacron.run (job_id, trigger, scheduled_for, queued_at, leave_at, attempt)
    values (job.id, 'catch_up', due, clock_timestamp(), clock_timestamp(), 0)
    returning id into made;
    return made;
end;
$function$;
comment on function supacron.catch_up(bigint, timestamptz) is
'Makes up for the last run that was due since then, where the job says so; returns its id. It leaves when its turn comes.';
