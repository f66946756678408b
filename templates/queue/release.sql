update supacron_queue.installation set released = true, updated_at = now();
