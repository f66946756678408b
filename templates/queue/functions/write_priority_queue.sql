create or replace function supacron_queue.write_priority_queue() returns trigger
language plpgsql security definer
set search_path = ''
as $function$
begin
    if tg_op = 'INSERT' then
        if coalesce(new.status, 'pending') <> 'pending' then
            raise exception 'supacron: a new job is pending, and "%" is not', new.status
                using errcode = 'feature_not_supported';
        end if;
        new.id := public.enqueue_job(
            new.job_type, new.payload, new.priority, new.tenant_id, new.scheduled_for, new.idempotency_key
        );
        new.status := 'pending';
        return new;
    end if;
    if tg_op = 'DELETE' then
        delete from supacron_queue.ready where id = old.id;
        delete from supacron_queue.running where id = old.id;
        delete from supacron_queue.archive where id = old.id;
        return old;
    end if;
    if new.status is distinct from old.status then
        if not supacron_queue.move_job(old.id, old.status, new.status, new.error_message) then
            return null;
        end if;
    end if;
    if new.status = 'pending' and (new.priority, new.scheduled_for, new.payload)
        is distinct from (old.priority, old.scheduled_for, old.payload)
    then
        perform supacron_queue.check_job(old.job_type, new.priority, old.tenant_id, null);
        if new.priority > 8 and new.priority is distinct from old.priority then
            perform supacron_queue.check_urgent(old.job_type, new.priority);
        end if;
        update supacron_queue.ready
        set priority = new.priority,
            payload = new.payload,
            scheduled_for = case
                when new.scheduled_for is distinct from old.scheduled_for
                    then greatest(new.scheduled_for, clock_timestamp())
                else ready.scheduled_for
            end,
            updated_at = clock_timestamp()
        where id = old.id;
        perform supacron_queue.look_behind();
    end if;
    return new;
end;
$function$;
comment on function supacron_queue.write_priority_queue() is
'Makes public.priority_queue writable: insert enqueues, delete removes, update moves a job or changes a pending one.';
