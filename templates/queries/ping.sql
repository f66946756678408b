select to_jsonb(p), p.applied from supacron.ping p where p.stack = %(stack)s;
