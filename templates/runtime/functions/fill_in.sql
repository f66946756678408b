create or replace function supacron.fill_in(job supacron.job, run_id bigint, attempt integer, due timestamptz)
returns jsonb
language plpgsql stable
set search_path = ''
as $function$
declare
    filled jsonb := job.body;
    parameter record;
    resolved jsonb;
begin
    for parameter in
        select p.path, p.value from jsonb_to_recordset(job.parameters) p (path text[], value text)
    loop
        -- Whoever asked for the run may have put something else there.
        continue when filled #> parameter.path is distinct from jsonb_build_object('$run', parameter.value);
        resolved := case parameter.value
            when 'scheduled_for' then to_jsonb(due)
            when 'run_id' then to_jsonb(run_id)
            when 'attempt' then to_jsonb(attempt)
            when 'environment' then to_jsonb(job.stack)
            when 'job' then to_jsonb(job.name)
            when 'last_success' then (
                select to_jsonb(coalesce(r.scheduled_for, r.queued_at))
                from supacron.run r
                where r.job_id = job.id and r.outcome = 'ok'
                order by r.id desc
                limit 1
            )
        end;
        resolved := coalesce(resolved, 'null');
        filled := case
            when parameter.path = '{}' then resolved
            else jsonb_set(filled, parameter.path, resolved, create_if_missing => false)
        end;
    end loop;
    return filled;
end;
$function$;
comment on function supacron.fill_in(supacron.job, bigint, integer, timestamptz) is
'The body with its parameters resolved for one attempt of a run.';
