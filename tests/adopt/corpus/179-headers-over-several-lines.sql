--: call
--: seen in burggraf/supametrics set_cron.sql
	    -- SQL query
	    SELECT net.http_get(
		-- URL of the function
		url:='@URL@/@JOB@',
		headers:='{
		    "Content-Type": "application/json",
		    "Authorization": "Bearer @ANON@"
		}'::JSONB
	    ) as request_id;
