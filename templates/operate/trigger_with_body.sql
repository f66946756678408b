select supacron.trigger_job(%(job)s, %(by)s, %(body)s);
