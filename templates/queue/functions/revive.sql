create or replace function supacron_queue.revive(p_ids bigint[], p_statuses text[]) returns bigint[]
language plpgsql
set search_path = ''
as $function$
declare
    revived bigint[];
begin
    with ended as (
        delete from supacron_queue.archive a
        where a.id = any(p_ids) and a.status = any(p_statuses)
        returning a.*
    ),
    waiting as (
        insert into supacron_queue.ready (
            id, scheduled_for, created_at, updated_at, attempts, priority, job_type, tenant_id, payload, error_message,
            idempotency_key
        )
        select
            e.id, clock_timestamp(), e.created_at, clock_timestamp(), 0, e.priority, e.job_type, e.tenant_id, e.payload,
            e.error_message, e.idempotency_key
        from ended e
    )
    select coalesce(array_agg(e.id), '{}') into revived from ended e;
    return revived;
end;
$function$;
comment on function supacron_queue.revive(bigint[], text[]) is 'Puts jobs that ended back; returns their ids.';
