create or replace function supacron.observe_backlog(condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant bigint := condition ->> 'over';
    waiting bigint;
begin
    -- No more is counted than tells; get_queue_stats, which knows all, is asked once it is too much.
    select count(*) into waiting from (select from supacron_queue.ready r limit top + 1) r;
    if waiting <= top then
        return null;
    end if;
    select greatest(waiting, s.total_pending) into waiting from public.get_queue_stats() s;
    return supacron.observation(format('%s jobs wait in the queue (over %s)', waiting, top), waiting, top, 'jobs');
end;
$function$;
comment on function supacron.observe_backlog(jsonb) is 'Whether more than `over` jobs wait in the queue.';
