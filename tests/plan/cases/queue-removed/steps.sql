-- delete the history of the queue's own job
delete from cron.job_run_details d
using cron.job c
where d.jobid = c.jobid and c.jobname::text = any(array['supacron-queue']::text[]) and c.username = current_user;

-- unschedule the queue's own job
select cron.unschedule(c.jobid)
from cron.job c
where c.jobname::text = any(array['supacron-queue']::text[]) and c.username = current_user;

-- drop the queue
-- From here on nobody can put a job into it.
lock table supacron_queue.ready, supacron_queue.running, supacron_queue.archive in access exclusive mode;
do $block$
begin
    if exists (select from supacron_queue.ready)
        or exists (select from supacron_queue.running)
        or exists (select from supacron_queue.archive)
    then
        raise exception 'supacron: a job was enqueued just now, and the queue was to be dropped because it was empty'
            using hint = 'Look again: `pulumi up` keeps a queue that holds jobs.';
    end if;
end;
$block$;
drop view public.priority_queue;
do $block$
declare
    signature text;
begin
    foreach signature in array array['public.cancel_job(bigint, text)', 'public.claim_jobs(integer, text[], text, double precision)', 'public.complete_and_claim(bigint[], uuid[], integer, text[], text, double precision)', 'public.complete_jobs(bigint[], uuid[])', 'public.enqueue_batch(text, jsonb[], integer, text, timestamptz)', 'public.enqueue_job(text, jsonb, integer, text, timestamptz, text)', 'public.enqueue_jobs(jsonb)', 'public.fail_jobs(bigint[], uuid[], text[], boolean)', 'public.get_queue_stats()', 'public.heartbeat_jobs(bigint[], uuid[], double precision)', 'public.release_jobs(bigint[], uuid[])', 'public.requeue_failed(bigint[], text, integer)', 'public.return_stuck_jobs(integer, interval)']::text[] loop
        execute 'drop function if exists ' || signature;
    end loop;
end;
$block$;
drop schema supacron_queue cascade;
