create or replace function supacron.has_ended(run supacron.run, job supacron.job) returns boolean
language plpgsql stable
set search_path = ''
as $function$
begin
    -- The collector may look only after the next run is due: a job of every minute would miss most of them.
    return exists (
        select from net._http_response p
        where p.id = run.request_id and p.created >= run.queued_at - interval '5 seconds'
            and (
                -- What may be tried again is left to the collector.
                job.retry is null
                or (
                    p.error_msg is null and not coalesce(p.timed_out, false)
                    and supacron.answer_fault(coalesce(job.expect, '{}'), p.status_code, p.content) is null
                )
            )
    );
end;
$function$;
comment on function supacron.has_ended(supacron.run, supacron.job) is
'Whether the answer that ends a run is there, although it is not recorded yet.';
