select count(*) from net.http_request_queue;
