select p.secret, p.every_ms, p.sent_at, p.seen_at, p.status_code, p.error from supacron.ping p where p.stack = %(stack)s;
