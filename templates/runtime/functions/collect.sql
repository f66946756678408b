create or replace function supacron.collect() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    recorded integer := 0;
begin
    -- Without HTTP jobs pg_net need not be here.
    if to_regclass('net._http_response') is not null then
        recorded := supacron.collect_answers();
    end if;
    recorded := recorded + supacron.collect_cron_runs();
    perform supacron.resume_due();
    perform supacron.hold_elsewhere();
    perform supacron.end_rotations();
    return recorded;
end;
$function$;
comment on function supacron.collect() is
'Records outcomes and ends pauses; run every minute by the job supacron-collect. Returns how many outcomes were recorded.';
