select supacron.finish_rotation(%(vault_name)s, %(id)s::uuid, %(milliseconds)s * interval '1 millisecond')
