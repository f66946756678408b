alter table supacron.job
add column timezone text,
add column cron_schedule text,
add column sql text;
comment on column supacron.job.timezone is 'The zone of the times in schedule; null: UTC.';
comment on column supacron.job.cron_schedule is
'What cron.job.schedule is to be, where pg_cron has to fire more often than schedule says; supacron.is_due decides.';
comment on column supacron.job.sql is 'What supacron.run_sql runs when the job is due; null: nothing stands between it and pg_cron.';
comment on column supacron.job.due is
'{minutes, hours, days, months, weekdays, last_day, either}: when pg_cron fires it, in UTC, each field as bits; in a zone, also '
'its name and as local the same of the times there, of which supacron.is_slot knows which are meant.';

update supacron.job
set applied = applied || '{"timezone": null, "cron_schedule": null, "sql": null}'
where applied is not null;
