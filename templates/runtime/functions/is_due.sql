create or replace function supacron.is_due(job supacron.job, minute timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $function$
begin
    return (job.timezone is null or supacron.is_slot(job.due, minute))
        and (coalesce(job.runs_from, job.runs_until, job.runs_at) is null or supacron.in_window(job, minute));
end;
$function$;
comment on function supacron.is_due(supacron.job, timestamptz) is
'Whether a job for which pg_cron has started something in that minute is to run: pg_cron''s line may say more than is meant.';
