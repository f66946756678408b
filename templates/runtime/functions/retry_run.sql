create or replace function supacron.retry_run(retried bigint, asked_by text) returns void
language plpgsql
set search_path = ''
as $function$
declare
    run supacron.run;
    job supacron.job;
begin
    select * into run from supacron.run r where r.id = retried for update;
    if not found then
        raise exception 'supacron: there is no run %', retried using errcode = 'no_data_found';
    end if;
    select * into job from supacron.job j where j.id = run.job_id;
    if job.method is null or job.removed_at is not null then
        raise exception 'supacron: run % cannot be tried again: its job %', retried,
            case when job.removed_at is not null then 'was removed' else 'is an SQL job, which pg_cron runs itself' end
            using errcode = 'wrong_object_type';
    end if;
    if run.outcome is null or run.outcome in ('ok', 'skipped') then
        raise exception 'supacron: run % did not fail: it %', retried,
            case run.outcome when 'ok' then 'is ok' when 'skipped' then 'was skipped' else 'is not over' end
            using errcode = 'object_not_in_prerequisite_state', hint = 'supacron trigger starts a new run.';
    end if;
    perform supacron.check_place(job.stack);
    insert into supacron.attempt (run_id, attempt, request_id, queued_at, sent_at, seen_at, outcome, status_code, error)
    select run.id, run.attempt, run.request_id, run.queued_at, run.sent_at, run.seen_at, run.outcome, run.status_code, run.error
    where run.attempt > 0
    on conflict do nothing;
    update supacron.run r
    set outcome = null, status_code = null, error = null, sent_at = null, seen_at = null, request_id = null,
        deadline = null, tell_at = null, tell_error = null,
        leave_at = clock_timestamp(), last_attempt = run.attempt + 1, requested_by = asked_by
    where r.id = retried;
end;
$function$;
comment on function supacron.retry_run(bigint, text) is
'One more attempt of a run that failed for good, with the same idempotency key; it leaves when its turn comes.';
