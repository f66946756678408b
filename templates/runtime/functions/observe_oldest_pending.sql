create or replace function supacron.observe_oldest_pending(condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    top constant interval := (condition ->> 'over_ms')::bigint * interval '1 millisecond';
    waited interval;
begin
    select s.oldest_pending_seconds * interval '1 second' into waited from public.get_queue_stats() s;
    if waited is null or waited <= top then
        return null;
    end if;
    return supacron.observation(
        format('a job that is due has waited in the queue for %s (over %s)', supacron.in_words(waited), supacron.in_words(top)),
        extract(epoch from waited), extract(epoch from top), 'seconds'
    );
end;
$function$;
comment on function supacron.observe_oldest_pending(jsonb) is 'Whether a job of the queue that is due waits for longer than `over_ms`.';
