create or replace function public.cancel_job(p_id bigint, p_reason text default null) returns boolean
language plpgsql security definer
set search_path = ''
as $function$
begin
    loop
        with waiting as (
            delete from supacron_queue.ready r where r.id = p_id returning r.*
        ),
        held as (
            delete from supacron_queue.running r where r.id = p_id returning r.*
        )
        insert into supacron_queue.archive (
            id, scheduled_for, created_at, started_at, finished_at, attempts, priority, status, job_type, tenant_id,
            payload, error_message, idempotency_key, worker
        )
        select
            w.id, w.scheduled_for, w.created_at, null, clock_timestamp(), w.attempts, w.priority, 'cancelled',
            w.job_type, w.tenant_id, w.payload, coalesce(left(p_reason, 2000), w.error_message), w.idempotency_key, null
        from waiting w
        union all
        select
            h.id, h.scheduled_for, h.created_at, h.started_at, clock_timestamp(), h.attempts, h.priority, 'cancelled',
            h.job_type, h.tenant_id, h.payload, coalesce(left(p_reason, 2000), h.error_message), h.idempotency_key,
            h.worker
        from held h;
        if found then
            return true;
        end if;
        -- It may have been claimed or given back in between: one statement sees either table as it was before.
        if not exists (
            select from supacron_queue.ready r where r.id = p_id
            union all
            select from supacron_queue.running r where r.id = p_id
        ) then
            return false;
        end if;
    end loop;
end;
$function$;
comment on function public.cancel_job(bigint, text) is
'Ends a job that has not ended, whoever holds it: what its worker says of it later is not accepted. False when there '
'is none (any more).';
