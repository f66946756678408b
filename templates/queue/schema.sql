create schema if not exists supacron_queue;
comment on schema supacron_queue is
'supacron: the queue behind public.priority_queue. Made and changed by `pulumi up`; work with the functions in public.';
