create or replace function supacron_queue.admit_client(p_job_type text, p_tenant_id text) returns text
language plpgsql stable
set search_path = ''
as $function$
declare
    own constant text := supacron_queue.client_tenant();
begin
    if not exists (select from supacron_queue.job_type t where t.name = p_job_type and t.clients) then
        raise exception 'supacron: clients may not enqueue jobs of type "%"', left(p_job_type, 100)
            using errcode = 'insufficient_privilege',
            hint = 'Allow it in the stack (clients: true at the job type), or enqueue with the service key.';
    end if;
    if own is null then
        raise exception 'supacron: your token names no tenant'
            using errcode = 'insufficient_privilege',
            hint = 'The stack says which claim of the JWT holds it (tenant_claim).';
    end if;
    if p_tenant_id <> own then
        raise exception 'supacron: you may enqueue for your own tenant only'
            using errcode = 'insufficient_privilege', hint = 'Leave p_tenant_id out.';
    end if;
    return own;
end;
$function$;
comment on function supacron_queue.admit_client(text, text) is
'The tenant of a client that may enqueue this; raises insufficient_privilege otherwise.';
