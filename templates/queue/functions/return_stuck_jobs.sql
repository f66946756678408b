create or replace function public.return_stuck_jobs(p_limit integer default 1000, p_running_for interval default null)
returns table (id bigint, status text, attempts integer, scheduled_for timestamptz)
language plpgsql security definer
set search_path = ''
as $function$
declare
    stuck_ids bigint[];
    stuck_tokens uuid[];
    reasons text[];
begin
    -- Only what is in flight is here, so reading it all is cheap.
    select array_agg(s.id), array_agg(s.claim_token), array_agg(s.reason) into stuck_ids, stuck_tokens, reasons
    from (
        select
            r.id,
            r.claim_token,
            case
                when r.lease_expires_at < clock_timestamp()
                    then format('the lease of %s ran out at %s', coalesce(r.worker, 'its worker'), r.lease_expires_at)
                else format('taken from %s after running since %s', coalesce(r.worker, 'its worker'), r.started_at)
            end as reason
        from supacron_queue.running r
        where r.lease_expires_at < clock_timestamp() or r.started_at < clock_timestamp() - p_running_for
        order by r.lease_expires_at
        limit p_limit
        for update skip locked
    ) s;
    if stuck_ids is not null then
        return query select f.* from supacron_queue.settle_failures(stuck_ids, stuck_tokens, reasons, false) f;
    end if;
end;
$function$;
comment on function public.return_stuck_jobs(integer, interval) is
'Takes jobs from workers whose lease ran out, or that run for longer than p_running_for, as failures: they are tried '
'again after a while, or are failed when no attempt is left.';
