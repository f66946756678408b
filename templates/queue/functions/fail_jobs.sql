create or replace function public.fail_jobs(
    p_ids bigint[], p_claim_tokens uuid[], p_errors text[] default null, p_final boolean default false
) returns table (id bigint, status text, attempts integer, scheduled_for timestamptz)
language plpgsql security definer
set search_path = ''
as $function$
begin
    if cardinality(p_errors) not in (1, cardinality(p_ids)) then
        raise exception 'supacron: % ids, but % errors', cardinality(p_ids), cardinality(p_errors)
            using errcode = 'invalid_parameter_value',
            hint = 'Pass the error of each job, in the order of the ids, or a single one for all.';
    end if;
    if cardinality(p_errors) = 1 then
        p_errors := array_fill(p_errors[1], array[cardinality(p_ids)]);
    end if;
    return query select f.*
    from supacron_queue.settle_failures(
        p_ids, supacron_queue.claim_tokens(p_ids, p_claim_tokens), p_errors, coalesce(p_final, false)
    ) f;
end;
$function$;
comment on function public.fail_jobs(bigint[], uuid[], text[], boolean) is
'Says that jobs failed. Returns those that were accepted: pending, with the time of the next try, or failed for good.';
