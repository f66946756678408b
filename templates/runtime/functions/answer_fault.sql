create or replace function supacron.answer_fault(expected jsonb, status integer, content text) returns text
language plpgsql stable
set search_path = ''
as $function$
declare
    answer jsonb;
    fault text;
begin
    if not coalesce(
        expected -> 'status' @> to_jsonb(status) or expected -> 'status' ? (left(status::text, 1) || 'xx'), status < 400
    ) then
        return format('status %s is not what was expected', status);
    end if;
    if not expected ? 'json' then
        return null;
    end if;
    begin
        answer := content::jsonb;
    exception when others then
        return 'the answer is not JSON';
    end;
    -- What the answer holds instead is not told: it may be anything.
    select format('%s is not %s', e ->> 'at', left((e -> 'equals')::text, 100)) into fault
    from jsonb_array_elements(expected -> 'json') e
    where answer #> array(select jsonb_array_elements_text(e -> 'path')) is distinct from e -> 'equals'
    limit 1;
    return fault;
end;
$function$;
comment on function supacron.answer_fault(jsonb, integer, text) is
'How an answer differs from what a job expects; null when it does not. No text of the answer is in it.';
