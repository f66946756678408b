create or replace function supacron.tell(run_id bigint, stack_name text, receiver jsonb, message jsonb) returns void
language plpgsql
set search_path = ''
as $function$
begin
    if receiver ? 'function' then
        execute format(
            'select %I.%I($1)', split_part(receiver ->> 'function', '.', 1), split_part(receiver ->> 'function', '.', 2)
        ) using message;
    elsif receiver is not null then
        perform net.http_post(
            url := coalesce(receiver ->> 'url', supacron.secret_value(stack_name, receiver ->> 'secret')),
            body := message,
            headers := '{"Content-Type": "application/json"}',
            timeout_milliseconds := 30000
        );
    end if;
    update supacron.run r set tell_at = null where r.id = run_id;
exception
    when others then
        update supacron.run r set tell_at = null, tell_error = supacron.redact(sqlerrm) where r.id = run_id;
end;
$function$;
comment on function supacron.tell(bigint, text, jsonb, jsonb) is
'Calls one webhook or SQL function, once; why it could not be called is recorded with the run.';
