create or replace function public.heartbeat_jobs(
    p_ids bigint[], p_claim_tokens uuid[], p_lease_seconds double precision default null
) returns bigint[]
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
    if p_lease_seconds <= 0 then
        raise exception 'supacron: p_lease_seconds is above 0' using errcode = 'invalid_parameter_value';
    end if;
    if cardinality(p_claim_tokens) is distinct from 1 then
        perform supacron_queue.claim_tokens(p_ids, p_claim_tokens);
    end if;
    with kept as (
        update supacron_queue.running r
        set lease_expires_at = clock_timestamp() + coalesce(
            make_interval(secs => p_lease_seconds),
            (select k.lease from supacron_queue.job_type k where k.name = r.job_type),
            (select s.lease from supacron_queue.settings s)
        )
        where r.id = any(p_ids) and r.claim_token = any(p_claim_tokens) and (
            cardinality(p_claim_tokens) = 1
            or ((r.id, r.claim_token) in (select * from unnest(p_ids, p_claim_tokens))) is true
        )
        returning r.id
    )
    select coalesce(array_agg(k.id), '{}') into accepted from kept k;
    return accepted;
end;
$function$;
comment on function public.heartbeat_jobs(bigint[], uuid[], double precision) is
'Starts the lease of jobs anew. Returns the ids that are still the caller''s: stop working on the others.';
