select s.id, s.status, s.attempts, s.scheduled_for
from public.return_stuck_jobs(%(limit)s, %(running_for_ms)s * interval '1 millisecond') s
order by s.id;
