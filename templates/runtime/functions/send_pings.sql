create or replace function supacron.send_pings(place text) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    ping supacron.ping;
    new_request_id bigint;
    sent integer := 0;
begin
    -- What somebody collects by hand says nothing of pg_cron.
    if not supacron.cron_is_alive() then
        return 0;
    end if;
    for ping in
        select p.*
        from supacron.ping p
        join supacron.stack s on s.name = p.stack
        -- A collector that is a few seconds late one minute is early the next.
        where (p.sent_at is null or p.sent_at + p.every_ms * interval '1 millisecond' - interval '20 seconds' <= now())
            and (place = 'same' or s.on_failover = 'warn')
    loop
        begin
            perform supacron.mark_net_epoch();
            new_request_id := net.http_get(
                url := supacron.secret_value(ping.stack, ping.secret), timeout_milliseconds := 10000
            );
            update supacron.ping p
            set request_id = new_request_id, sent_at = clock_timestamp(), seen_at = null
            where p.stack = ping.stack;
            sent := sent + 1;
        exception when others then
            update supacron.ping p
            set error = supacron.redact(sqlerrm), status_code = null, seen_at = now()
            where p.stack = ping.stack;
        end;
    end loop;
    return sent;
end;
$function$;
comment on function supacron.send_pings(text) is
'Calls the URLs that hear from each stack while pg_cron runs and outcomes are collected; returns how many.';
