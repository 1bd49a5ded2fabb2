INSERT INTO notification_numbers ("key", used) VALUES
(1, 3);

INSERT INTO notifications (host_key, number, type, subject, data) VALUES
(1, 12, 1, '', '{"ID":"00000003-0000-4000-8000-000000000003"}'),
(1, 13, 2, '', '{"ID":"00000003-0000-4000-8000-000000000003"}');

UPDATE hosts SET last_notification = 13 WHERE name = 'default';
