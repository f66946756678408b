create or replace function supacron_queue.check_urgent(p_job_type text, p_priority integer) returns void
language plpgsql stable
set search_path = ''
as $function$
begin
    if not exists (select from supacron_queue.job_type t where t.name = p_job_type and t.urgent)
        and not exists (
            select from supacron_queue.settings s where supacron_queue.caller() = any(s.urgent_roles)
        )
    then
        raise exception 'supacron: priority % is kept for emergencies, which "%" is not',
            p_priority, left(p_job_type, 100)
            using errcode = 'insufficient_privilege',
            hint = 'Use 1 to 8, or allow it in the stack (urgent: true at the job type, or urgent_roles).';
    end if;
end;
$function$;
comment on function supacron_queue.check_urgent(text, integer) is
'Raises insufficient_privilege when neither the job type nor the caller may use priority 9 or 10.';
