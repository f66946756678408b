create or replace function supacron_queue.check_job(
    p_job_type text, p_priority integer, p_tenant_id text, p_idempotency_key text
) returns void
language plpgsql immutable
set search_path = ''
as $function$
begin
    if p_job_type is null or p_job_type collate "C" < '!' or p_job_type collate "C" >= '~' or length(p_job_type) > 100
    then
        raise exception 'supacron: "%" is no job type', left(p_job_type, 100)
            using errcode = 'invalid_parameter_value',
            hint = 'Use 1 to 100 characters, such as transcription; the first one an ASCII letter, digit or sign.';
    end if;
    if p_priority not between 1 and 10 then
        raise exception 'supacron: priority % is not between 1 and 10', p_priority
            using errcode = 'invalid_parameter_value', hint = '10 is the most urgent, 5 the default.';
    end if;
    if p_tenant_id = '' or length(p_tenant_id) > 200 then
        raise exception 'supacron: a tenant id has 1 to 200 characters'
            using errcode = 'invalid_parameter_value', hint = 'Pass null for a job that belongs to no tenant.';
    end if;
    if p_idempotency_key = '' or length(p_idempotency_key) > 500 then
        raise exception 'supacron: an idempotency key has 1 to 500 characters'
            using errcode = 'invalid_parameter_value', hint = 'Pass null for a job without one.';
    end if;
end;
$function$;
comment on function supacron_queue.check_job(text, integer, text, text) is
'Raises invalid_parameter_value when a job cannot be enqueued like this.';
