-- A procedure that commits may have no SET, so every name in it is qualified; what it calls has a search path of its own.
create or replace procedure supacron.dispatch(stay interval default '50 seconds', linger interval default '5 seconds')
language plpgsql
as $procedure$
declare
    started constant timestamptz := pg_catalog.clock_timestamp();
    busy boolean;
    idle_since timestamptz := started;
begin
    if not pg_catalog.pg_try_advisory_lock(7265003, 3) then
        return;
    end if;
    -- What pg_cron starts along with this may be a little late; nothing waits where no job says so.
    if not supacron.may_have_to_wait() then
        linger := '0';
    end if;
    loop
        perform supacron.move_on();
        busy := supacron.is_busy();
        -- Requests leave at COMMIT.
        commit;
        if busy then
            idle_since := pg_catalog.clock_timestamp();
        end if;
        exit when pg_catalog.clock_timestamp() > started + stay;
        exit when not busy and pg_catalog.clock_timestamp() >= idle_since + linger;
        perform pg_catalog.pg_sleep(0.5);
    end loop;
    perform pg_catalog.pg_advisory_unlock(7265003, 3);
end;
$procedure$;
comment on procedure supacron.dispatch(interval, interval) is
'Lets waiting runs leave and records answers for as long as there are any; run every minute by supacron-dispatch.';
