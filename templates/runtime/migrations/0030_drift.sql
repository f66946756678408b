alter table supacron.job add column applied jsonb;
alter table supacron.runtime add column objects jsonb not null default '{}';
comment on column supacron.job.applied is
'The definition as the last apply left it, so that a row changed outside is told from a definition that is new.';
comment on column supacron.runtime.objects is
'What each installed function, view and grant looked like, by name, so that a change made outside can be named.';
