create or replace function supacron.collect_answers() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    recorded integer;
    -- `created` is the start of pg_net's transaction, which may be a little before the request was queued.
    slack constant interval := '5 seconds';
begin
    if not pg_try_advisory_xact_lock(7265003, 2) then
        return 0;
    end if;
    -- Read together with the runs: one that is committed meanwhile may have brought its epoch along.
    with era as materialized (
        select
            max(e.started_at) as epoch,
            -- Earlier requests had ids that started again since, or answers that pg_net has dropped.
            greatest(now() - interval '6 hours', max(e.started_at)) as since
        from supacron.net_epoch e
        where e.queue = 'net.http_request_queue'::regclass
    ),
    -- A late answer replaces no_response.
    waiting as materialized (
        select r.id, r.job_id, r.request_id, r.queued_at
        from supacron.run r
        where r.outcome is null and r.request_id is not null and r.queued_at >= (select e.since from era e)
            and (select e.epoch from era e) is not null
        union all
        select r.id, r.job_id, r.request_id, r.queued_at
        from supacron.run r
        where r.outcome = 'no_response' and r.request_id is not null and r.queued_at >= (select e.since from era e)
            and (select e.epoch from era e) is not null
    ),
    answer as (
        select w.id, p.status_code, p.timed_out, p.error_msg, p.created, p.headers, f.fault,
            case
                when p.timed_out then 'timed_out'
                when p.error_msg is not null or p.status_code is null then 'failed'
                when f.fault is null then 'ok'
                when p.status_code >= 400 then 'http_error'
                else 'bad_answer'
            end as outcome
        from net._http_response p
        join waiting w on w.request_id = p.id and w.queued_at - slack <= p.created
        join supacron.job j on j.id = w.job_id
        cross join lateral (
            select case
                when j.expect is not null then supacron.answer_fault(j.expect, p.status_code, p.content)
                when p.status_code >= 400 then 'its status'
            end as fault
        ) f
        where p.created >= (select min(w.queued_at) - slack from waiting w)
    ),
    settled as (
        select
            a.id, a.outcome, a.status_code,
            coalesce(supacron.redact(a.error_msg), case a.outcome when 'bad_answer' then a.fault end) as error,
            a.created as sent_at,
            supacron.retry_after(a.headers) as retry_after,
            true as answered
        from answer a
        union all
        select r.id, 'no_response', null, null, null, null, false
        from supacron.run r
        -- What was queued before the ids started again is lost for certain.
        where r.outcome is null and r.request_id is not null
            and (r.deadline < now() or r.queued_at < coalesce((select e.epoch from era e), 'infinity'))
            and not exists (select from answer a where a.id = r.id)
    ),
    decided as materialized (
        select
            s.*, r.attempt, r.request_id, r.queued_at,
            case
                when r.outcome is null then supacron.next_attempt(
                    j.retry, r.attempt, r.last_attempt, s.outcome, s.status_code, s.retry_after,
                    coalesce(r.scheduled_for, r.queued_at)
                )
            end as leave_at,
            r.outcome is null and j.on_failure is not null and s.outcome <> 'ok' as tell
        from settled s
        join supacron.run r on r.id = s.id
        join supacron.job j on j.id = r.job_id
    ),
    tried as (
        insert into supacron.attempt (
            run_id, attempt, request_id, queued_at, sent_at, seen_at, outcome, status_code, error
        )
        select d.id, d.attempt, d.request_id, d.queued_at, d.sent_at, clock_timestamp(), d.outcome, d.status_code, d.error
        from decided d
        where d.leave_at is not null
    ),
    ended as (
        update supacron.run r
        set outcome = case when d.leave_at is null then d.outcome end,
            status_code = d.status_code,
            error = d.error,
            sent_at = d.sent_at,
            seen_at = case when d.leave_at is null then clock_timestamp() end,
            leave_at = d.leave_at,
            request_id = case when d.leave_at is null then r.request_id end,
            deadline = case when d.leave_at is null then r.deadline end,
            tell_at = case when d.leave_at is null and d.tell then clock_timestamp() end
        from decided d
        where r.id = d.id
        returning d.answered
    )
    select count(*) filter (where e.answered) into recorded from ended e;
    return recorded;
end;
$function$;
comment on function supacron.collect_answers() is
'Turns pg_net''s answers, and deadlines that passed, into outcomes or further attempts; returns how many were answered.';
