create or replace function supacron.last_due_in_window(job supacron.job, later_than timestamptz, until timestamptz)
returns timestamptz
language sql stable
set search_path = ''
as $function$
    select supacron.last_due(
        job.due,
        greatest(later_than, job.runs_from::timestamptz - interval '1 microsecond'),
        least(until, job.runs_until::timestamptz - interval '1 microsecond')
    );
$function$;
comment on function supacron.last_due_in_window(supacron.job, timestamptz, timestamptz) is
'When a job that recurs was last due in that time.';
