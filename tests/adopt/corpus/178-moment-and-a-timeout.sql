--: sql: the body
--: seen in diggerhq/digger ee/drift/scripts/cron/notifications.sql
                select
      net.http_post(
          url:='@URL@/internal/@JOB@',
          headers:=jsonb_build_object('Content-Type','application/json', 'Authorization', 'Bearer ' || '@OPAQUE@'),
          body:=jsonb_build_object('time', now() ),
          timeout_milliseconds:=4000
      ) as request_id;
