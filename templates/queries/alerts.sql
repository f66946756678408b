select a.name, to_jsonb(a), a.applied from supacron.alert a where a.stack = %(stack)s;
