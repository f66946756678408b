create table supacron.past_jobid (
    jobid bigint primary key,
    job_id bigint not null,
    since timestamptz not null,
    until timestamptz not null default now()
);
create index past_jobid_job_id on supacron.past_jobid (job_id);
comment on table supacron.past_jobid is
'The jobids that a job once had in cron.job: a renamed job gets a new one, and keeps its history by the old.';
