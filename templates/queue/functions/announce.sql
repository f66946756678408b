create or replace function supacron_queue.announce(p_job_type text, p_priority integer, p_tenant_id text) returns void
language plpgsql
set search_path = ''
as $function$
declare
    current_version bigint;
begin
    -- The next claim looks again. Whoever holds the row is looking, or has claimed in a long transaction: then it must
    -- do with the next look that is due.
    select l.version into current_version
    from supacron_queue.lineup l
    order by l.version desc
    limit 1
    for update skip locked;
    update supacron_queue.lineup l
    set looked_at = '-infinity', swept_at = '-infinity'
    where l.version = current_version
        and not exists (
            select
            from unnest(l.job_types, l.priorities, l.tenants) b (job_type, priority, tenant_id)
            where b.job_type = p_job_type and b.priority = p_priority and b.tenant_id = coalesce(p_tenant_id, '')
        );
end;
$function$;
comment on function supacron_queue.announce(text, integer, text) is
'Makes the next claim look for a band that it may not know yet.';
