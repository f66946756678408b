-- Row level security hides the jobs of other roles from whoever may not pass it.
select r.rolname, r.rolbypassrls or r.rolsuper
from pg_roles r
where r.rolname = current_user
