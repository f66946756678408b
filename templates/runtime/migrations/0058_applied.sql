alter table supacron.stack add column applied jsonb;
comment on column supacron.stack.applied is
'Which rows of definitions the last apply left, so that one that is gone, or edited, is told from one that never was: what '
'this row says, and each secret''s; of what keeps its definition itself the names alone.';
