select
    s.total_pending,
    s.total_processing,
    s.avg_processing_time_seconds,
    s.completed_last_hour,
    s.failed_last_hour,
    s.oldest_pending_seconds,
    s.counted_at
from public.get_queue_stats() s;
