create or replace function supacron.hold_elsewhere() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    place constant text := supacron.place();
    job record;
    held integer := 0;
begin
    -- A call checks its place itself; the text of an SQL job is the user's own, so the job is made inactive.
    for job in
        select j.id, j.jobid
        from supacron.job j
        join supacron.stack s on s.name = j.stack
        join cron.job c on c.jobid = j.jobid and c.active and c.username = current_user
        where j.method is null and (place = 'copy' or (place = 'failover' and s.on_failover = 'refuse'))
    loop
        insert into supacron.pause (job_id, paused_by, reason, automatic)
        values (
            job.id, 'supacron',
            case place when 'copy' then 'this database is a copy' else 'this database is on another timeline' end,
            true
        )
        on conflict (job_id) do nothing;
        perform cron.alter_job(job_id := job.jobid, active := false);
        held := held + 1;
    end loop;
    return held;
end;
$function$;
comment on function supacron.hold_elsewhere() is
'Pauses SQL jobs where check_place would raise, until the next apply; returns how many.';
