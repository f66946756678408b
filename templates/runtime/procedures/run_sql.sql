-- Without a search_path of its own: the statement is to find what it would find in pg_cron's session.
create or replace procedure supacron.run_sql(job_name text)
language plpgsql
as $procedure$
declare
    job supacron.job;
begin
    select * into job
    from supacron.job j
    where j.name = job_name and j.removed_at is null;
    if job.sql is null then
        raise exception 'supacron: no SQL job "%" is defined here that runs in this way', job_name
            using errcode = 'no_data_found', hint = 'Run `pulumi up`, or unschedule this cron job.';
    end if;
    if supacron.is_due(job, supacron.fired_at(job, pg_catalog.now())) then
        execute job.sql;
    end if;
end;
$procedure$;
comment on procedure supacron.run_sql(text) is
'What cron.job.command calls for an SQL job that pg_cron may start when it is not due: runs its SQL if it is.';
