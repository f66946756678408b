delete from supacron.pause where job_id = %(job_id)s;
