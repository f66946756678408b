select supacron.collect_posts();
