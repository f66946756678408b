--: refuse: puts together itself
do $$ begin execute 'select net.http_post(''@URL@/functions/v1/@JOB@'', headers := ''{"Authorization": "Bearer @SERVICE@"}''::jsonb)'; end $$;
