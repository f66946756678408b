create or replace function supacron.hand_over(
    job supacron.job, run_id bigint, attempt integer, due timestamptz, run_body jsonb
)
returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    queue_now constant oid := 'net.http_request_queue'::regclass;
    key constant text := job.stack || '/' || job.name || '/' || run_id;
begin
    -- Without a row, or with that of a dropped extension, pg_net's ids have started again.
    if not exists (select from supacron.net_epoch e where e.queue = queue_now) then
        insert into supacron.net_epoch (queue, started_at)
        values (queue_now, clock_timestamp())
        on conflict (singleton) do update set queue = excluded.queue, started_at = excluded.started_at
        where net_epoch.queue <> excluded.queue;
    end if;
    if run_body is not null then
        job.body := run_body;
    end if;
    if job.parameters is not null then
        job.body := supacron.fill_in(job, run_id, attempt, due);
    end if;
    -- A job that has a key of its own keeps it.
    if not exists (select from jsonb_object_keys(job.headers) h where lower(h) = 'idempotency-key') then
        job.headers := job.headers || jsonb_build_object(
            'Idempotency-Key', case when key ~ '^[!-~]*$' then key else supacron.percent_encoded(key) end
        );
    end if;
    return supacron.send(
        job, supacron.credentials(job) || jsonb_build_object('Supacron-Attempt', attempt::text)
    );
end;
$function$;
comment on function supacron.hand_over(supacron.job, bigint, integer, timestamptz, jsonb) is
'Hands one attempt of a run to pg_net; returns pg_net''s id.';
