create or replace function supacron.watch_jobs() returns void
language plpgsql
set search_path = ''
as $function$
begin
    delete from supacron.watch w
    where not exists (
        select
        from supacron.job j
        join cron.job c on c.jobid = j.jobid
        where j.id = w.job_id and concat_ws(' ', j.schedule, j.timezone) = w.schedule and c.active
    );
    insert into supacron.watch (job_id, schedule)
    select j.id, concat_ws(' ', j.schedule, j.timezone)
    from supacron.job j
    join cron.job c on c.jobid = j.jobid
    where c.active and not exists (select from supacron.watch w where w.job_id = j.id);
end;
$function$;
comment on function supacron.watch_jobs() is
'Notes since when each job is active with its present schedule: from then on it can be late, however it came to be so.';
