create or replace function supacron.trigger_job(job_name text, asked_by text, run_body jsonb default null)
returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    job supacron.job;
begin
    select * into job
    from supacron.job j
    where j.name = job_name and j.removed_at is null;
    if not found then
        raise exception 'supacron: no job "%" is defined here', job_name using errcode = 'no_data_found';
    end if;
    if job.method is null then
        raise exception 'supacron: "%" is an SQL job: run its SQL yourself to trigger it', job_name
            using errcode = 'wrong_object_type';
    end if;
    perform supacron.check_body(job, run_body);
    return supacron.request(job, 'manual', asked_by, now(), run_body);
end;
$function$;
comment on function supacron.trigger_job(text, text, jsonb) is
'Runs an HTTP job now, by hand, with a body in place of its own where one is given; returns the run''s id.';
