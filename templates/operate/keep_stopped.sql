insert into supacron.stopped_job (job_id) values (%(job_id)s) on conflict do nothing;
