create or replace function supacron.keep_windows(seen timestamptz default now()) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    -- pg_cron takes it and never fires (RESTING in supacron/plan/windows.py). To make a job inactive would cancel its run, and is what pauses do.
    never constant text := '0 0 31 2 *';
    -- pg_cron may be that late.
    patience constant interval := '3 minutes';
    job supacron.job;
    state text;
    line text;
    changed integer := 0;
begin
    for job in
        select j.*
        from supacron.job j
        where j.removed_at is null
            and (j.runs_from is not null or j.runs_until is not null or j.runs_at is not null or j.closed is not null)
        order by j.id
    loop
        state := supacron.window_state(job, seen);
        if state is null and job.enabled and job.runs_at::timestamptz <= seen - patience
            and job.stack = any(supacron.running_stacks())
            and not exists (select from supacron.pause p where p.job_id = job.id)
            and not supacron.is_running(job.jobid)
        then
            perform supacron.miss_run(job, job.runs_at::timestamptz, 'nothing was started in that minute');
            state := 'done';
        end if;
        if state is distinct from job.closed then
            update supacron.job j set closed = state where j.id = job.id;
            changed := changed + 1;
        end if;

        select c.schedule into line from cron.job c where c.jobid = job.jobid and c.username = current_user;
        continue when line is null;
        if state = 'done' and not supacron.is_running(job.jobid) then
            perform cron.unschedule(job.jobid);
        elsif state is not null and line <> never then
            perform cron.alter_job(job_id := job.jobid, schedule := never);
        elsif state is null and line = never then
            perform cron.alter_job(job_id := job.jobid, schedule := coalesce(job.cron_schedule, job.schedule));
        end if;
    end loop;
    return changed;
end;
$function$;
comment on function supacron.keep_windows(timestamptz) is
'Unschedules jobs whose time is over, and schedules SQL jobs whose time has come; returns how many. A run that was to be '
'the only one, and that nothing started, is recorded as missed or made up for.';
