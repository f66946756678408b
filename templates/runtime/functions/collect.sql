create or replace function supacron.collect() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    recorded integer;
begin
    perform supacron.record_missed();
    recorded := supacron.collect_cron_runs();
    recorded := recorded + supacron.move_on();
    perform supacron.resume_due();
    perform supacron.keep_windows();
    perform supacron.hold_elsewhere();
    perform supacron.end_rotations();
    perform supacron.evaluate_alerts();
    return recorded;
end;
$function$;
comment on function supacron.collect() is
'Records outcomes, ends pauses and follows alerts; run every minute by the job supacron-collect. Returns how many '
'outcomes were recorded.';
