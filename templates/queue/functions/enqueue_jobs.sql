create or replace function public.enqueue_jobs(p_jobs jsonb) returns bigint[]
language plpgsql security definer
set search_path = ''
as $function$
declare
    client constant boolean := supacron_queue.is_client();
    enqueued_at constant timestamptz := clock_timestamp();
    own_tenant text;
    job record;
    keyed boolean := false;
    new_ids bigint[];
    problems text[];
begin
    if jsonb_typeof(p_jobs) is distinct from 'array' then
        raise exception 'supacron: p_jobs is no JSON array' using errcode = 'invalid_parameter_value',
            hint = 'Pass an array of objects with the keys of enqueue_job, without "p_".';
    end if;
    -- A misspelt key would be a job at the wrong time or priority.
    select array_agg(format('job %s: unknown key "%s"', e.place, k.name) order by e.place, k.name) into problems
    from jsonb_array_elements(p_jobs) with ordinality e (job, place)
    cross join lateral jsonb_object_keys(
        case jsonb_typeof(e.job) when 'object' then e.job else '{"(no object)": 0}' end
    ) k (name)
    where k.name not in ('job_type', 'payload', 'priority', 'tenant_id', 'scheduled_for', 'idempotency_key');
    if problems is not null then
        raise exception 'supacron: %', array_to_string(problems[1:20], '; ') using errcode = 'invalid_parameter_value',
            hint = 'The keys are job_type, payload, priority, tenant_id, scheduled_for and idempotency_key.';
    end if;

    for job in
        select distinct j.job_type, j.priority, j.tenant_id, j.idempotency_key
        from jsonb_to_recordset(p_jobs) j (job_type text, priority integer, tenant_id text, idempotency_key text)
    loop
        if client then
            own_tenant := supacron_queue.admit_client(job.job_type, job.tenant_id);
        end if;
        perform supacron_queue.check_job(job.job_type, job.priority, job.tenant_id, job.idempotency_key);
        if job.priority > 8 then
            perform supacron_queue.check_urgent(job.job_type, job.priority);
            perform supacron_queue.announce(job.job_type, job.priority, job.tenant_id);
        end if;
        keyed := keyed or job.idempotency_key is not null;
    end loop;

    if keyed then
        new_ids := array_fill(null::bigint, array[jsonb_array_length(p_jobs)]);
        -- In the order of their keys, so that two calls with the same keys wait for each other only one way.
        for job in
            select j.*
            from rows from (
                jsonb_to_recordset(p_jobs) as (
                    job_type text, payload jsonb, priority integer, tenant_id text, scheduled_for timestamptz,
                    idempotency_key text
                )
            ) with ordinality j (job_type, payload, priority, tenant_id, scheduled_for, idempotency_key, place)
            order by j.job_type, j.tenant_id, j.idempotency_key, j.place
        loop
            new_ids[job.place] := supacron_queue.enqueue(
                job.job_type,
                job.payload,
                job.priority,
                coalesce(own_tenant, job.tenant_id),
                job.scheduled_for,
                job.idempotency_key
            );
        end loop;
        return new_ids;
    end if;
    with added as (
        insert into supacron_queue.ready (scheduled_for, created_at, priority, job_type, tenant_id, payload)
        select
            greatest(j.scheduled_for, enqueued_at),
            enqueued_at,
            coalesce(j.priority, 5),
            j.job_type,
            coalesce(own_tenant, j.tenant_id, ''),
            coalesce(j.payload, '{}')
        from jsonb_to_recordset(p_jobs) j (
            job_type text, payload jsonb, priority integer, tenant_id text, scheduled_for timestamptz
        )
        returning id
    )
    select coalesce(array_agg(a.id), '{}') into new_ids from added a;
    return new_ids;
end;
$function$;
comment on function public.enqueue_jobs(jsonb) is
'Adds many jobs, each an object with the keys of enqueue_job without "p_"; all or none. Returns their ids, in their '
'order.';
