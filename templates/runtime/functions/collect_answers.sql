create or replace function supacron.collect_answers() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    recorded integer;
    -- `created` is the start of pg_net's transaction, which may be a little before the request was queued.
    slack constant interval := '5 seconds';
    -- Earlier requests had ids that started again since, or answers that pg_net has dropped.
    since timestamptz := greatest(
        now() - interval '6 hours',
        (select e.started_at from supacron.net_epoch e where e.queue = 'net.http_request_queue'::regclass)
    );
begin
    -- A late answer replaces no_response.
    with waiting as materialized (
        select r.id, r.request_id, r.queued_at
        from supacron.run r
        where (r.outcome is null or r.outcome = 'no_response') and r.request_id is not null and r.queued_at >= since
            and exists (select from supacron.net_epoch e where e.queue = 'net.http_request_queue'::regclass)
    ),
    answer as (
        select w.id, p.status_code, p.timed_out, p.error_msg, p.created
        from net._http_response p
        join waiting w on w.request_id = p.id and w.queued_at - slack <= p.created
        where p.created >= (select min(w.queued_at) - slack from waiting w)
    )
    update supacron.run r
    set outcome = case
            when a.timed_out then 'timed_out'
            when a.error_msg is not null or a.status_code is null then 'failed'
            when a.status_code >= 400 then 'http_error'
            else 'ok'
        end,
        status_code = a.status_code,
        error = supacron.redact(a.error_msg),
        sent_at = a.created,
        seen_at = clock_timestamp()
    from answer a
    where r.id = a.id;
    get diagnostics recorded = row_count;

    update supacron.run r
    set outcome = 'no_response', seen_at = clock_timestamp()
    where r.outcome is null and r.deadline < now();
    return recorded;
end;
$function$;
comment on function supacron.collect_answers() is
'Turns pg_net''s answers into outcomes, and runs past their deadline into no_response; returns how many were answered.';
