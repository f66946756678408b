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
done as (
    update cron.job_run_details d
    set command = coalesce((select c.content from changed c where c.digest = md5(d.command)), d.command),
        return_message = coalesce(
            (select c.content from changed c where c.digest = md5(d.return_message)), d.return_message
        )
    from batch b
    where b.runid = d.runid
    returning d.runid
)
select count(*), max(runid) from done
