select q.id, q.status from public.priority_queue q where q.id = any(%(ids)s::bigint[]);
