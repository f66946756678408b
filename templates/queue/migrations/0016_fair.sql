truncate supacron_queue.lineup;
alter table supacron_queue.lineup add column fair supacron_queue.turn;
comment on column supacron_queue.lineup.fair is
'A band of each tenant at the highest priority with work, for claims of any job type; null where that is one tenant''s.';
