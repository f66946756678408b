create or replace function supacron.claim_once(claimed_job bigint) returns boolean
language plpgsql
set search_path = ''
as $function$
begin
    update supacron.job j
    set closed = 'done'
    where j.id = claimed_job and j.closed is distinct from 'done';
    return found;
end;
$function$;
comment on function supacron.claim_once(bigint) is
'True for the first who asks for the one run of a job with runs_at, in the transaction of that run; false from then on.';
