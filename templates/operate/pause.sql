insert into supacron.pause (job_id, paused_by, reason, until)
values (
    %(job_id)s, %(by)s, %(reason)s,
    coalesce(%(until)s::timestamptz, now() + %(milliseconds)s::bigint * interval '1 millisecond')
)
on conflict (job_id) do update
set paused_by = excluded.paused_by, reason = excluded.reason, until = excluded.until, paused_at = now()
returning until, until <= now() as is_past;
