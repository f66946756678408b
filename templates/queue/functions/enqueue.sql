create or replace function supacron_queue.enqueue(
    p_job_type text,
    p_payload jsonb,
    p_priority integer default 5,
    p_tenant_id text default null,
    p_scheduled_for timestamptz default null,
    p_idempotency_key text default null
) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    tenant constant text := coalesce(p_tenant_id, '');
    due constant timestamptz := greatest(p_scheduled_for, clock_timestamp());
    new_id bigint;
    known_id bigint;
begin
    perform supacron_queue.check_job(p_job_type, p_priority, p_tenant_id, p_idempotency_key);
    if p_idempotency_key is null then
        insert into supacron_queue.ready (scheduled_for, priority, job_type, tenant_id, payload)
        values (due, coalesce(p_priority, 5), p_job_type, tenant, coalesce(p_payload, '{}'))
        returning id into new_id;
        return new_id;
    end if;

    new_id := nextval('supacron_queue.job_id');
    loop
        -- The key is taken over only from a job that ended, after the window.
        insert into supacron_queue.idempotency as i (job_type, tenant_id, key, job_id)
        values (p_job_type, tenant, p_idempotency_key, new_id)
        on conflict (job_type, tenant_id, key) do update
        set job_id = excluded.job_id, created_at = excluded.created_at
        where i.created_at < clock_timestamp() - (select s.idempotency_window from supacron_queue.settings s)
            and not exists (select from supacron_queue.ready r where r.id = i.job_id)
            and not exists (select from supacron_queue.running r where r.id = i.job_id);
        exit when found;
        select i.job_id into known_id
        from supacron_queue.idempotency i
        where i.job_type = p_job_type and i.tenant_id = tenant and i.key = p_idempotency_key;
        if found then
            return known_id;
        end if;
        -- Pruned since: once more.
    end loop;
    insert into supacron_queue.ready (id, scheduled_for, priority, job_type, tenant_id, payload, idempotency_key)
    values (new_id, due, coalesce(p_priority, 5), p_job_type, tenant, coalesce(p_payload, '{}'), p_idempotency_key);
    return new_id;
end;
$function$;
comment on function supacron_queue.enqueue(text, jsonb, integer, text, timestamptz, text) is
'Adds a job for any tenant and at any priority: for triggers and functions of your own that run as their owner. '
'Returns its id, or that of the job which has this idempotency key.';
