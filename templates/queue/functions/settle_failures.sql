create or replace function supacron_queue.settle_failures(
    p_ids bigint[], p_claim_tokens uuid[], p_errors text[], p_final boolean
) returns table (id bigint, status text, attempts integer, scheduled_for timestamptz)
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_nestloop = off
set enable_mergejoin = off
set jit = off
as $function$
#variable_conflict use_column
begin
    return query
    with failed as (
        -- No join: planned while the table is empty, it would read all that runs for each id.
        delete from supacron_queue.running r
        where r.id = any(p_ids)
            and ((r.id, r.claim_token) in (select * from unnest(p_ids, p_claim_tokens))) is true
        returning r.*
    ),
    judged as (
        select
            f.*,
            left(coalesce(d.error_message, 'failed without a message'), 2000) as new_error,
            p_final or f.attempts >= coalesce(k.max_attempts, s.max_attempts) as is_final,
            -- Exponential, with full jitter: jobs that failed together do not come back together.
            clock_timestamp() + random() * least(
                coalesce(k.backoff_max, s.backoff_max),
                coalesce(k.backoff_base, s.backoff_base) * power(2, least(f.attempts - 1, 20))
            ) as next_try
        from failed f
        inner join (
            select distinct on (d.id, d.claim_token) d.*
            from unnest(p_ids, p_claim_tokens, p_errors) d (id, claim_token, error_message)
        ) d on d.id = f.id and d.claim_token = f.claim_token
        cross join supacron_queue.settings s
        left join supacron_queue.job_type k on k.name = f.job_type
    ),
    waiting as (
        insert into supacron_queue.ready (
            id, scheduled_for, created_at, updated_at, attempts, priority, job_type, tenant_id, payload, error_message,
            idempotency_key
        )
        select
            j.id, j.next_try, j.created_at, clock_timestamp(), j.attempts, j.priority, j.job_type, j.tenant_id,
            j.payload, j.new_error, j.idempotency_key
        from judged j
        where not j.is_final
    ),
    dead as (
        insert into supacron_queue.archive (
            id, scheduled_for, created_at, started_at, finished_at, attempts, priority, status, job_type, tenant_id,
            payload, error_message, idempotency_key, worker
        )
        select
            j.id, j.scheduled_for, j.created_at, j.started_at, clock_timestamp(), j.attempts, j.priority, 'failed',
            j.job_type, j.tenant_id, j.payload, j.new_error, j.idempotency_key, j.worker
        from judged j
        where j.is_final
    )
    select
        j.id,
        case when j.is_final then 'failed' else 'pending' end,
        j.attempts,
        case when not j.is_final then j.next_try end
    from judged j;
end;
$function$;
comment on function supacron_queue.settle_failures(bigint[], uuid[], text[], boolean) is
'Jobs that failed: back to wait for the next try, or to the dead letters when no attempt is left or p_final.';
