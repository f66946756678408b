select
    concat_ws(' ', split_part(c.setting, '=', 1), 'of database ' || d.datname, 'of role ' || r.rolname), '',
    null::bigint, null::bigint, null::bigint, 1, c.setting
from pg_db_role_setting s
left join pg_database d on d.oid = s.setdatabase
left join pg_roles r on r.oid = s.setrole
cross join lateral unnest(s.setconfig) c (setting)
where s.setdatabase = 0 or d.datname = current_database()
order by 1
