-- A CHECK is parsed anew for each statement, a quarter of what an INSERT of one row costs: the functions check instead.
alter table supacron_queue.ready
drop constraint ready_priority_check,
drop constraint ready_job_type_check;
comment on column supacron_queue.ready.priority is '1 to 10: supacron_queue.check_job() sees to it.';
comment on column supacron_queue.ready.job_type is
'From ''!'' up to below ''~'', so that the search for job types has something below and above each: as check_job() says.';
alter table supacron_queue.archive drop constraint archive_status_check;
comment on column supacron_queue.archive.status is 'completed, failed or cancelled.';

-- The newest entry of the index is the row that counts, however many dead ones an old snapshot keeps.
truncate supacron_queue.lineup, supacron_queue.memory;
alter table supacron_queue.lineup
drop column singleton,
add column max_attempts integer not null,
add column timeout interval not null,
add column lease interval not null,
add column tenant_max_running integer,
add column version bigint primary key;
comment on table supacron_queue.lineup is
'One row, all that a claim needs to know: which bands (job type, priority, tenant) it reads, in which order, of many '
'tenants a few, chosen anew at each look; and the rules as they were then. A cache: it may be emptied at any time, and '
'a crash does.';
comment on column supacron_queue.lineup.version is 'One more at each look.';
alter table supacron_queue.memory
drop column singleton,
add column version bigint primary key;
comment on column supacron_queue.memory.version is 'One more at each look.';
