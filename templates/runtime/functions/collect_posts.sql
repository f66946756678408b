create or replace function supacron.collect_posts() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    -- As in supacron.collect_answers.
    slack constant interval := '5 seconds';
    patience constant interval := '70 seconds';
    answered record;
    settled integer := 0;
begin
    for answered in
        select p.id, a.id is not null as heard, a.status_code, a.timed_out, a.error_msg
        from supacron.alert_post p
        left join supacron.net_epoch e on e.queue = to_regclass('net.http_request_queue') and e.started_at <= p.sent_at
        left join lateral (
            select r.*
            from net._http_response r
            where r.id = p.request_id and r.created >= p.sent_at - slack and e.queue is not null
            limit 1
        ) a on true
        where p.delivered_at is null and p.given_up_at is null and p.try_at is null
            and (a.id is not null or p.sent_at < now() - patience)
    loop
        if answered.heard and answered.status_code < 300 then
            update supacron.alert_post p
            set delivered_at = now(), status_code = answered.status_code, error = null
            where p.id = answered.id;
            settled := settled + 1;
        else
            perform supacron.miss_post(
                answered.id, answered.status_code,
                case
                    when answered.status_code is not null then format('answered with HTTP %s', answered.status_code)
                    when answered.timed_out then 'timed out'
                    when answered.heard then coalesce(answered.error_msg, 'no answer')
                    else 'no response'
                end
            );
        end if;
    end loop;
    return settled;
end;
$function$;
comment on function supacron.collect_posts() is
'Learns from pg_net what became of the posts under way; returns how many were delivered.';
