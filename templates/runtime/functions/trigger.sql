create or replace function supacron.trigger(job text, body jsonb default null) returns jsonb
language plpgsql security definer
set search_path = ''
as $function$
declare
    -- The role of the request or session: SECURITY DEFINER changes neither the setting `role` nor session_user.
    caller constant text := case current_setting('role') when 'none' then session_user::text else current_setting('role') end;
    asked_by text := caller;
    triggered supacron.job;
    run supacron.run;
    run_id bigint;
begin
    select * into triggered
    from supacron.job j
    where j.name = trigger.job and j.removed_at is null and j.method is not null
        and exists (
            select from jsonb_array_elements_text(j.trigger_roles) named
            join pg_roles r on r.rolname = named
            where pg_has_role(caller::name, r.oid, 'usage')
        );
    if not found then
        -- The same for a job that is not there: nobody learns of names.
        raise exception 'supacron: % may not trigger "%"', caller, job
            using errcode = 'insufficient_privilege', hint = 'The `trigger_roles` of a job say who may.';
    end if;
    if not supacron.may_leave(triggered, false) or triggered.stack <> all(supacron.running_stacks()) then
        raise exception 'supacron: "%" does not run at present', job
            using errcode = 'object_not_in_prerequisite_state', hint = 'It is paused, disabled or stopped.';
    end if;
    if jsonb_typeof(body) = 'object' and jsonb_typeof(triggered.body) = 'object' then
        body := triggered.body || body;
    end if;
    perform supacron.check_body(triggered, body);
    begin
        -- Who is signed in, where PostgREST calls.
        asked_by := caller || coalesce(
            ', sub ' || left(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', 100), ''
        );
    exception when invalid_text_representation then
        null;
    end;
    begin
        run_id := supacron.request(triggered, 'manual', asked_by, now(), body);
    exception when others then
        -- What is missing here is for those to read who may read runs.
        insert into supacron.run (
            job_id, trigger, requested_by, scheduled_for, body, queued_at, seen_at, attempt, outcome, error, tell_at
        )
        values (
            triggered.id, 'manual', asked_by, now(), body, clock_timestamp(), clock_timestamp(), 0, 'failed',
            supacron.redact(sqlerrm), case when triggered.on_failure is not null then clock_timestamp() end
        )
        returning id into run_id;
    end;
    select * into run from supacron.run r where r.id = run_id;
    return jsonb_build_object(
        'run', run.id,
        'state', coalesce(run.outcome, case when run.leave_at is null then 'waiting' else 'queued' end)
    );
end;
$function$;
comment on function supacron.trigger(text, jsonb) is
'Runs a job now for a role that its `trigger_roles` names, with these keys over those of its body; returns {run, state}.';
