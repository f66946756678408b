create or replace function supacron.check_body(job supacron.job, run_body jsonb) returns void
language plpgsql stable
set search_path = ''
as $function$
begin
    if run_body is null then
        return;
    end if;
    if job.method <> 'POST' then
        raise exception 'supacron: "%" sends %, with which no body can go', job.name, job.method
            using errcode = 'invalid_parameter_value';
    end if;
    -- It is kept with the run, where anyone who reads runs would see it.
    if supacron.holds_secret(run_body::text) then
        raise exception 'supacron: the body for "%" holds what looks like a secret', job.name
            using errcode = 'invalid_parameter_value', hint = 'A job''s secrets are sent by its `auth:`.';
    end if;
end;
$function$;
comment on function supacron.check_body(supacron.job, jsonb) is
'Raises for a body that a run of this job must not be given.';
