select a.name from supacron.alert a where a.stack = %(stack)s order by a.name;
