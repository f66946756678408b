alter table supacron.secret add column rotate_after interval;
comment on column supacron.secret.rotate_after is 'How old a value may be before status and doctor warn.';
alter table supacron.secret_version add column expires_at timestamptz;
comment on column supacron.secret_version.expires_at is 'When the value expires, where it says so itself (a JWT).';
