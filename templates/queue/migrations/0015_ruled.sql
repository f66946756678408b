truncate supacron_queue.lineup;
alter table supacron_queue.lineup add column ruled boolean not null;
comment on column supacron_queue.lineup.ruled is
'Whether a job type has attempts, a lease or a timeout of its own: a claim then looks for those of each job.';
