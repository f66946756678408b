--: call
SELECT
  NET.HTTP_POST( URL := '@URL@/functions/v1/@JOB@',
  HEADERS := JSONB_BUILD_OBJECT( 'Content-Type',
  'application/json',
  'Authorization',
  'Bearer @SERVICE@' ),
  BODY := '{}'::JSONB,
  TIMEOUT_MILLISECONDS := 4000 );
