create or replace function supacron.catch_up(caught_job bigint, since timestamptz) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    made bigint;
begin
    insert into supacron.run (job_id, trigger, scheduled_for, queued_at, leave_at, attempt)
    select j.id, 'catch_up', d.due, clock_timestamp(), clock_timestamp(), 0
    from supacron.job j
    cross join lateral (select supacron.last_due(j.due, since, now()) as due) d
    where j.id = caught_job and j.catch_up = 'latest' and j.removed_at is null and d.due is not null
    returning id into made;
    return made;
end;
$function$;
comment on function supacron.catch_up(bigint, timestamptz) is
'Makes up for the last run that was due since then, where the job says so; returns its id. It leaves when its turn comes.';
