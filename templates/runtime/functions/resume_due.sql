create or replace function supacron.resume_due() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    due record;
    resumed integer := 0;
begin
    for due in
        delete from supacron.pause p
        using supacron.job j
        where j.id = p.job_id and p.until <= now()
        returning j.id, j.jobid, j.enabled, j.stack, p.paused_at
    loop
        if exists (select from supacron.stack s where s.name = due.stack and s.stopped_at is not null) then
            -- Nothing of a stopped stack runs: `supacron start` makes it active.
            insert into supacron.stopped_job (job_id) values (due.id) on conflict do nothing;
            resumed := resumed + 1;
            continue;
        end if;
        -- alter_job raises when the job is gone or nothing changes.
        if due.enabled and exists (select from cron.job c where c.jobid = due.jobid and not c.active) then
            perform cron.alter_job(job_id := due.jobid, active := true);
        end if;
        if due.enabled then
            perform supacron.catch_up(due.id, due.paused_at);
        end if;
        resumed := resumed + 1;
    end loop;
    return resumed;
end;
$function$;
comment on function supacron.resume_due() is 'Ends every pause whose time has come; returns how many.';
