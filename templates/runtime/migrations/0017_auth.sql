-- A call may send several credentials.
alter table supacron.job add column auth jsonb;
comment on column supacron.job.auth is 'What a call sends to be let in: a list of {secret, header, prefix}.';

update supacron.job
set auth = jsonb_build_array(jsonb_build_object('secret', secret, 'header', auth_header, 'prefix', auth_prefix))
where secret is not null;

alter table supacron.job
drop column secret,
drop column auth_header,
drop column auth_prefix;

-- What took the one credential of before.
drop function if exists supacron.send(supacron.job, text);
drop function if exists supacron.try_key(text, text, text);
