select a.name from supacron.open_alert a where a.stack = %(stack)s order by a.since, a.name;
