--: call
--: seen in rickscode/Solana-Whale-Tracker supabase/schedule.sql
    select net.http_post(
        url     := '@URL@/functions/v1/@JOB@',
        headers := jsonb_build_object(
            'Content-Type',  'application/json',
            'Authorization', '@OPAQUE@'
        ),
        timeout_milliseconds := 4000
    );
