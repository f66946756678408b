create or replace function supacron.send_attempt(
    job supacron.job, run_id bigint, next_attempt integer, due timestamptz, run_body jsonb
)
returns void
language plpgsql
set search_path = ''
as $function$
declare
    new_request_id bigint;
    queued timestamptz;
begin
    perform supacron.mark_net_epoch();
    new_request_id := supacron.hand_over(job, run_id, next_attempt, due, run_body);
    queued := clock_timestamp();
    update supacron.run r
    set request_id = new_request_id,
        attempt = next_attempt,
        queued_at = queued,
        sent_at = null,
        leave_at = null,
        deadline = supacron.deadline_of(job, queued),
        status_code = null,
        error = null
    where r.id = run_id;
exception
    -- One job without its secret must not keep the others from leaving.
    when others then
        update supacron.run r
        set outcome = 'failed',
            error = supacron.redact(sqlerrm),
            leave_at = null,
            seen_at = clock_timestamp(),
            tell_at = case when job.on_failure is not null then clock_timestamp() end
        where r.id = run_id;
end;
$function$;
comment on function supacron.send_attempt(supacron.job, bigint, integer, timestamptz, jsonb) is
'Hands the next attempt of a run that waited to pg_net; one that cannot leave is over.';
