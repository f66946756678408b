create or replace function supacron.request(job supacron.job, run_trigger text, run_requested_by text) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    -- pg_net writes a batch's answers when its slowest request ended, so an answer may be seen this much later.
    grace constant interval := '60 seconds';
    credentials jsonb;
    new_request_id bigint;
    new_run_id bigint;
    queue_now constant oid := 'net.http_request_queue'::regclass;
    queued timestamptz;
begin
    perform supacron.check_place(job.stack);
    credentials := supacron.credentials(job);
    -- Without a row, or with that of a dropped extension, pg_net's ids have started again.
    if not exists (select from supacron.net_epoch e where e.queue = queue_now) then
        insert into supacron.net_epoch (queue, started_at)
        values (queue_now, clock_timestamp())
        on conflict (singleton) do update set queue = excluded.queue, started_at = excluded.started_at
        where net_epoch.queue <> excluded.queue;
    end if;
    queued := clock_timestamp();
    new_request_id := supacron.send(job, credentials);
    insert into supacron.run (job_id, trigger, requested_by, request_id, queued_at, deadline)
    values (
        job.id, run_trigger, run_requested_by, new_request_id, queued,
        queued + job.timeout_ms * interval '1 millisecond' + grace
    )
    returning id into new_run_id;
    return new_run_id;
end;
$function$;
comment on function supacron.request(supacron.job, text, text) is
'Hands a job''s HTTP request to pg_net and records the run; returns the run''s id. It leaves at COMMIT.';
