with changed as (
    select c.digest, c.content from unnest(%(digests)s::text[], %(texts)s::text[]) c (digest, content)
),
batch as (
    select d.runid
    from cron.job_run_details d
    where d.runid > %(after)s
        and (d.end_time is not null or d.start_time < now() - interval '1 day')
        and (md5(d.command) = any(%(digests)s) or md5(d.return_message) = any(%(digests)s))
    order by d.runid
    limit %(size)s
),
gone as (
    delete from cron.job_run_details d
    using batch b
    where b.runid = d.runid
    returning d.*
),
kept as (
    insert into supacron.scrubbed_run (
        runid, jobid, job_pid, database, username, command, status, return_message, start_time, end_time
    )
    select
        g.runid, g.jobid, g.job_pid, g.database, g.username,
        coalesce((select c.content from changed c where c.digest = md5(g.command)), g.command),
        g.status,
        coalesce((select c.content from changed c where c.digest = md5(g.return_message)), g.return_message),
        g.start_time, g.end_time
    from gone g
    on conflict (runid) do nothing
    returning runid
)
select count(*), max(runid) from gone
