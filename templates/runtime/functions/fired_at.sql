create or replace function supacron.fired_at(job supacron.job, moment timestamptz) returns timestamptz
language plpgsql stable
set search_path = ''
as $function$
begin
    -- In a zone a minute late would be a run lost, so it is the last one that pg_cron's line has.
    return coalesce(
        case when job.timezone is not null then supacron.last_due(job.due - 'zone', moment - interval '1 hour', moment) end,
        date_trunc(case when job.schedule like '%second%' then 'second' else 'minute' end, moment)
    );
end;
$function$;
comment on function supacron.fired_at(supacron.job, timestamptz) is
'For which minute (or second) pg_cron started what runs at that moment: it does not tell, and is a little late.';
