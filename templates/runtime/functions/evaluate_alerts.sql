create or replace function supacron.evaluate_alerts() returns integer
language plpgsql
set search_path = ''
set lock_timeout = '2s'
as $function$
declare
    place constant text := supacron.place();
    alert supacron.alert;
    trouble text;
    open integer;
begin
    -- Nobody is told of a copy. And two looks at once would tell of one thing twice.
    if place = 'copy' or not pg_try_advisory_xact_lock(hashtextextended('supacron.evaluate_alerts', 0)) then
        return 0;
    end if;
    perform supacron.watch_jobs();
    for alert in
        select a.*
        from supacron.alert a
        join supacron.stack s on s.name = a.stack
        where place = 'same' or s.on_failover = 'warn'
        order by a.stack, a.name
    loop
        begin
            perform supacron.follow_alert(alert, supacron.observe(alert));
            trouble := null;
        exception when others then
            trouble := supacron.redact(sqlerrm);
        end;
        update supacron.alert a
        set error = trouble
        where a.stack = alert.stack and a.name = alert.name and a.error is distinct from trouble;
    end loop;
    if to_regclass('net._http_response') is not null then
        begin
            perform supacron.collect_posts();
            perform supacron.send_posts();
            perform supacron.collect_pings();
            perform supacron.send_pings(place);
        exception when others then
            raise warning 'supacron: alerts could not be posted: %', supacron.redact(sqlerrm);
        end;
    end if;
    select count(*) into open from supacron.open_alert;
    return open;
end;
$function$;
comment on function supacron.evaluate_alerts() is
'Looks at each alert''s condition, posts what starts, ends and goes on, and pings; returns how many are open. It raises '
'nothing: the collector, which calls it, goes on.';
