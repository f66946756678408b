select
    z.name,
    array(
        select distinct (extract(epoch from w.week at time zone z.name - w.week at time zone 'UTC') / 60)::integer
        from generate_series(now(), now() + interval '2 years', interval '7 days') w (week)
    )
from pg_timezone_names z
where z.name = any(%(names)s);
