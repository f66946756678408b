select c.oid::regclass::text, pg_total_relation_size(c.oid)
from pg_class c
where c.oid in (to_regclass('supacron.run'), to_regclass('cron.job_run_details'))
order by 1;
