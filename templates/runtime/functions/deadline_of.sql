create or replace function supacron.deadline_of(job supacron.job, queued timestamptz) returns timestamptz
language plpgsql stable
set search_path = ''
as $function$
begin
    -- pg_net writes a batch's answers when its slowest request ended, so an answer may be seen a minute later.
    return queued + job.timeout_ms * interval '1 millisecond' + interval '60 seconds';
end;
$function$;
comment on function supacron.deadline_of(supacron.job, timestamptz) is
'When a request that was queued then counts as lost unless its answer was seen.';
