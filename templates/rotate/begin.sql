insert into supacron.rotation (vault_name, id, started_by, next_until)
values (%(vault_name)s, %(id)s::uuid, %(by)s, now() + %(milliseconds)s * interval '1 millisecond')
on conflict (vault_name) do update
set id = excluded.id, started_by = excluded.started_by, started_at = now(), next_until = excluded.next_until
returning now()
