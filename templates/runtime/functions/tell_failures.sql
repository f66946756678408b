create or replace function supacron.tell_failures() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    failed record;
    told integer := 0;
begin
    for failed in
        select r.id, j.stack, j.on_failure,
            jsonb_build_object(
                'stack', j.stack, 'job', j.name, 'run', r.id, 'scheduled_for', r.scheduled_for, 'trigger', r.trigger,
                'attempts', r.attempt, 'outcome', r.outcome, 'http_status', r.status_code, 'error', r.error
            ) as message
        from supacron.run r
        join supacron.job j on j.id = r.job_id
        where r.tell_at <= clock_timestamp()
        order by r.tell_at
        limit 100
        for update of r skip locked
    loop
        perform supacron.tell(failed.id, failed.stack, failed.on_failure, failed.message);
        told := told + 1;
    end loop;
    return told;
end;
$function$;
comment on function supacron.tell_failures() is 'Calls on_failure for the runs that failed for good; returns how many.';
