--: refuse: takes no look-up
do $$ begin raise notice 'calling with @SERVICE@'; perform net.http_post('@URL@/functions/v1/@JOB@'); end $$;
