create or replace function supacron_queue.maintain() returns jsonb
language plpgsql
set search_path = ''
as $function$
declare
    report jsonb;
begin
    select jsonb_build_object(
        'returned', count(*) filter (where s.status = 'pending'), 'failed', count(*) filter (where s.status = 'failed')
    ) into report
    from public.return_stuck_jobs() s;

    perform supacron_queue.refresh_lineup(true);
    report := report || jsonb_build_object('pruned', supacron_queue.prune());

    -- Last, since its locks keep others out of the archive until the end; and not at any price.
    begin
        perform set_config('lock_timeout', '2s', true);
        report := report || jsonb_build_object('partitions_made', supacron_queue.make_partitions());
        report := report || jsonb_build_object('partitions_dropped', supacron_queue.drop_partitions());
    exception when lock_not_available then
        raise warning 'supacron: the archive is in use; its partitions are made and dropped next time';
    end;
    return report;
end;
$function$;
comment on function supacron_queue.maintain() is
'Returns stuck jobs, prunes, and keeps the archive''s partitions: run every minute by a job of the stack. Returns '
'what it did.';
