create or replace function supacron.is_busy() returns boolean
language plpgsql stable
set search_path = ''
as $function$
begin
    return exists (
        select from supacron.run r
        join supacron.job j on j.id = r.job_id
        where r.leave_at <= clock_timestamp() + interval '10 seconds' and supacron.may_leave(j, r.requested_by is not null)
            and j.stack = any((select supacron.running_stacks())::text[])
    ) or exists (
        select from supacron.run r
        join supacron.job j on j.id = r.job_id
        where r.outcome is null and r.request_id is not null and j.retry is not null
    );
end;
$function$;
comment on function supacron.is_busy() is
'Whether a run waits that may leave soon, or an answer is awaited that may lead to another attempt.';
