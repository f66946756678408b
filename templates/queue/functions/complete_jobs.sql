create or replace function public.complete_jobs(p_ids bigint[], p_claim_tokens uuid[]) returns bigint[]
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $function$
declare
    accepted bigint[];
begin
    if cardinality(p_claim_tokens) is distinct from 1 then
        perform supacron_queue.claim_tokens(p_ids, p_claim_tokens);
    end if;
    -- No join: planned while the table is empty, it would read all that runs for each id.
    with done as (
        delete from supacron_queue.running r
        where r.id = any(p_ids) and r.claim_token = any(p_claim_tokens) and (
            cardinality(p_claim_tokens) = 1
            or ((r.id, r.claim_token) in (select * from unnest(p_ids, p_claim_tokens))) is true
        )
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
