create or replace function supacron.is_slot(due jsonb, minute timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $function$
declare
    zone constant text := due ->> 'zone';
    fields constant jsonb := due -> 'local';
    every_hour constant boolean := (fields -> 'hours')::integer = 16777215;
    here constant timestamp := minute at time zone zone;
    before timestamp;
    set_back interval;
begin
    if supacron.fires_at(fields, here) then
        if every_hour then
            return true;
        end if;
        -- The clock is set back at most once a day.
        before := (minute - interval '24 hours') at time zone zone;
        set_back := before + interval '24 hours' - here;
        if set_back <= interval '0' or (minute - set_back) at time zone zone <> here then
            return true;
        end if;
    end if;
    if every_hour then
        return false;
    end if;
    -- What was left out where the clock was set forward is due in the first minute after.
    before := (minute - interval '1 minute') at time zone zone;
    return here - before > interval '1 minute' and exists (
        select
        from generate_series(before + interval '1 minute', here - interval '1 minute', interval '1 minute') left_out
        where supacron.fires_at(fields, left_out)
    );
end;
$function$;
comment on function supacron.is_slot(jsonb, timestamptz) is
'Whether a schedule in a time zone is due in that minute, as supacron.job.due has it. A time that does not exist is due in the '
'first minute after, one that happens twice in the first of the two; what runs in every hour goes by elapsed time.';
