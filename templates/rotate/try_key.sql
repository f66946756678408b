select supacron.try_key(%(stack)s, %(job)s, %(key_name)s)
