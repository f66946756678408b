create or replace function supacron.send_posts() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    post record;
    sent integer := 0;
begin
    -- In the order of what happened: an end is not told before its start.
    for post in
        select distinct on (p.stack, p.alert) p.id, p.try_at
        from supacron.alert_post p
        where p.delivered_at is null and p.given_up_at is null and p.event <> 'test'
        order by p.stack, p.alert, p.id
    loop
        if post.try_at <= now() then
            perform supacron.send_post(post.id);
            sent := sent + 1;
        end if;
    end loop;
    return sent;
end;
$function$;
comment on function supacron.send_posts() is 'Sends what is due of each alert, one post at a time; returns how many.';
