create or replace function supacron.prune(batch integer default 10000, batches integer default 20)
returns integer
language plpgsql
set search_path = ''
as $function$
declare
    gone integer;
    pruned integer := 0;
    horizon timestamptz;
    horizon_runid bigint;
    owned record;
begin
    for turn in 1..batches loop
        delete from supacron.run
        where id = any(array(
            select r.id
            from supacron.run r
            join supacron.job j on j.id = r.job_id
            join supacron.stack s on s.name = j.stack
            where r.queued_at < now() - s.runs_retention
            order by r.queued_at
            limit batch
        ));
        get diagnostics gone = row_count;
        pruned := pruned + gone;
        exit when gone < batch;
    end loop;

    for owned in
        select s.cron_history_retention as keep, array_agg(l.jobid) as jobids
        from supacron.stack s
        join supacron.job j on j.stack = s.name
        join (
            select c.jobid, c.id as job_id from supacron.job c where c.jobid is not null
            union all
            select p.jobid, p.job_id from supacron.past_jobid p
        ) l on l.job_id = j.id
        group by s.name
        union all
        select interval '1 day', array_agg(c.jobid)
        from cron.job c
        where c.jobname in ('supacron-collect', 'supacron-dispatch', 'supacron-prune', 'supacron-queue')
            and c.username = current_user
    loop
        horizon := now() - owned.keep;
        -- A run that never started, or was cut off, has no end_time: then its start, else its place in the order, tells.
        select max(d.runid) into horizon_runid from cron.job_run_details d
        where coalesce(d.start_time, d.end_time) < horizon;
        for turn in 1..batches loop
            delete from cron.job_run_details
            where runid = any(array(
                select d.runid
                from cron.job_run_details d
                where d.jobid = any(owned.jobids)
                    and (
                        coalesce(d.end_time, d.start_time) < horizon
                        or (d.end_time is null and d.start_time is null and d.runid <= horizon_runid)
                    )
                limit batch
            ));
            get diagnostics gone = row_count;
            pruned := pruned + gone;
            exit when gone < batch;
        end loop;
        for turn in 1..batches loop
            delete from supacron.scrubbed_run
            where runid = any(array(
                select d.runid
                from supacron.scrubbed_run d
                where d.jobid = any(owned.jobids) and coalesce(d.end_time, d.start_time, d.scrubbed_at) < horizon
                limit batch
            ));
            get diagnostics gone = row_count;
            pruned := pruned + gone;
            exit when gone < batch;
        end loop;
    end loop;
    return pruned + supacron.prune_alerts(batch);
end;
$function$;
comment on function supacron.prune(integer, integer) is
'Deletes outcomes and cron history older than each stack keeps, `batch` rows at a time and at most `batches` times; '
'run every hour by the job supacron-prune. Returns how many rows went.';
