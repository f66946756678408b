create or replace function supacron.take(job supacron.job) returns boolean
language plpgsql
set search_path = ''
as $function$
declare
    limit_name text;
begin
    -- Where somebody else counts at this moment the run waits: no herd stands in line for a lock.
    if not pg_try_advisory_xact_lock(7265002, hashtext(job.stack)) then
        return false;
    end if;
    for limit_name in select l from jsonb_array_elements_text(job.limits) l loop
        if supacron.room(job.stack, limit_name) < 1 then
            return false;
        end if;
    end loop;
    perform supacron.spend(job.stack, l, 1) from jsonb_array_elements_text(job.limits) l;
    return true;
end;
$function$;
comment on function supacron.take(supacron.job) is
'Whether the job''s limits let a request leave now; if so it is taken off their rates.';
