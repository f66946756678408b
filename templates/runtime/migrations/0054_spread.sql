alter table supacron.job add column spread_from text;
comment on column supacron.job.spread_from is 'What was written where the schedule was drawn from an H; null: it was written so.';
