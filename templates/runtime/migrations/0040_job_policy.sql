alter table supacron.job
add column retry jsonb,
add column overlap text check (overlap in ('queue', 'allow')),
add column limits jsonb,
add column expect jsonb,
add column parameters jsonb,
add column catch_up text check (catch_up = 'latest'),
add column due jsonb,
add column on_failure jsonb;
comment on column supacron.job.retry is
'{attempts, backoff_ms, max_backoff_ms, within_ms, on: [outcome, status or 5xx]}; null: one attempt.';
comment on column supacron.job.overlap is 'What a run does while another is not over: queue one, allow; null: skip.';
comment on column supacron.job.limits is 'The names in supacron.stack.limits that the job''s requests count for.';
comment on column supacron.job.expect is '{status: [200, "2xx"], json: [{at, path, equals}]}: when an answer is good.';
comment on column supacron.job.parameters is '[{path, value}]: what stands in the body at run time.';
comment on column supacron.job.catch_up is 'latest: after a pause or an outage the last run that was due is made up for.';
comment on column supacron.job.due is '{minute, hour, day, month, weekday, either}: when the schedule is due, in UTC.';
comment on column supacron.job.on_failure is '{url}, {secret} or {function}: who is told of a run that failed for good.';

alter table supacron.stack add column limits jsonb not null default '{}';
comment on column supacron.stack.limits is '{name: {concurrency, per_second}}: how much may be under way, and leave, at once.';
