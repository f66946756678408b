select j.name, supacron.retry_run(r.id, %(by)s)
from supacron.run r
join supacron.job j on j.id = r.job_id
where r.id = %(run)s and j.stack = %(stack)s;
