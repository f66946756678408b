create or replace function supacron_queue.count_jobs() returns supacron_queue.census
language plpgsql
set search_path = ''
as $function$
declare
    started constant timestamptz := clock_timestamp();
    counted supacron_queue.census;
    last supacron_queue.lineup;
    known supacron_queue.memory;
begin
    counted.singleton := true;
    counted.counted_at := started;
    select count(*) into counted.total_pending from supacron_queue.ready;
    select count(*) into counted.total_processing from supacron_queue.running;
    select
        count(*) filter (where a.status = 'completed'),
        count(*) filter (where a.status = 'failed'),
        extract(epoch from avg(a.finished_at - a.started_at) filter (where a.status = 'completed'))
    into counted.completed_last_hour, counted.failed_last_hour, counted.avg_processing_time_seconds
    from supacron_queue.archive a
    where a.finished_at > started - interval '1 hour';
    select * into last from supacron_queue.lineup;
    select * into known from supacron_queue.memory;
    select extract(epoch from started - (l.lineup).oldest) into counted.oldest_pending_seconds
    from supacron_queue.look(last, known, false) l
    where (l.lineup).oldest <= started;
    counted.valid_for := 20 * (clock_timestamp() - started);
    return counted;
end;
$function$;
comment on function supacron_queue.count_jobs() is 'Counts everything, now.';
