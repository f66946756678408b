alter table supacron.release
add column definitions text,
add column overrides jsonb,
add column definitions_digest text,
add column git_commit text,
add column git_clean boolean,
add column applied_by text,
add column applied_from text,
add column ci_run text,
add column promotion jsonb,
add column waived jsonb;
comment on table supacron.release is
'The ledger: one row for each apply that changed something, written with the change. apply_id tells a client that lost '
'its connection at COMMIT whether the apply happened.';
comment on column supacron.release.digest is 'SHA-256 of the SQL as `supacron render` prints it.';
comment on column supacron.release.definitions is
'stacks/<stack>.yaml as it was written; null when the definitions came from no file.';
comment on column supacron.release.overrides is 'The environment''s overrides, which are merged over the definitions.';
comment on column supacron.release.definitions_digest is
'SHA-256 of the definitions as data, before overrides: equal in all environments with the same definitions.';
comment on column supacron.release.git_clean is 'Whether all that git sees was committed.';
comment on column supacron.release.promotion is 'Where the definitions came from: another environment, or a rollback.';
comment on column supacron.release.waived is 'The gates that were waived for this apply, and why.';
