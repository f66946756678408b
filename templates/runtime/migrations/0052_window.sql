alter table supacron.job
add column runs_from text,
add column runs_until text,
add column runs_at text,
add column closed text check (closed in ('waiting', 'done'));
comment on column supacron.job.runs_from is 'No run is due before this moment: ISO 8601, in UTC.';
comment on column supacron.job.runs_until is 'No run is due from this moment on.';
comment on column supacron.job.runs_at is 'The job runs once, in this minute; its schedule knows no year.';
comment on column supacron.job.closed is
'Why it is not scheduled in cron.job. waiting: an SQL job whose time has not come; done: its time is over, or it ran once.';

update supacron.job
set applied = applied || '{"runs_from": null, "runs_until": null, "runs_at": null}'
where applied is not null;
