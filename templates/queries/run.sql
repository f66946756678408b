select id, outcome, status_code, error, queued_at, sent_at, seen_at from supacron.run where id = %(run)s;
