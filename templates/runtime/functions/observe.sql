create or replace function supacron.observe(alert supacron.alert) returns jsonb
language plpgsql
set search_path = ''
as $function$
begin
    case alert.kind
        when 'backlog' then return supacron.observe_backlog(alert.condition);
        when 'oldest_pending' then return supacron.observe_oldest_pending(alert.condition);
        when 'stuck_jobs' then return supacron.observe_stuck_jobs(alert.condition);
        when 'dead_letters' then return supacron.observe_dead_letters(alert.condition);
        when 'queue_failures' then return supacron.observe_queue_failures(alert.condition);
        when 'run_failures' then return supacron.observe_run_failures(alert.stack, alert.condition);
        when 'late_jobs' then return supacron.observe_late_jobs(alert.stack, alert.condition);
        when 'secret_expiry' then return supacron.observe_secret_expiry(alert.stack, alert.condition);
    end case;
end;
$function$;
comment on function supacron.observe(supacron.alert) is
'What is seen of an alert''s condition: detail, value, limit and unit while it holds, else null.';
