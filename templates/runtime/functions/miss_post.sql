create or replace function supacron.miss_post(post_id bigint, answer integer, reason text) returns void
language plpgsql
set search_path = ''
as $function$
begin
    update supacron.alert_post p
    set status_code = answer,
        error = supacron.redact(reason),
        given_up_at = case when o.over then now() end,
        -- After 1, 2, 4, 8 minutes, and then every 10.
        try_at = case when not o.over then now() + least(2 ^ greatest(p.attempts - 1, 0), 10) * interval '1 minute' end
    from (
        select q.event = 'test' or q.at < now() - interval '24 hours' or not exists (
            select from supacron.alert a where a.stack = q.stack and a.name = q.alert
        ) as over
        from supacron.alert_post q
        where q.id = post_id
    ) o
    where p.id = post_id;
end;
$function$;
comment on function supacron.miss_post(bigint, integer, text) is
'An attempt to post failed: there will be another, for a day and while the alert is defined.';
