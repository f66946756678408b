select case when s.is_called then s.last_value else 0 end, clock_timestamp()
from supacron_queue.job_id s;
