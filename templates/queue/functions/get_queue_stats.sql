create or replace function public.get_queue_stats()
returns table (
    total_pending bigint,
    total_processing bigint,
    avg_processing_time_seconds double precision,
    completed_last_hour bigint,
    failed_last_hour bigint,
    oldest_pending_seconds double precision,
    counted_at timestamptz
)
language plpgsql security definer
set search_path = ''
as $function$
declare
    counted supacron_queue.census;
begin
    select * into counted from supacron_queue.census;
    if not found or counted.counted_at + counted.valid_for < clock_timestamp() then
        counted := supacron_queue.count_jobs();
        -- A GET request is a read-only transaction: what it counts is not kept.
        if current_setting('transaction_read_only') = 'off' then
            insert into supacron_queue.census as c select counted.*
            on conflict (singleton) do update
            set counted_at = excluded.counted_at,
                valid_for = excluded.valid_for,
                total_pending = excluded.total_pending,
                total_processing = excluded.total_processing,
                completed_last_hour = excluded.completed_last_hour,
                failed_last_hour = excluded.failed_last_hour,
                avg_processing_time_seconds = excluded.avg_processing_time_seconds,
                oldest_pending_seconds = excluded.oldest_pending_seconds
            where c.counted_at < excluded.counted_at;
        end if;
    end if;
    total_pending := counted.total_pending;
    total_processing := counted.total_processing;
    avg_processing_time_seconds := counted.avg_processing_time_seconds;
    completed_last_hour := counted.completed_last_hour;
    failed_last_hour := counted.failed_last_hour;
    oldest_pending_seconds := counted.oldest_pending_seconds;
    counted_at := counted.counted_at;
    return next;
end;
$function$;
comment on function public.get_queue_stats() is
'One row: how many jobs wait and run, and how the last hour went, exact as of counted_at. It counts at most 5 % of '
'the time, so with a million jobs counted_at may be a second old.';
