--: call
select net.http_post('@URL@/functions/v1/@JOB@', '{"big": 9007199254740993, "neg": -4, "deep": {"list": [null, true, {"x": []}]}, "empty": {}}'::jsonb)
