create or replace function public.enqueue_job(
    p_job_type text,
    p_payload jsonb default '{}',
    p_priority integer default 5,
    p_tenant_id text default null,
    p_scheduled_for timestamptz default now(),
    p_idempotency_key text default null
) returns bigint
language plpgsql security definer
set search_path = ''
as $function$
declare
    new_id bigint;
begin
    -- The busiest path: one condition and one statement, since a transaction pays anew for each of them and for each
    -- function. What is below says the same in more words: is_client(), check_job() and enqueue().
    if p_idempotency_key is null
        and p_priority between 1 and 8
        and p_job_type collate "C" >= '!' and p_job_type collate "C" < '~' and length(p_job_type) <= 100
        and coalesce(length(p_tenant_id), 1) between 1 and 200
        and (
            current_setting('role') = 'service_role'
            or pg_has_role(
                case current_setting('role') when 'none' then session_user::text else current_setting('role') end::name,
                'service_role',
                'usage'
            )
        )
    then
        insert into supacron_queue.ready (scheduled_for, priority, job_type, tenant_id, payload)
        values (
            greatest(p_scheduled_for, clock_timestamp()), p_priority, p_job_type, coalesce(p_tenant_id, ''),
            coalesce(p_payload, '{}')
        )
        returning id into new_id;
        return new_id;
    end if;

    if supacron_queue.is_client() then
        p_tenant_id := supacron_queue.admit_client(p_job_type, p_tenant_id);
    end if;
    if p_priority > 8 then
        perform supacron_queue.check_job(p_job_type, p_priority, p_tenant_id, p_idempotency_key);
        perform supacron_queue.check_urgent(p_job_type, p_priority);
        perform supacron_queue.announce(p_job_type, p_priority, p_tenant_id);
    end if;
    return supacron_queue.enqueue(
        p_job_type, p_payload, p_priority, p_tenant_id, p_scheduled_for, p_idempotency_key
    );
end;
$function$;
comment on function public.enqueue_job(text, jsonb, integer, text, timestamptz, text) is
'Adds a job and returns its id, or the id of the job that has this idempotency key. A time in the past means now.';
