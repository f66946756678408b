alter table supacron.release add column lifted jsonb;
comment on column supacron.release.lifted is
'The limits that were lifted for this apply: those of SUPACRON_ALLOW by name, and destroy=data for a queue''s jobs.';
