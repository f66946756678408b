alter table supacron.run
add column scheduled_for timestamptz,
add column leave_at timestamptz,
add column attempt integer not null default 1,
add column last_attempt integer,
add column body jsonb,
add column tell_at timestamptz,
add column tell_error text,
drop constraint run_outcome_check,
add constraint run_outcome_check check (
    outcome in ('ok', 'http_error', 'timed_out', 'no_response', 'failed', 'bad_answer', 'skipped', 'missed')
),
drop constraint run_trigger_check,
add constraint run_trigger_check check (trigger in ('schedule', 'manual', 'catch_up')),
-- A run that is not over either waits for its time to leave, or for its answer.
add constraint run_state_check check (
    case when outcome is null then (leave_at is null) <> (request_id is null) else leave_at is null end
);
comment on column supacron.run.scheduled_for is 'When it was due: the minute of its schedule, or when it was asked for.';
comment on column supacron.run.leave_at is 'From when on it may leave, while it waits for that; null once it left.';
comment on column supacron.run.attempt is 'How many attempts have left. The earlier ones are in supacron.attempt.';
comment on column supacron.run.last_attempt is 'After a retry by hand: the attempt after which it is over; null: as the job says.';
comment on column supacron.run.body is 'The body in place of the job''s own, where the one who asked for the run gave one.';
comment on column supacron.run.tell_at is 'From when on the job''s on_failure is to be called, until it was.';
comment on column supacron.run.tell_error is 'Why on_failure could not be called.';
comment on table supacron.run is 'What really happened to each run. outcome is null until it is over.';
create index run_open on supacron.run (job_id) where outcome is null;
create index run_leaving on supacron.run (leave_at) where leave_at is not null;
create index run_telling on supacron.run (tell_at) where tell_at is not null;

-- It learned of due times and bodies.
drop function if exists supacron.request(supacron.job, text, text);
