create or replace function supacron.send_post(post_id bigint) returns void
language plpgsql
set search_path = ''
as $function$
declare
    post supacron.alert_post;
    alert supacron.alert;
    message jsonb;
    new_request_id bigint;
begin
    update supacron.alert_post p
    set attempts = p.attempts + 1
    where p.id = post_id
    returning * into strict post;
    begin
        select * into strict alert from supacron.alert a where a.stack = post.stack and a.name = post.alert;
        message := supacron.alert_message(post, alert);
        perform supacron.mark_net_epoch();
        new_request_id := net.http_post(
            url := supacron.secret_value(alert.stack, alert.webhook),
            body := case alert.format when 'slack' then supacron.slack_message(message) else message end,
            headers := jsonb_build_object('Content-Type', 'application/json', 'Idempotency-Key', message ->> 'id'),
            timeout_milliseconds := 10000
        );
    exception when others then
        perform supacron.miss_post(post_id, null, sqlerrm);
        return;
    end;
    update supacron.alert_post p
    set request_id = new_request_id, sent_at = clock_timestamp(), try_at = null
    where p.id = post_id;
end;
$function$;
comment on function supacron.send_post(bigint) is
'Hands a post to pg_net; it leaves at COMMIT. What keeps it from that is recorded, and raises nothing.';
