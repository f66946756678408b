create or replace view supacron.open_alert
with (security_invoker = true) as
select i.stack, i.alert as name, i.started_at as since, i.observed ->> 'detail' as detail
from supacron.incident i
where i.ended_at is null;
comment on view supacron.open_alert is 'The alerts that are open.';
