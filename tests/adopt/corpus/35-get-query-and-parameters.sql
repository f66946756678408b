--: call
select net.http_get(url := '@URL@/api/@JOB@?limit=1000&conc=15', params := '{"zone": "Ä/ö", "b": "~x_-."}'::jsonb)
