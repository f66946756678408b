select supacron.try_key(%(stack)s, %(job)s, %(secret)s, %(key_name)s)
