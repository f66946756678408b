-- Open runs are few: one index finds those that are awaited and those past their deadline, and each run pays for one less.
drop index if exists supacron.run_waiting;
drop index if exists supacron.run_deadline;
create index run_lost on supacron.run (queued_at) where outcome = 'no_response' and request_id is not null;
