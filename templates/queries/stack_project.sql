select (select r.project_ref from supacron.runtime r) as project_ref, s.project_url
from supacron.stack s
where s.name = %(stack)s;
