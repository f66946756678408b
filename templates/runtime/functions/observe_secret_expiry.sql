create or replace function supacron.observe_secret_expiry(stack_name text, condition jsonb) returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    span constant interval := (condition ->> 'within_ms')::bigint * interval '1 millisecond';
    due integer;
    details text;
begin
    select
        count(*),
        string_agg(
            format(
                case
                    when s.expires_at <= now() then '%s expired on %s'
                    when s.expires_at <= now() + span then '%s expires on %s'
                    else '%s is to be replaced by %s'
                end,
                s.name,
                to_char((case when s.expires_at <= now() + span then s.expires_at else s.rotate_by end) at time zone 'UTC', 'YYYY-MM-DD')
            ),
            '; ' order by s.name
        )
    into due, details
    from (
        select s.name, v.expires_at, v.recorded_at + s.rotate_after as rotate_by
        from supacron.secret s
        -- The value that was applied last.
        cross join lateral (
            select w.recorded_at, w.expires_at
            from supacron.secret_version w
            where w.vault_name = s.vault_name
            order by w.recorded_at desc
            limit 1
        ) v
        where s.stack = stack_name
    ) s
    where least(s.expires_at, s.rotate_by) <= now() + span;
    if due = 0 then
        return null;
    end if;
    return supacron.observation(left(details, 500), due, 0, 'secrets');
end;
$function$;
comment on function supacron.observe_secret_expiry(text, jsonb) is
'Whether a secret''s value expires, or is to be replaced by its `rotate_after`, within `within_ms`.';
