create or replace function public.requeue_failed(
    p_ids bigint[] default null, p_job_type text default null, p_limit integer default 1000
) returns bigint[]
language plpgsql security definer
set search_path = ''
as $function$
declare
    requeued bigint[];
begin
    if p_ids is null and p_job_type is null then
        raise exception 'supacron: name the failed jobs, by p_ids or by p_job_type'
            using errcode = 'invalid_parameter_value';
    end if;
    requeued := supacron_queue.revive(array(
        select a.id
        from supacron_queue.archive a
        where a.status = 'failed'
            and (p_ids is null or a.id = any(p_ids))
            and (p_job_type is null or a.job_type = p_job_type)
        order by a.finished_at
        limit p_limit
    ), array['failed']);
    return requeued;
end;
$function$;
comment on function public.requeue_failed(bigint[], text, integer) is
'Puts dead letters back, oldest first, due now and with all attempts before them. Returns their ids.';
