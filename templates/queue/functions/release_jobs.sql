create or replace function public.release_jobs(p_ids bigint[], p_claim_tokens uuid[]) returns bigint[]
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
    with given_back as (
        delete from supacron_queue.running r
        where r.id = any(p_ids) and r.claim_token = any(p_claim_tokens) and (
            cardinality(p_claim_tokens) = 1
            or ((r.id, r.claim_token) in (select * from unnest(p_ids, p_claim_tokens))) is true
        )
        returning r.*
    ),
    waiting as (
        insert into supacron_queue.ready (
            id, scheduled_for, created_at, updated_at, attempts, priority, job_type, tenant_id, payload, error_message,
            idempotency_key
        )
        select
            g.id, g.scheduled_for, g.created_at, clock_timestamp(), g.attempts - 1, g.priority, g.job_type, g.tenant_id,
            g.payload, g.error_message, g.idempotency_key
        from given_back g
    )
    select coalesce(array_agg(g.id), '{}') into accepted from given_back g;
    perform supacron_queue.look_behind();
    return accepted;
end;
$function$;
comment on function public.release_jobs(bigint[], uuid[]) is
'Gives jobs back as they were, in their old place and with the attempt not counted. Returns the ids that were '
'accepted.';
