alter table supacron.net_epoch
add column server_started_at timestamptz,
add column system_identifier text,
add column timeline integer;
comment on column supacron.net_epoch.server_started_at is
'pg_postmaster_start_time() of the server whose identity stands beside it: another start, another look.';
comment on column supacron.net_epoch.system_identifier is
'What supacron.place() would read from the control file at each run.';
comment on column supacron.net_epoch.timeline is
'As system_identifier; null as long as the control file lags behind a promotion, so that it is read again.';

-- Its second argument became the headers, all of them.
drop function if exists supacron.send(supacron.job, jsonb);
