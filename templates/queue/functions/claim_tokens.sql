create or replace function supacron_queue.claim_tokens(p_ids bigint[], p_claim_tokens uuid[]) returns uuid[]
language plpgsql immutable
set search_path = ''
as $function$
begin
    if cardinality(p_claim_tokens) = cardinality(p_ids) then
        return p_claim_tokens;
    end if;
    if cardinality(p_claim_tokens) = 1 then
        return array_fill(p_claim_tokens[1], array[cardinality(p_ids)]);
    end if;
    raise exception 'supacron: % ids, but % claim tokens',
        coalesce(cardinality(p_ids), 0), coalesce(cardinality(p_claim_tokens), 0)
        using errcode = 'invalid_parameter_value',
        hint = 'Pass the claim_token of each job, in the order of the ids, or a single one for all.';
end;
$function$;
comment on function supacron_queue.claim_tokens(bigint[], uuid[]) is
'A token for each id: a single one is for all of them.';
