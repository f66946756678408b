create or replace function supacron.send(job supacron.job, sent_headers jsonb) returns bigint
language plpgsql
set search_path = ''
as $function$
begin
    -- The time-out is always given: pg_net's default was 1000, then 2000, then 5000.
    case job.method
        when 'POST' then
            return net.http_post(
                url := job.url, body := job.body, headers := sent_headers, timeout_milliseconds := job.timeout_ms
            );
        when 'GET' then
            return net.http_get(url := job.url, headers := sent_headers, timeout_milliseconds := job.timeout_ms);
        when 'DELETE' then
            return net.http_delete(url := job.url, headers := sent_headers, timeout_milliseconds := job.timeout_ms);
    end case;
end;
$function$;
comment on function supacron.send(supacron.job, jsonb) is
'Hands a job''s request with these headers to pg_net; returns pg_net''s id. It leaves at COMMIT.';
