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
    if current_setting('role') <> 'service_role' and supacron_queue.is_client() then
        p_tenant_id := supacron_queue.admit_client(p_job_type, p_tenant_id);
    end if;
    if p_priority > 8 then
        perform supacron_queue.check_job(p_job_type, p_priority, p_tenant_id, p_idempotency_key);
        perform supacron_queue.check_urgent(p_job_type, p_priority);
        perform supacron_queue.announce(p_job_type, p_priority, p_tenant_id);
    end if;
    if p_idempotency_key is not null then
        return supacron_queue.enqueue(
            p_job_type, p_payload, p_priority, p_tenant_id, p_scheduled_for, p_idempotency_key
        );
    end if;
    if p_job_type is null or p_job_type collate "C" < '!' or p_job_type collate "C" >= '~' or length(p_job_type) > 100
        or p_priority not between 1 and 10 or p_tenant_id = '' or length(p_tenant_id) > 200
    then
        perform supacron_queue.check_job(p_job_type, p_priority, p_tenant_id, p_idempotency_key);
    end if;
    -- As supacron_queue.enqueue does it, without a further call on the busiest path.
    insert into supacron_queue.ready (scheduled_for, priority, job_type, tenant_id, payload)
    values (
        greatest(p_scheduled_for, clock_timestamp()),
        coalesce(p_priority, 5),
        p_job_type,
        coalesce(p_tenant_id, ''),
        coalesce(p_payload, '{}')
    )
    returning id into new_id;
    return new_id;
end;
$function$;
comment on function public.enqueue_job(text, jsonb, integer, text, timestamptz, text) is
'Adds a job and returns its id, or the id of the job that has this idempotency key. A time in the past means now.';
