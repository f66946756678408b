alter table supacron.job add column trigger_roles jsonb;
comment on column supacron.job.trigger_roles is 'The roles that may run the job through supacron.trigger; null: none.';

-- It learned of bodies.
drop function if exists supacron.trigger_job(text, text);
