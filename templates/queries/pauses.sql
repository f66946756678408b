select j.name, p.paused_by, p.reason, p.until
from supacron.pause p
join supacron.job j on j.id = p.job_id
where j.stack = %(stack)s;
