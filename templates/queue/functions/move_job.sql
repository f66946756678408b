create or replace function supacron_queue.move_job(
    p_id bigint, p_from text, p_to text, p_reason text
) returns boolean
language plpgsql
set search_path = ''
as $function$
declare
    token uuid;
    moved bigint[];
begin
    if p_to = 'cancelled' and p_from in ('pending', 'processing') then
        return public.cancel_job(p_id, p_reason);
    end if;
    if p_to = 'pending' and p_from in ('failed', 'cancelled', 'completed') then
        moved := supacron_queue.revive(array[p_id], array[p_from]);
        return cardinality(moved) = 1;
    end if;
    if p_from = 'processing' and p_to in ('pending', 'failed', 'completed') then
        select r.claim_token into token from supacron_queue.running r where r.id = p_id;
        if not found then
            return false;
        end if;
        if p_to = 'pending' then
            moved := public.release_jobs(array[p_id], array[token]);
        elsif p_to = 'completed' then
            moved := public.complete_jobs(array[p_id], array[token]);
        else
            moved := array(
                select f.id from public.fail_jobs(array[p_id], array[token], array[p_reason], true) f
            );
        end if;
        return cardinality(moved) = 1;
    end if;
    raise exception 'supacron: a job cannot go from "%" to "%"', p_from, p_to
        using errcode = 'feature_not_supported',
        hint = 'Workers claim jobs with claim_jobs(); cancel, requeue or fail them by status or with the functions.';
end;
$function$;
comment on function supacron_queue.move_job(bigint, text, text, text) is
'Does what an update of a job''s status asks for; false when the job is no longer as the caller saw it.';
