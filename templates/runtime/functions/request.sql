create or replace function supacron.request(
    job supacron.job, run_trigger text, run_requested_by text, due timestamptz, run_body jsonb
)
returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    new_run_id constant bigint := nextval('supacron.run_id_seq');
    must_wait boolean := false;
    other record;
    new_request_id bigint;
    queued timestamptz;
begin
    -- Both would cost as much as the request itself; what they look at stays the same until the server starts anew.
    if not exists (
        select from supacron.net_epoch e
        join supacron.runtime r on r.system_identifier = e.system_identifier and r.timeline = e.timeline
        where e.queue = 'net.http_request_queue'::regclass and e.server_started_at = pg_postmaster_start_time()
    ) then
        perform supacron.check_place(job.stack);
        perform supacron.mark_net_epoch();
    end if;
    if job.overlap is distinct from 'allow' then
        -- Two that start at once must see each other.
        perform pg_advisory_xact_lock(7265001, (job.id % 2147483647)::integer);
        select
            max(r.id) as id,
            bool_or(r.leave_at is not null and r.attempt = 0) as queued
        into other
        from supacron.run r
        where r.job_id = job.id and r.outcome is null and not supacron.has_ended(r, job);
        if other.id is not null and (job.overlap is null or other.queued) then
            return supacron.skip_run(
                job, new_run_id, run_trigger, run_requested_by, due,
                format('run %s is not over%s', other.id, case when other.queued then ', and waits itself' else '' end)
            );
        end if;
        must_wait := other.id is not null;
    end if;
    if job.limits is not null and not must_wait then
        must_wait := not supacron.take(job);
    end if;

    if not must_wait then
        new_request_id := supacron.hand_over(job, new_run_id, 1, due, run_body);
    end if;
    -- Not before pg_net's ids are known to be those of this queue.
    queued := clock_timestamp();
    insert into supacron.run (
        id, job_id, trigger, requested_by, scheduled_for, body, queued_at,
        request_id, attempt, leave_at, deadline
    )
    overriding system value
    values (
        new_run_id, job.id, run_trigger, run_requested_by, due, run_body, queued,
        new_request_id,
        case when must_wait then 0 else 1 end,
        case when must_wait then queued end,
        case when not must_wait then supacron.deadline_of(job, queued) end
    );
    return new_run_id;
end;
$function$;
comment on function supacron.request(supacron.job, text, text, timestamptz, jsonb) is
'Starts a run of an HTTP job: hands its request to pg_net, lets it wait, or skips it; returns the run''s id. '
'The request leaves at COMMIT.';
