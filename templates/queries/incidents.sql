select i.alert, i.kind, i.started_at, i.ended_at, i.observed ->> 'detail'
from supacron.incident i
where i.stack = %(stack)s
order by i.id desc
limit %(limit)s;
