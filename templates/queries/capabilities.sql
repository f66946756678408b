select
    current_user::text as user,
    (select r.rolsuper from pg_roles r where r.rolname = current_user) as superuser,
    current_setting('server_version_num')::integer as server_version_num,
    (select coalesce(json_object_agg(e.extname, e.extversion), '{}') from pg_extension e) as extensions,
    (select coalesce(json_agg(a.name), '[]') from pg_available_extensions a) as available,
    (select s.system_identifier::text from pg_control_system() s) as system_identifier,
    (select c.timeline_id from pg_control_checkpoint() c) as timeline,
    to_regclass('supacron.runtime') is not null as installed,
    to_regclass('cron.job') is not null as has_cron,
    to_regclass('vault.decrypted_secrets') is not null as has_vault,
    now() as now,
    (select json_agg(r.rolname) from pg_roles r) as roles;
