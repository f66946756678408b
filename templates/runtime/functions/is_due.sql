create or replace function supacron.is_due(job supacron.job, minute timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $function$
begin
    return (job.runs_from is null and job.runs_until is null and job.runs_at is null) or supacron.in_window(job, minute);
end;
$function$;
comment on function supacron.is_due(supacron.job, timestamptz) is
'Whether a job for which pg_cron has started something in that minute is to run: pg_cron''s line may say more than is meant.';
