create or replace function supacron.collect_pings() returns void
language plpgsql
set search_path = ''
as $function$
begin
    update supacron.ping p
    set seen_at = now(),
        status_code = a.status_code,
        error = case
            when a.status_code < 300 then null
            when a.status_code is not null then format('answered with HTTP %s', a.status_code)
            when a.timed_out then 'timed out'
            when a.id is not null then supacron.redact(coalesce(a.error_msg, 'no answer'))
            else 'no response'
        end
    from (
        select q.stack, r.*
        from supacron.ping q
        left join supacron.net_epoch e on e.queue = to_regclass('net.http_request_queue') and e.started_at <= q.sent_at
        left join net._http_response r
            on r.id = q.request_id and r.created >= q.sent_at - interval '5 seconds' and e.queue is not null
    ) a
    where a.stack = p.stack and p.seen_at is null and (a.id is not null or p.sent_at < now() - interval '70 seconds');
end;
$function$;
comment on function supacron.collect_pings() is 'Learns from pg_net what the pings were answered with.';
