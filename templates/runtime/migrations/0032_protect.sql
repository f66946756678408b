alter table supacron.job add column protect boolean;
comment on column supacron.job.protect is 'Whether an apply or a destroy that would remove the job is refused.';
