create or replace function supacron.next_attempt(
    policy jsonb, attempt integer, last_attempt integer, outcome text, status integer, retry_after interval,
    due timestamptz
)
returns timestamptz
language sql volatile
set search_path = ''
as $function$
    select n.leave_at
    from (
        -- Full jitter: anywhere up to a ceiling that doubles, so that those that failed together do not return together.
        select clock_timestamp() + coalesce(retry_after, '0') + random() * least(
            (policy ->> 'max_backoff_ms')::double precision,
            (policy ->> 'backoff_ms')::double precision * 2 ^ least(attempt - 1, 30)
        ) * interval '1 millisecond' as leave_at
    ) n
    where attempt < least(last_attempt, (policy ->> 'attempts')::integer)
        and policy -> 'on' ?| array[outcome, status::text, left(status::text, 1) || 'xx']
        and n.leave_at <= due + (policy ->> 'within_ms')::double precision * interval '1 millisecond';
$function$;
comment on function supacron.next_attempt(jsonb, integer, integer, text, integer, interval, timestamptz) is
'When a run that came to this outcome is to be tried again; null: it is over.';
