select supacron.test_alert(%(stack)s, %(alert)s);
