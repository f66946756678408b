create or replace function supacron.hand_over(
    job supacron.job, run_id bigint, attempt integer, due timestamptz, run_body jsonb
)
returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    key constant text := job.stack || '/' || job.name || '/' || run_id;
    sent_headers jsonb := job.headers || supacron.credentials(job) || jsonb_build_object('Supacron-Attempt', attempt::text);
begin
    if run_body is not null then
        job.body := run_body;
    end if;
    if job.parameters is not null then
        job.body := supacron.fill_in(job, run_id, attempt, due);
    end if;
    -- A job that has a key of its own keeps it.
    if not exists (select from jsonb_object_keys(job.headers) h where lower(h) = 'idempotency-key') then
        sent_headers := sent_headers || jsonb_build_object(
            'Idempotency-Key', case when key ~ '^[!-~]*$' then key else supacron.percent_encoded(key) end
        );
    end if;
    return supacron.send(job, sent_headers);
end;
$function$;
comment on function supacron.hand_over(supacron.job, bigint, integer, timestamptz, jsonb) is
'Hands one attempt of a run to pg_net; returns pg_net''s id. mark_net_epoch comes before it.';
