select unnest(public.requeue_failed(%(ids)s::bigint[], %(job_type)s, %(limit)s)) order by 1;
