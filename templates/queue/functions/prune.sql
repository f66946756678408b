create or replace function supacron_queue.prune(batch integer default 10000) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    rules supacron_queue.settings;
    pruned integer;
    strays integer;
begin
    select * into rules from supacron_queue.settings;
    delete from supacron_queue.idempotency
    where (job_type, tenant_id, key) in (
        select i.job_type, i.tenant_id, i.key
        from supacron_queue.idempotency i
        where i.created_at < clock_timestamp() - rules.idempotency_window
            and not exists (select from supacron_queue.ready r where r.id = i.job_id)
            and not exists (select from supacron_queue.running r where r.id = i.job_id)
        order by i.created_at
        limit batch
    );
    get diagnostics pruned = row_count;
    delete from supacron_queue.archive_default
    where ctid = any(array(
        select d.ctid
        from supacron_queue.archive_default d
        where d.finished_at < clock_timestamp() - rules.archive_keep
        limit batch
    ));
    get diagnostics strays = row_count;
    return pruned + strays;
end;
$function$;
comment on function supacron_queue.prune(integer) is
'Deletes idempotency keys after their window, and old rows that no day''s partition took; at most a batch of each. '
'Returns how many.';
