create or replace function public.complete_jobs(p_ids bigint[], p_claim_tokens uuid[]) returns bigint[]
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $function$
declare
    accepted bigint[];
begin
    if cardinality(p_ids) is distinct from cardinality(p_claim_tokens) then
        p_claim_tokens := supacron_queue.claim_tokens(p_ids, p_claim_tokens);
    end if;
    with done as (
        delete from supacron_queue.running r
        using unnest(p_ids, p_claim_tokens) d (id, claim_token)
        where r.id = d.id and r.claim_token = d.claim_token
        returning r.*
    ),
    filed as (
        insert into supacron_queue.archive (
            id, scheduled_for, created_at, started_at, finished_at, attempts, priority, status, job_type, tenant_id,
            payload, error_message, idempotency_key, worker
        )
        select
            d.id, d.scheduled_for, d.created_at, d.started_at, clock_timestamp(), d.attempts, d.priority, 'completed',
            d.job_type, d.tenant_id, d.payload, d.error_message, d.idempotency_key, d.worker
        from done d
    )
    select coalesce(array_agg(d.id), '{}') into accepted from done d;
    return accepted;
end;
$function$;
comment on function public.complete_jobs(bigint[], uuid[]) is
'Ends jobs that were done. Returns the ids that were accepted: the others are no longer the caller''s.';
