create schema if not exists supacron;
comment on schema supacron is 'supacron: schedules as code. Made and changed by `pulumi up`; see supacron.job_status.';
