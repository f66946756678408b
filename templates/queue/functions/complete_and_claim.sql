create or replace function public.complete_and_claim(
    p_ids bigint[],
    p_claim_tokens uuid[],
    p_limit integer default 1,
    p_job_types text[] default null,
    p_worker text default null,
    p_lease_seconds double precision default null
) returns table (accepted bigint[], jobs supacron_queue.claimed_job[])
language plpgsql security definer
set search_path = ''
as $function$
begin
    accepted := public.complete_jobs(p_ids, p_claim_tokens);
    jobs := array(select j from public.claim_jobs(p_limit, p_job_types, p_worker, p_lease_seconds) j);
    return next;
end;
$function$;
comment on function public.complete_and_claim(bigint[], uuid[], integer, text[], text, double precision) is
'complete_jobs and claim_jobs in one call and one commit.';
