--: call
select "net"."http_post"("url" := '@URL@/functions/v1/@JOB@', "body" := '{"q": 1}'::"jsonb");
