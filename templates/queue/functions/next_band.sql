create or replace function supacron_queue.next_band(
    p_job_type text, p_priority smallint, p_tenant_id text,
    before_job_type text, before_priority smallint, before_tenant_id text,
    out job_type text, out priority smallint, out tenant_id text
)
language plpgsql
set search_path = ''
as $function$
#variable_conflict use_column
declare
    same_type constant boolean := p_job_type = before_job_type;
begin
    -- One column at a time: a row comparison as the upper bound would read all dead entries of the band behind it.
    if same_type and p_priority = before_priority then
        select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
        from supacron_queue.ready q
        where q.job_type = p_job_type collate "C" and q.priority = p_priority
            and q.tenant_id > p_tenant_id collate "C" and q.tenant_id < before_tenant_id collate "C"
        order by q.tenant_id
        limit 1;
        return;
    end if;
    if p_job_type <> '' then
        select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
        from supacron_queue.ready q
        where q.job_type = p_job_type collate "C" and q.priority = p_priority and q.tenant_id > p_tenant_id collate "C"
        order by q.tenant_id
        limit 1;
        if not found then
            select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
            from supacron_queue.ready q
            where q.job_type = p_job_type collate "C" and q.priority > p_priority
                and q.priority < case when same_type then before_priority else 11 end
            order by q.priority, q.tenant_id
            limit 1;
        end if;
        if found then
            return;
        end if;
    end if;
    if not same_type then
        select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
        from supacron_queue.ready q
        where q.job_type > p_job_type collate "C" and q.job_type < before_job_type collate "C"
        order by q.job_type, q.priority, q.tenant_id
        limit 1;
        if not found and before_priority > 1 then
            select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
            from supacron_queue.ready q
            where q.job_type = before_job_type collate "C" and q.priority < before_priority
            order by q.priority, q.tenant_id
            limit 1;
        end if;
        if found then
            return;
        end if;
    end if;
    if before_tenant_id <> '' then
        select q.job_type, q.priority, q.tenant_id into job_type, priority, tenant_id
        from supacron_queue.ready q
        where q.job_type = before_job_type collate "C" and q.priority = before_priority
            and q.tenant_id < before_tenant_id collate "C"
        order by q.tenant_id
        limit 1;
    end if;
end;
$function$;
comment on function supacron_queue.next_band(text, smallint, text, text, smallint, text) is
'The first band with jobs between two others, without reading these two; null when there is none.';
