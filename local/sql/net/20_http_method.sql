create domain net.http_method as text
check (upper(value) in ('GET', 'POST', 'DELETE'));
